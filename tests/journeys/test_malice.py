"""Thousands of hostile records on the topics of a running node: nobody dies, nobody stands still.

What becomes of each record is tried in ``tests/hostile``; here are the broker, the store and the
duties that go over what was kept.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from random import Random

import httpx
from aiokafka import AIOKafkaProducer

from shared.contracts.topics import topic
from shared.runtime.ports import Record
from tests.harness.members import Member
from tests.harness.world import World
from tests.hostile.records import hostile, streams, submission

MANY = int(os.environ.get("KENTONGAN_HOSTILE", "400"))
"""Records on each topic; `KENTONGAN_HOSTILE=20000` for a long night."""
LONGEST = 900_000
"""Bytes of a record; the bus refuses longer ones."""
PATIENCE = 240.0


def test_a_flood_of_hostile_records_stops_nobody(quoted: World) -> None:
    """Every topic is heard to its end, every process lives, and a report goes all the way."""
    world = quoted
    before = sum(member.figures()["heard"] for member in world.members)
    sent = asyncio.run(_flood(world))
    filed = world.citizen.file(category="jalan")
    world.wait(
        lambda: world.citizen.track(filed)["status"] == "in_progress", "its case is open", PATIENCE
    )
    answered = world.liaison("dinas-pupr").change(filed.complaint, "responses", text="Besok.")
    assert answered.status_code == 200, answered.text
    world.wait(
        lambda: world.citizen.track(filed)["status"] == "answered", "it is answered", PATIENCE
    )
    world.wait(lambda: not any(map(_behind, world.members)), "every record is heard", PATIENCE)
    assert sum(member.figures()["heard"] for member in world.members) - before > sent
    assert all(member.alive() and member.ready() for member in world.members)


async def _flood(world: World) -> int:
    """Put hostile records on every topic of histories, and on a publisher's; give how many."""
    producer = AIOKafkaProducer(
        bootstrap_servers=world.engines.broker.address, max_request_size=1 << 20
    )
    async with producer:
        waits = [
            await producer.send(each.topic, each.value, key=each.key, headers=list(each.headers))
            for each in _records(world)
            if len(each.value or b"") <= LONGEST and (each.key, each.value) != (None, None)
        ]
        await asyncio.gather(*waits)
    return len(waits)


def _records(world: World) -> Iterator[Record]:
    chance = Random(world.code)
    for stream in streams():
        for nth in range(MANY):
            record = hostile(stream, topic(world.code, stream.name), nth, chance)
            if record.key is not None:  # Kafka refuses one without on a compacted topic
                yield record
    for nth in range(MANY):
        yield submission(world.publisher().topic("submissions"), nth, chance)


def _behind(member: Member) -> bool:
    """Say whether a process has still to hear something."""
    lines = httpx.get(f"{member.url}/metrics", timeout=10).text.splitlines()
    lags = [line for line in lines if line.startswith("kentongan_lag_records")]
    assert lags, "it says how far behind it is"
    return any(float(line.rpartition(" ")[2]) for line in lags)
