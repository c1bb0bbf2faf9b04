"""Records that our client cannot decode: a hostile publisher's, or one ahead of us."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress

from aiokafka import TopicPartition
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import NotLeaderForPartitionError, for_code
from aiokafka.protocol.produce import ProduceRequest
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy as Builder

from deploy import topics
from deploy.engines.choose import Engines
from shared.contracts.topics import PUBLISHER_STREAMS
from shared.runtime.bus import Group, KafkaIn, Suspect
from shared.runtime.figures import Batches
from shared.runtime.ports import Record

SUBMISSIONS = PUBLISHER_STREAMS["submissions"]
PATIENCE = 60
UNLED = NotLeaderForPartitionError.errno
NOW = time.time_ns() // 1_000_000

Place = tuple[int, int]
"""Partition and offset."""


class _NotUtf8(str):
    """A header name whose bytes are no text."""

    __slots__ = ()

    def encode(self, *_: object) -> bytes:
        return b"\xff\xfe"


def _batch(*records: tuple[bytes, str]) -> bytes:
    """Write a batch as a producer would, of values and header names."""
    builder = _builder()
    for number, (value, header) in enumerate(records):
        assert builder.append(number, NOW, b"key", value, [(header, b"1")])
    return bytes(builder.build())


def _builder() -> Builder:
    return Builder(
        magic=2,
        compression_type=0,
        is_transactional=0,
        producer_id=-1,
        producer_epoch=-1,
        base_sequence=-1,
        batch_size=1 << 20,
    )


GOOD = _batch((b"good", "ce_id"), (b"good", "ce_id"))
BAD = _batch((b"bad", _NotUtf8("x")))
BETWEEN = _batch((b"good", "ce_id"), (b"bad", _NotUtf8("x")), (b"good", "ce_id"))


async def _send(address: str, topic: str, batches: Iterable[tuple[int, bytes]]) -> None:
    client = AIOKafkaClient(bootstrap_servers=address)
    await client.bootstrap()
    try:
        await client.set_topics([topic])
        for partition, batch in batches:
            request = ProduceRequest(None, -1, 10_000, [(topic, [(partition, batch)])])
            code = UNLED
            async with asyncio.timeout(PATIENCE):
                while code == UNLED:
                    await client.force_metadata_update()
                    leader = client.cluster.leader_for_partition(TopicPartition(topic, partition))
                    if leader is not None:
                        answer = await client.send(leader, request)
                        code = answer.topics[0][1][0][1]
            assert code == 0, for_code(code)
    finally:
        await client.close()


class _Listener:
    """A process's consumer, and what it was handed."""

    def __init__(self, engines: Engines, topic: str) -> None:
        self.good: Counter[Place] = Counter()
        self.bad: dict[Place, str] = {}
        self._stirred = asyncio.Event()
        group = Group(f"{topic}.readers", [topic], 50, 0)
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
    await _send(address, topic, [*beside, (0, GOOD), (0, BETWEEN), (0, BAD), (0, BAD), (0, GOOD)])
    good = {(partition, offset) for partition, _ in beside for offset in (0, 1)}
    good |= {(0, offset) for offset in (0, 1, 2, 4, 7, 8)}
    bad = {(0, offset) for offset in (3, 5, 6)}
    async with _listening(engines, topic) as listener:
        await listener.heard(good, bad)
        assert all("'utf-8' codec" in reason for reason in listener.bad.values())
        await _send(address, topic, [(0, GOOD), *beside])
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


async def test_what_was_reported_is_not_heard_again(engines: Engines) -> None:
    """Its offset is committed like any other: who takes over goes on behind it."""
    topic, address = await _made(engines), engines.broker.address
    await _send(address, topic, [(0, GOOD), (0, BAD)])
    async with _listening(engines, topic) as listener:
        await listener.heard({(0, 0), (0, 1)}, {(0, 2)})
    await _send(address, topic, [(0, GOOD)])
    async with _listening(engines, topic) as successor:
        await successor.heard({(0, 3), (0, 4)}, set())
