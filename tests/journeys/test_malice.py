"""Thousands of hostile records on the topics of a running node: nobody dies, nobody stands still.

What becomes of each record is tried in ``tests/hostile``; here are the broker, the store and the
duties that go over what was kept.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from random import Random

import httpx
from aiokafka import AIOKafkaProducer

from deploy import topics
from shared.contracts.topics import SERVICES, Stream, heard_by, topic
from shared.runtime.ports import Record
from tests.harness.members import Member
from tests.harness.promises import accepted
from tests.harness.publisher import Told
from tests.harness.waiting import until
from tests.harness.world import World
from tests.hostile.topics import made

LONGEST = 900_000
"""Bytes of a record; the bus refuses longer ones."""
PATIENCE = 240.0


def test_a_flood_of_hostile_records_stops_nobody(quoted: World, many: int) -> None:
    """Every topic is heard to its end, every process lives, and a report goes all the way."""
    world = quoted
    before = sum(member.figures()["heard"] for member in world.members)
    sent = asyncio.run(_flood(world, many))
    assert sent.keys() == _topics(world).keys(), "no topic of the register is left out"
    assert min(sent.values()) > many / 2
    filed = world.citizen.file(category="jalan")
    event = world.publisher().submit("after-the-flood")
    world.wait(
        lambda: world.citizen.track(filed)["status"] == "in_progress", "its case is open", PATIENCE
    )
    answered = world.liaison("dinas-pupr").change(filed.complaint, "responses", text="Besok.")
    assert answered.status_code == 200, answered.text
    world.wait(
        lambda: world.citizen.track(filed)["status"] == "answered", "it is answered", PATIENCE
    )
    world.wait(lambda: _receipts(world, event), "its record has a receipt", PATIENCE)
    world.accepted |= accepted(_receipts(world, event))
    world.wait(lambda: not any(map(_behind, world.members)), "every record is heard", PATIENCE)
    assert sum(member.figures()["heard"] for member in world.members) - before > _heard(world, sent)
    assert all(member.alive() and member.ready() for member in world.members)
    assert not any(map(_failed, world.members)), "no work of a process was begun anew"
    _nothing_is_stuck(world)


def _nothing_is_stuck(world: World) -> None:
    """What is good settles; what waits is listed with its reason; the audit reads it all."""
    until(lambda: _unsettled(world), patience=PATIENCE)
    listed = world.stores.quarantined()
    assert listed
    assert not [row for row in listed if row.endswith("(None)")]
    assert set(world.audit().report) >= {"clean", "findings"}


def _unsettled(world: World) -> list[str]:
    """Say what of the good ones is missing, and what is marked as under way and in no list."""
    views = world.stores.views()
    if views is None:
        return ["the store does not answer"]
    listed = world.stores.quarantined()
    return [
        *views.lacking(world.accepted),
        *(said for said in views.behind() if any(each in said for each in world.accepted)),
        *(
            f"{service} has marked {complaint}: {view.marks}"
            for service, known in views.of.items()
            for complaint, view in known.items()
            if view.marks and not any(f"{service} waiting: {complaint}" in row for row in listed)
        ),
    ]


def _receipts(world: World, event: str) -> list[Told]:
    """Find the receipt of a record among what is none."""
    found = world.publisher().raw("receipts")
    return [json.loads(value) for _, value in found if event.encode() in value]


async def _flood(world: World, many: int) -> dict[str, int]:
    """Put hostile records on every topic that the register names; give how many on each."""
    producer = AIOKafkaProducer(
        bootstrap_servers=world.engines.broker.address, max_request_size=1 << 20
    )
    sent: Counter[str] = Counter()
    async with producer:
        waits = []
        for each in _records(world, many):
            waits.append(
                await producer.send(
                    each.topic, each.value, key=each.key, headers=list(each.headers)
                )
            )
            sent[each.topic] += 1
        await asyncio.gather(*waits)
    return dict(sent)


def _records(world: World, many: int) -> Iterator[Record]:
    """Make those that a bus takes: short enough, and with a key where it compacts."""
    chance = Random(world.code)
    for where, stream in _topics(world).items():
        for nth in range(many):
            record = made(stream, where, nth, chance)
            if record.key is not None and len(record.value or b"") <= LONGEST:
                yield record


def _topics(world: World) -> Mapping[str, Stream]:
    return topics.wanted([world.code], [world.publisher_name])


def _heard(world: World, sent: Mapping[str, int]) -> int:
    """Count what services hear of what was sent, each topic as often as it has readers."""
    return sum(
        sent[where] * sum(where in _heard_topics(world, service) for service in SERVICES)
        for where in sent
    )


def _heard_topics(world: World, service: str) -> set[str]:
    heard = {topic(world.code, stream.name) for stream in heard_by(service)}
    return heard | ({world.publisher().topic("submissions")} if service == "intake" else set())


def _failed(member: Member) -> bool:
    """Say whether something that a process does again and again has failed."""
    return "task_failed" in member.log.read_text("utf-8", errors="replace")


def _behind(member: Member) -> bool:
    """Say whether a process has still to hear something."""
    lines = httpx.get(f"{member.url}/metrics", timeout=10).text.splitlines()
    lags = [line for line in lines if line.startswith("kentongan_lag_records")]
    assert lags, "it says how far behind it is"
    return any(float(line.rpartition(" ")[2]) for line in lags)
