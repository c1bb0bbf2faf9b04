"""A flood on one topic slows only that topic: measured by order, not by time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.structs import ConsumerRecord

from shared.runtime.bus.fetching import Fetching
from shared.runtime.bus.leisure import Leisure

FLOOD = [TopicPartition("kentongan.ext.flood.submissions.v1", number) for number in range(3)]
QUIET = [TopicPartition(f"kentongan.ext.quiet-{n}.submissions.v1", 0) for n in range(4)]


class Client:
    """A consumer that has fetched what lies ready, by partition, and gives it in that order."""

    def __init__(self, ready: Mapping[TopicPartition, int]) -> None:
        self.ready = {part: list(range(count)) for part, count in ready.items()}
        self._fetcher = type("Fetcher", (), {"_records": self.ready})

    def assignment(self) -> set[TopicPartition]:
        return set()

    def paused(self) -> set[TopicPartition]:
        return set()

    def pause(self, *parts: TopicPartition) -> None:
        pass

    def resume(self, *parts: TopicPartition) -> None:
        pass

    async def getmany(self, *parts: TopicPartition, timeout_ms: int, max_records: int) -> Any:
        assert timeout_ms >= 0
        part = parts[0] if parts else next(iter(self.ready))
        waiting = self.ready[part]
        taken, waiting[:] = waiting[:max_records], waiting[max_records:]
        if not waiting:
            del self.ready[part]
        return {part: [ConsumerRecord(*part, nth, 0, 0, b"", b"", 0, 0, 0, ()) for nth in taken]}


async def batches(ready: Mapping[TopicPartition, int], most: int, count: int) -> list[list[str]]:
    """Fetch so many batches; give the topics of each one's records."""
    client = Client(ready)
    fetching = Fetching(Leisure([part.topic for part in ready], 0, most))
    return [[each.topic for each in await fetching.fetch(client)] for _ in range(count)]


@pytest.mark.parametrize("first", [FLOOD, QUIET])
async def test_whoever_sends_little_is_in_the_next_batch(first: list[TopicPartition]) -> None:
    """However much another has waiting, and wherever in the client's memory it lies."""
    sizes = {part: 5000 if part in FLOOD else 2 for part in (*first, *FLOOD, *QUIET)}
    (batch,) = await batches(sizes, 100, 1)
    assert len(batch) <= 100
    assert {part.topic: batch.count(part.topic) for part in QUIET} == dict.fromkeys(
        (part.topic for part in QUIET), 2
    )


async def test_two_floods_share_a_batch() -> None:
    """None of them gets more than the other, but for what the client gave first."""
    (batch,) = await batches({FLOOD[0]: 5000, QUIET[0]: 5000}, 100, 1)
    counts = [batch.count(part.topic) for part in (FLOOD[0], QUIET[0])]
    assert sum(counts) == 100
    assert abs(counts[0] - counts[1]) <= 2


async def test_a_flood_alone_has_the_whole_batch() -> None:
    """Nothing is kept free for nobody."""
    (batch,) = await batches(dict.fromkeys(FLOOD, 5000), 100, 1)
    assert len(batch) == 100


async def test_in_small_batches_everyones_turn_comes() -> None:
    """Though there are more topics than room: within twice as many batches as topics."""
    sizes = {part: 5000 if part in FLOOD else 1 for part in (*FLOOD, *QUIET)}
    heard = {topic for batch in await batches(sizes, 2, 10) for topic in batch}
    assert heard == {part.topic for part in sizes}
