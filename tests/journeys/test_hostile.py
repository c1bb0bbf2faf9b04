"""Records that our client cannot decode: a hostile publisher's, or one ahead of us."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from deploy import topics
from deploy.engines.choose import Engines
from shared.contracts.topics import PUBLISHER_STREAMS
from shared.runtime.bus import Group, KafkaIn, Suspect
from shared.runtime.bus.producer import LONGEST_MESSAGE
from shared.runtime.figures import Batches
from shared.runtime.ports import Record
from tests.harness.raw import BAD, NOT_UTF8, batch, batch_of, send

SUBMISSIONS = PUBLISHER_STREAMS["submissions"]
PATIENCE = 60

Place = tuple[int, int]
"""Partition and offset."""

GOOD = batch((b"good", "ce_id"), (b"good", "ce_id"))
BETWEEN = batch((b"good", "ce_id"), (b"bad", NOT_UTF8), (b"good", "ce_id"))


class _Listener:
    """A process's consumer, and what it was handed."""

    def __init__(self, engines: Engines, topic: str) -> None:
        self.good: Counter[Place] = Counter()
        self.bad: dict[Place, str] = {}
        self._stirred = asyncio.Event()
        group = Group(f"{topic}.readers", [topic], [topic], 50, 0)
        broker = engines.broker
        self.hearing = KafkaIn(broker.address, broker.profile, group, self._hear, Batches())

    async def _hear(self, records: Sequence[Record], _: Suspect) -> None:
        for record in records:
            place = (record.partition, record.offset)
            if record.fault:
                self.bad[place] = record.fault
            else:
                assert record.value == b"good"
                self.good[place] += 1
        self._stirred.set()

    async def heard(self, good: set[Place], bad: set[Place]) -> None:
        """Wait until these were heard and reported, each good one once."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while not (good <= self.good.keys() and bad <= self.bad.keys()):
                    self._stirred.clear()
                    await self._stirred.wait()
        assert self.good == dict.fromkeys(good, 1)
        assert self.bad.keys() == bad


@asynccontextmanager
async def _listening(engines: Engines, topic: str) -> AsyncIterator[_Listener]:
    listener = _Listener(engines, topic)
    await listener.hearing.start()
    try:
        yield listener
    finally:
        await listener.hearing.stop()


async def _made(engines: Engines) -> str:
    topic = f"hostile-{uuid.uuid4().hex}"
    await topics.create(engines.broker.address, {topic: SUBMISSIONS})
    return topic


async def test_a_record_that_cannot_be_decoded_is_reported_and_costs_no_other(
    engines: Engines,
) -> None:
    """Those before, after and beside it are heard once each, and so is what comes later."""
    topic, address = await _made(engines), engines.broker.address
    beside = [(partition, GOOD) for partition in range(1, SUBMISSIONS.partitions)]
    await send(address, topic, [*beside, (0, GOOD), (0, BETWEEN), (0, BAD), (0, BAD), (0, GOOD)])
    good = {(partition, offset) for partition, _ in beside for offset in (0, 1)}
    good |= {(0, offset) for offset in (0, 1, 2, 4, 7, 8)}
    bad = {(0, offset) for offset in (3, 5, 6)}
    async with _listening(engines, topic) as listener:
        await listener.heard(good, bad)
        assert all("'utf-8' codec" in reason for reason in listener.bad.values())
        await send(address, topic, [(0, GOOD), *beside])
        good |= {
            (0, 9),
            (0, 10),
            *((partition, offset + 2) for partition, offset in good if partition),
        }
        await listener.heard(good, bad)
        assert listener.hearing.trouble is None
        consumer = listener.hearing.consumer
        assert consumer is not None
        assert consumer._subscription._fetch_count <= 1, "liveness is still watched"


async def test_batches_as_large_as_a_message_may_be_are_heard_whole(engines: Engines) -> None:
    """A publisher may send a megabyte at once, to every partition; small ones beside it pass."""
    topic, address = await _made(engines), engines.broker.address
    padding = [("padding", b"x" * (LONGEST_MESSAGE // 5 - 200))]
    large = batch_of(*((b"key", b"good", padding) for _ in range(5)))
    assert LONGEST_MESSAGE * 0.99 < len(large) < LONGEST_MESSAGE
    everywhere = [(partition, large) for partition in range(SUBMISSIONS.partitions)]
    await send(address, topic, [*everywhere, (0, GOOD), *everywhere, (1, GOOD)])
    counts = {0: 12, 1: 12, 2: 10}
    good = {(partition, offset) for partition, count in counts.items() for offset in range(count)}
    async with _listening(engines, topic) as listener:
        await listener.heard(good, set())


async def test_what_was_reported_is_not_heard_again(engines: Engines) -> None:
    """Its offset is committed like any other: who takes over goes on behind it."""
    topic, address = await _made(engines), engines.broker.address
    await send(address, topic, [(0, GOOD), (0, BAD)])
    async with _listening(engines, topic) as listener:
        await listener.heard({(0, 0), (0, 1)}, {(0, 2)})
    await send(address, topic, [(0, GOOD)])
    async with _listening(engines, topic) as successor:
        await successor.heard({(0, 3), (0, 4)}, set())
