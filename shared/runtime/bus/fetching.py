"""Fetching records so that one that cannot be decoded costs no other.

No call here drains two partitions: ``draining`` says why.
"""

from __future__ import annotations

import asyncio
import logging
import time
from math import ceil
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import ConsumerStoppedError

from shared.runtime.bus.draining import read, salvage, undecoded
from shared.runtime.bus.leisure import Leisure
from shared.runtime.bus.sharing import Sharing
from shared.runtime.ports import Record

POLL_MS = 365 * 24 * 3600 * 1000
"""A poll ends when there is something."""
LOOK_MS = 2_000
"""How long the bus may keep a question open while it has nothing new, and how often the consumer
looks around meanwhile. What is asked on the same connection waits as long at most."""
MEANWHILE_MS = 25
"""How long what is due waits at most for the answer that brings what came in meanwhile."""
STALE = 1.0
"""Seconds for which the client may keep what a batch had no room for: meanwhile it asks for nothing
else, and what is new elsewhere waits behind a flood's whole answer (decision 0051)."""
PAUSE = 5.0
"""Seconds until the bus is asked again after an error that is not a record's."""

log = logging.getLogger(__name__)


def free(answer: Any) -> None:
    """Give back the memory of an answer that is let go half read.

    The client's iterator and what it goes over hold each other: the megabyte between them would
    wait for the collector, which comes seldom, with all those after it.
    """
    records = getattr(answer, "_partition_records", None)
    if records is not None:
        records._records_iterator = None  # noqa: SLF001


class Fetching:
    """Fetches for one consumer; names the records that cannot be decoded, and goes on."""

    def __init__(self, leisure: Leisure) -> None:
        """Give as many records at once as make a batch, and keep back what nobody waits for."""
        self._leisure = leisure
        self._sharing = Sharing()
        self._asked = time.monotonic()
        self._broken: set[TopicPartition] = set()
        self.trouble: str | None = None
        """Which error keeps this process from hearing anything now."""
        self.ended = False
        """Whether no more is to be given, since this process stops."""

    async def fetch(self, consumer: AIOKafkaConsumer) -> tuple[Record, ...]:
        """Wait until something is due, and give it; an error may come instead.

        What was fetched before the error is kept, so it is heard all the same. Raises
        ConsumerStoppedError.
        """
        try:
            if self.ended:
                raise ConsumerStoppedError  # noqa: TRY301 - as the client itself says it
            if found := await self._salvage(consumer):
                self._leisure.keep(found, time.monotonic())
            else:
                await self._round(consumer)
            self.trouble = None
        except ConsumerStoppedError:
            raise
        except Exception as failed:
            log.exception("fetch_failed")
            self.trouble = type(failed).__name__
            await asyncio.sleep(PAUSE)
        return tuple(self._leisure.due(time.monotonic()))

    async def _round(self, consumer: AIOKafkaConsumer) -> None:
        """Hear first what the client keeps, then ask the bus for all partitions at once.

        While it keeps something, it would ask for the other partitions alone, and the bus may keep
        that question open for long; what has most is asked for last. So partitions are paused, but
        for those that are heard, or all while all are asked for.
        """
        kept = consumer._fetcher._records  # noqa: SLF001
        room = self._leisure.room
        if kept and time.monotonic() - self._asked < STALE:
            await self._hear(consumer)
            if self._leisure.room < room:
                return
        await self._ask_all(consumer)

    async def _hear(self, consumer: AIOKafkaConsumer) -> None:
        """Keep what lies ready, partition by partition, as far as there is room."""
        kept = consumer._fetcher._records  # noqa: SLF001
        consumer.resume(*kept.keys() & consumer.assignment())
        try:
            for part, most in self._sharing.turns(kept, lambda: self._leisure.room):
                await self._take(consumer, most, 0, part)
        finally:
            consumer.pause(*consumer.assignment())

    async def _ask_all(self, consumer: AIOKafkaConsumer) -> None:
        wait = LOOK_MS if self.trouble else POLL_MS
        due = self._leisure.wait(time.monotonic())
        if due is not None and self._leisure.awaited:
            wait = max(MEANWHILE_MS, ceil(due * 1000))
        elif due is not None:
            # Nothing can come that is heard before: let the bus collect it, and ask once.
            await asyncio.sleep(due)
            wait = MEANWHILE_MS
        consumer.resume(*consumer.paused())
        try:
            await self._let_go(consumer)
            await self._take(consumer, 1, wait)
        finally:
            consumer.pause(*consumer.assignment())
        self._asked = time.monotonic()
        # That was one record. The rest of the answer lies ready, by partition.
        await self._hear(consumer)

    async def _let_go(self, consumer: AIOKafkaConsumer) -> None:
        """Have everything asked for again, once the client has kept something for too long."""
        for part in list(consumer._fetcher._records):  # noqa: SLF001
            if part in consumer.assignment():
                at, answer = await consumer.position(part), consumer._fetcher._records.get(part)  # noqa: SLF001
                consumer.seek(part, at)
                free(answer)

    async def _take(
        self, consumer: AIOKafkaConsumer, most: int, wait: int, *parts: TopicPartition
    ) -> None:
        """Keep what was drained at once: its position has moved on, and the next may raise."""
        self._leisure.keep(await self._ask(consumer, most, wait, *parts), time.monotonic())

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
            part = undecoded(failed)
            if part is None:
                raise
            self._broken.add(part)
            return []
        return read(drained)

    async def _salvage(self, consumer: AIOKafkaConsumer) -> list[Record]:
        """Give what a partition has where the client raised; its position did not move there."""
        while self._broken:
            part = next(iter(self._broken))
            found: list[Record] | None = []
            if part in consumer.assignment():
                found = await salvage(consumer, part, self._leisure.room)
            if found is None:
                continue  # a rebalance came in between
            self._broken.discard(part)
            if found:
                return found
        return []
