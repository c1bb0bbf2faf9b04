"""Committing how far was heard."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition

EVERY = 0.5
"""Seconds between two commits."""
PATIENCE = 10
"""Seconds a commit may take; a stop or a rebalance waits as long for the last one."""

log = logging.getLogger(__name__)


class Commits:
    """Commits offsets at leisure: they only say where redelivery begins.

    What comes again because a process died before it committed is heard as a repeat.
    """

    def __init__(self, consumer: Callable[[], AIOKafkaConsumer | None]) -> None:
        """Commit for a consumer."""
        self._consumer = consumer
        self._ends: dict[TopicPartition, int] = {}
        self._bell = asyncio.Event()

    def note(self, ends: Mapping[TopicPartition, int]) -> None:
        """Take the ends of what was heard, written and told."""
        self._ends.update(ends)
        self._bell.set()

    def forget(self) -> None:
        """Commit nothing of what was noted: its partitions were dealt anew."""
        self._ends.clear()

    async def serve(self) -> None:
        """Commit now and then, until cancelled."""
        while True:
            await self._bell.wait()
            await asyncio.sleep(EVERY)
            await self.commit()

    async def commit(self) -> None:
        """Commit what was noted; what fails is tried again at the next."""
        self._bell.clear()
        noted, self._ends = self._ends, {}
        consumer = self._consumer()
        if consumer is None or _expelled(consumer):
            return
        # Whoever owns the others now hears them again.
        ours = {part: end for part, end in noted.items() if part in consumer.assignment()}
        if not ours:
            return
        try:
            async with asyncio.timeout(PATIENCE):
                await consumer.commit(ours)
        except Exception as failed:  # noqa: BLE001 - tried again with the next
            log.warning("commit_failed", extra={"reason": type(failed).__name__})
            self.note({**ours, **self._ends})
        except asyncio.CancelledError:
            self.note({**ours, **self._ends})
            raise


def _expelled(consumer: AIOKafkaConsumer) -> bool:
    """Say whether the group gave this member up.

    The client would then commit in nobody's name, and the bus takes that while the group is empty:
    past what an owner in between, dead by now, wrote and did not tell.
    """
    group = consumer._coordinator  # noqa: SLF001 - nothing where the client never started
    return group is None or group.generation < 0
