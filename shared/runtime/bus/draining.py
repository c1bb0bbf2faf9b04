"""Reading a bus so that one record that cannot be decoded costs no other.

The client decodes while it drains. What it drained from other partitions in the same call is lost
to us when it raises, though their positions have moved on; so no call here drains two partitions.
A partition on which it raises is fetched again by ourselves, and decoded record by record.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Mapping
from traceback import walk_tb
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.consumer.fetcher import PartitionRecords
from aiokafka.errors import KafkaError, for_code
from aiokafka.protocol.fetch import FetchRequest

from shared.runtime.bus.salvage import salvaged
from shared.runtime.ports import Record

TOGETHER = 500
"""Records of one page of a topic."""
WAIT_MS = 500
MOST_BYTES = 1024 * 1024
"""What is fetched again at once; the bus gives at least one whole batch."""

log = logging.getLogger(__name__)


class TopicMissing(KafkaError):  # type: ignore[misc]  # aiokafka has no types
    """The bus has no topic of this name."""


async def whole(address: str, topics: Mapping[str, int]) -> AsyncIterator[list[Record]]:
    """Give what topics carry now, from their beginnings on, each named with its partitions.

    A page is of one partition, in the order of its log; a record that cannot be decoded has a
    ``fault``. Raises KafkaError, of which one is TopicMissing.
    """
    consumer = AIOKafkaConsumer(bootstrap_servers=address, auto_offset_reset="earliest")
    try:
        await consumer.start()
        there = await consumer.topics()
        for name in topics:
            if name not in there:
                raise TopicMissing(name)
        parts = [
            TopicPartition(name, nth) for name, count in topics.items() for nth in range(count)
        ]
        consumer.assign(parts)
        ends = await consumer.end_offsets(parts)
        await consumer.seek_to_beginning(*parts)
        for part in parts:
            while await consumer.position(part) < ends[part]:
                if page := await drain(consumer, TOGETHER, WAIT_MS, part):
                    yield page
    finally:
        await consumer.stop()


async def drain(
    consumer: AIOKafkaConsumer, most: int, wait: int, *parts: TopicPartition
) -> list[Record]:
    """Drain a partition that is assigned by hand; name one, or let ``most`` be 1.

    Draining several at once could lose records, as this module says.

    ``wait`` is in milliseconds. A record that cannot be decoded has a ``fault``. Raises KafkaError.
    """
    try:
        return read(await consumer.getmany(*parts, timeout_ms=wait, max_records=most))
    except Exception as failed:
        part = undecoded(failed)
        if part is None:
            raise
        return await salvage(consumer, part, most) or []


def read(drained: Mapping[TopicPartition, Any]) -> list[Record]:
    """Read what the client drained."""
    return [
        Record(r.topic, r.partition, r.offset, r.key, r.headers, r.value, r.timestamp)
        for records in drained.values()
        for r in records
    ]


async def salvage(
    consumer: AIOKafkaConsumer, part: TopicPartition, most: int
) -> list[Record] | None:
    """Give what a partition has where the client raised; its position did not move there.

    Nothing where there is no whole record yet; None where a rebalance came in between. Raises
    KafkaError.
    """
    position = await consumer.position(part)
    data = await _fetched(consumer._client, part, position)  # noqa: SLF001
    if part not in consumer.assignment() or await consumer.position(part) != position:
        return None
    found, onward = salvaged(part, data, position, most)
    consumer.seek(part, onward)
    for record in found:
        if record.fault:
            place = {name: getattr(record, name) for name in ("topic", "partition", "offset")}
            log.warning("record_undecodable", extra=place)
    return found


def undecoded(failed: Exception) -> TopicPartition | None:
    """Find the partition that was being decoded; None where the error is another."""
    for frame, _ in walk_tb(failed.__traceback__):
        if frame.f_code is PartitionRecords._unpack_records.__code__:  # noqa: SLF001
            return frame.f_locals["self"]._tp  # noqa: SLF001
    return None


async def _fetched(client: Any, part: TopicPartition, position: int) -> bytes:
    """Fetch the bytes of a partition from a position on. Raises KafkaError."""
    wanted = (part.topic, [(part.partition, position, MOST_BYTES)])
    request = FetchRequest(WAIT_MS, 1, MOST_BYTES, 0, [wanted], rack_id="")
    answer = await client.send(client.cluster.leader_for_partition(part), request)
    _, code, *_, data = answer.topics[0][1][0]
    if code:
        raise for_code(code)(part)
    return bytes(data)
