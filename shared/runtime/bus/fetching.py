"""Fetching records so that one that cannot be decoded costs no other.

The client decodes while it drains. What it drained from other partitions in the same call is lost
to us when it raises, though their positions have moved on; so no call here drains two partitions.
A partition on which it raises is fetched again by ourselves, and decoded record by record.
"""

from __future__ import annotations

import asyncio
import logging
from traceback import walk_tb
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.consumer.fetcher import PartitionRecords
from aiokafka.errors import ConsumerStoppedError, for_code
from aiokafka.protocol.fetch import FetchRequest

from shared.runtime.bus.salvage import salvaged
from shared.runtime.ports import Record

POLL_MS = 365 * 24 * 3600 * 1000
"""A poll ends when there is something."""
LOOK_MS = 2_000
"""How long the bus may keep a question open while it has nothing new, and how often the consumer
looks around meanwhile. What is asked on the same connection waits as long at most."""
PAUSE = 5.0
"""Seconds until the bus is asked again after an error that is not a record's."""
MOST_BYTES = 1024 * 1024
"""What is fetched again at once; the bus gives at least one whole batch."""

log = logging.getLogger(__name__)


class Fetching:
    """Fetches for one consumer; names the records that cannot be decoded, and goes on."""

    def __init__(self, most: int) -> None:
        """Give so many records at once."""
        self._most = most
        self._broken: set[TopicPartition] = set()
        self.trouble: str | None = None
        """Which error keeps this process from hearing anything now."""

    async def fetch(self, consumer: AIOKafkaConsumer) -> tuple[Record, ...]:
        """Wait until there is something; nothing after an error. Raises ConsumerStoppedError."""
        try:
            found = await self._salvage(consumer) or await self._round(consumer)
        except ConsumerStoppedError:
            raise
        except Exception as failed:
            log.exception("fetch_failed")
            self.trouble = type(failed).__name__
            await asyncio.sleep(PAUSE)
            return ()
        self.trouble = None
        return tuple(found)

    async def _round(self, consumer: AIOKafkaConsumer) -> list[Record]:
        found = await self._ask(consumer, 1, LOOK_MS if self.trouble else POLL_MS)
        # From here on nothing waits, so no rebalance comes in between.
        first = {TopicPartition(record.topic, record.partition) for record in found}
        for part in (*first, *(consumer.assignment() - first)):
            if len(found) < self._most:
                found += await self._ask(consumer, self._most - len(found), 0, part)
        return found

    async def _ask(
        self, consumer: AIOKafkaConsumer, most: int, wait: int, *parts: TopicPartition
    ) -> list[Record]:
        """Drain one partition, or one record of any; ``wait`` is in milliseconds."""
        try:
            drained = await consumer.getmany(*parts, timeout_ms=wait, max_records=most)
        except Exception as failed:
            # The client would count this fetch as one that never ends, and never look again
            # whether this process still takes what it owns.
            consumer._subscription._fetch_count = 0  # noqa: SLF001
            part = _undecoded(failed)
            if part is None:
                raise
            self._broken.add(part)
            return []
        return [
            Record(r.topic, r.partition, r.offset, r.key, r.headers, r.value, r.timestamp)
            for records in drained.values()
            for r in records
        ]

    async def _salvage(self, consumer: AIOKafkaConsumer) -> list[Record]:
        """Give what a partition has where the client raised; its position did not move there."""
        found: list[Record] = []
        while self._broken and not found:
            part = next(iter(self._broken))
            if part in consumer.assignment():
                position = await consumer.position(part)
                data = await _fetched(consumer._client, part, position)  # noqa: SLF001
                if part not in consumer.assignment() or await consumer.position(part) != position:
                    continue  # a rebalance came in between
                found, onward = salvaged(part, data, position, self._most)
                consumer.seek(part, onward)
            self._broken.discard(part)
        for record in found:
            if record.fault:
                place = {name: getattr(record, name) for name in ("topic", "partition", "offset")}
                log.warning("record_undecodable", extra=place)
        return found


async def _fetched(client: Any, part: TopicPartition, position: int) -> bytes:
    """Fetch the bytes of a partition from a position on. Raises KafkaError."""
    wanted = (part.topic, [(part.partition, position, MOST_BYTES)])
    request = FetchRequest(LOOK_MS, 1, MOST_BYTES, 0, [wanted], rack_id="")
    answer = await client.send(client.cluster.leader_for_partition(part), request)
    _, code, *_, data = answer.topics[0][1][0]
    if code:
        raise for_code(code)(part)
    return bytes(data)


def _undecoded(failed: Exception) -> TopicPartition | None:
    """Find the partition that was being decoded; None where the error is another."""
    for frame, _ in walk_tb(failed.__traceback__):
        if frame.f_code is PartitionRecords._unpack_records.__code__:  # noqa: SLF001
            return frame.f_locals["self"]._tp  # noqa: SLF001
    return None
