"""Batches as no client of ours writes them, sent to a bus as they are."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence

from aiokafka import TopicPartition
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import NotLeaderForPartitionError, for_code
from aiokafka.protocol.produce import ProduceRequest
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy as Builder

PATIENCE = 60
UNLED = NotLeaderForPartitionError.errno
NOW = time.time_ns() // 1_000_000

Headers = Sequence[tuple[str, bytes | None]]


class _NotUtf8(str):
    """A header name whose bytes are no text."""

    __slots__ = ()

    def encode(self, *_: object) -> bytes:
        return b"\xff\xfe"


NOT_UTF8 = _NotUtf8("x")


def batch(*records: tuple[bytes, str]) -> bytes:
    """Write a batch as a producer would, of values and header names."""
    return batch_of(*((b"key", value, [(header, b"1")]) for value, header in records))


def batch_of(*records: tuple[bytes, bytes | None, Headers]) -> bytes:
    """Write a batch of keys, values and headers."""
    written = Builder(
        magic=2,
        compression_type=0,
        is_transactional=0,
        producer_id=-1,
        producer_epoch=-1,
        base_sequence=-1,
        batch_size=1 << 20,
    )
    for number, (key, value, headers) in enumerate(records):
        assert written.append(number, NOW, key, value, list(headers))
    return bytes(written.build())


BAD = batch((b"bad", NOT_UTF8))
"""One record that our client cannot decode."""


async def send(address: str, topic: str, batches: Iterable[tuple[int, bytes]]) -> None:
    """Send batches, each to a partition."""
    client = AIOKafkaClient(bootstrap_servers=address)
    await client.bootstrap()
    try:
        await client.set_topics([topic])
        for partition, written in batches:
            request = ProduceRequest(None, -1, 10_000, [(topic, [(partition, written)])])
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
