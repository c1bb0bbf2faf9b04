"""A window whose older count lands on the bus behind a newer one, as a slow process has it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import orjson
from aiokafka import AIOKafkaProducer

from shared.contracts.fact import Pair
from shared.contracts.topics import STREAMS, topic
from shared.runtime.bus.draining import whole
from shared.runtime.ports import Record
from tests.harness.audit import audit
from tests.harness.waiting import until
from tests.harness.world import World

ROWS = {"received", "performance"}
"""What windows of the first complaint begin with: those of its day, and its rows."""


def test_an_older_count_behind_a_newer_one_is_named_and_mended(world: World) -> None:
    """The audit says which windows, has metrics tell them again, and finds nothing more."""
    world.citizen.file()
    world.settle()
    until(lambda: None if (ROWS & _kinds(world)) == ROWS else "rows and days on the bus")
    earlier = _last(world)
    world.citizen.file()
    world.prove()
    changed = {
        key: said
        for key, said in _last(world).items()
        if key in earlier and _counted(earlier[key]) != _counted(said)
    }
    assert {key.partition("|")[0] for key in changed} >= ROWS
    asyncio.run(_send(world, [earlier[key] for key in changed]))
    assert {key: _counted(_last(world)[key]) for key in changed} == {
        key: _counted(earlier[key]) for key in changed
    }
    audited = world.audit()
    assert not audited.clean
    assert audited.late_on_the_bus == len(changed)
    sentences = [each["sentence"].partition(", at ")[0] for each in audited.report["listed"]]
    assert {each for each in sentences if each.startswith("metrics carries")} == {
        f"metrics carries {key} as counted at {_pair(earlier[key])} and its store has another count"
        for key in changed
    }

    assert audit(world.node, mend=True).report["mended"] == len(changed)
    until(lambda: [key for key in changed if _counted(_last(world)[key]) != _counted(changed[key])])
    assert all(_pair(_last(world)[key]) > _pair(said) for key, said in changed.items())
    world.prove()


def _kinds(world: World) -> set[str]:
    """Give what windows on the bus begin with."""
    return {key.partition("|")[0] for key in _last(world)}


def _last(world: World) -> Mapping[str, Record]:
    """Give what a compacted topic would keep of each window."""
    return asyncio.run(_read(world))


async def _read(world: World) -> dict[str, Record]:
    name = topic(world.code, "metrics")
    pages = whole(world.engines.broker.address, {name: STREAMS["metrics"].partitions})
    return {
        (each.key or b"").decode(): each
        async for page in pages
        for each in page
        if dict(each.headers)["ce_type"] in (b"cell.counted.v1", b"performance.counted.v1")
    }


async def _send(world: World, records: list[Record]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=world.engines.broker.address)
    await producer.start()
    try:
        for each in records:
            await producer.send_and_wait(
                each.topic, each.value, key=each.key, headers=list(each.headers)
            )
    finally:
        await producer.stop()


def _counted(record: Record) -> dict[str, object]:
    said = orjson.loads(record.value or b"")
    return {name: value for name, value in said.items() if name not in ("epoch", "version")}


def _pair(record: Record) -> Pair:
    said = orjson.loads(record.value or b"")
    return Pair(said["epoch"], said["version"])
