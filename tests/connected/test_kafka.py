"""What happens on Kafka and on no broker in memory: a log that stays, groups that rebalance."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from aiokafka import TopicPartition
from confluent_kafka.admin import AdminClient

from deploy import topics
from deploy.engines.choose import Engines
from shared.contracts.topics import SERVICES, STREAMS
from shared.runtime.bus import KafkaOut
from shared.runtime.ports import Message
from tests.harness.faults import more, nothing_is_lost
from tests.harness.members import together
from tests.harness.traffic import Traffic
from tests.harness.world import World

pytestmark = [pytest.mark.connected, pytest.mark.slow, pytest.mark.usefixtures("demanded")]
RATE = 8.0


def test_a_stopped_broker_keeps_its_log(quoted: World, breakable: Engines) -> None:
    """Back with its log, the broker is the same one: nobody tells everything again."""
    world = quoted
    with Traffic(world, rate=RATE) as traffic:
        more(world, traffic)
        world.wait(lambda: all(_noted(world)), "every service has noted its bus")
        noted = _noted(world)
        breakable.broker.stop()
        filed = world.citizen.file()
        assert world.citizen.track(filed)["status"] == "received"
        breakable.broker.start()
        more(world, traffic)
    nothing_is_lost(world, traffic)
    assert _noted(world) == noted


async def test_a_gap_in_the_numbers_of_an_idempotent_producer_is_left_behind(
    engines: Engines,
) -> None:
    """What the broker would refuse for ever goes out with a new producer."""
    name = f"gap-{uuid.uuid4().hex}"
    await topics.create(engines.broker.address, {name: STREAMS["beats"]})
    out = KafkaOut(engines.broker.address, "real")
    await out.start()
    try:
        message = Message(name, b"key", [], b"{}")
        assert not await out.send([message])
        assert out._producer is not None
        out._producer._txn_manager.increment_sequence_number(TopicPartition(name, 0), 3)
        assert list(await out.send([message])) == [message]
        assert not await out.send([message])
    finally:
        await out.stop()


def test_a_rebalance_comes_in_mid_batch(quoted: World) -> None:
    """Processes join and leave under load, asked to or killed; no record is lost between owners."""
    world = quoted
    with Traffic(world, rate=RATE) as traffic:
        for leave in ("stop", "kill"):
            with _joined(world, leave):
                more(world, traffic)
            more(world, traffic)
    nothing_is_lost(world, traffic)


def test_a_consumer_sleeps_past_its_session(quoted: World) -> None:
    """Who wakes up after the others took over does no harm with what it still had in hand."""
    world = quoted
    with Traffic(world, rate=RATE) as traffic, _joined(world, "stop"):
        more(world, traffic)
        sleepers = [world.of(service)[0] for service in SERVICES]
        for member in sleepers:
            member.pause()
        try:
            world.wait(lambda: _members(world) == [1] * len(SERVICES), "the others took over")
        finally:
            for member in sleepers:
                member.resume()
        more(world, traffic)
    nothing_is_lost(world, traffic)


@contextmanager
def _joined(world: World, leave: str) -> Iterator[None]:
    """Have a further process of every service for a while."""
    further = [world.member(service, 2) for service in SERVICES]
    for member in further:
        world.join(member)
    try:
        yield
    finally:
        together([getattr(member, leave) for member in further])
        for member in further:
            world.leave(member)


def _members(world: World) -> list[int]:
    """Count the members of each service's group."""
    admin = AdminClient({"bootstrap.servers": world.engines.broker.address, "log_level": 0})
    found = admin.list_consumer_groups().result(20).valid
    names = [each.group_id for each in found or ()]
    counts = []
    for service in SERVICES:
        own = [name for name in names if name.startswith(f"kentongan.{world.code}.{service}.")]
        described = admin.describe_consumer_groups(own)
        counts.append(sum(len(group.result(20).members) for group in described.values()))
    return counts


def _noted(world: World) -> list[object]:
    """Give the bus that each service has told everything to."""
    return [world.stores.note(service, "bus").get("incarnation") for service in SERVICES]
