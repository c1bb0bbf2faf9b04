"""A flood on one topic slows only that topic: measured by order, not by time."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.consumer.fetcher import READ_UNCOMMITTED, PartitionRecords
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords
from aiokafka.structs import ConsumerRecord

from shared.runtime.bus import fetching as fetching_room
from shared.runtime.bus.fetching import Fetching, free
from shared.runtime.bus.leisure import Leisure
from shared.runtime.bus.sharing import Sharing

FLOOD = [TopicPartition("kentongan.ext.flood.submissions.v1", number) for number in range(3)]
QUIET = [TopicPartition(f"kentongan.ext.quiet-{n}.submissions.v1", 0) for n in range(4)]


class Client:
    """A consumer that has fetched what lies ready, by partition, and gives it in that order."""

    def __init__(self, ready: Mapping[TopicPartition, int]) -> None:
        self.ready = {part: list(range(count)) for part, count in ready.items()}
        self._fetcher = type("Fetcher", (), {"_records": self.ready})
        self.dropped: dict[TopicPartition, list[int]] = {}
        self.behind: dict[TopicPartition, list[int]] = {}
        """What the bus has, and the client has not asked for yet."""

    def assignment(self) -> set[TopicPartition]:
        return {*FLOOD, *QUIET}

    def paused(self) -> set[TopicPartition]:
        return set()

    def pause(self, *parts: TopicPartition) -> None:
        pass

    def resume(self, *parts: TopicPartition) -> None:
        pass

    async def position(self, part: TopicPartition) -> int:
        return self.ready[part][0]

    def seek(self, part: TopicPartition, offset: int) -> None:
        """Drop what is kept of a partition; once nothing is, the bus is asked for everything."""
        assert self.ready[part][0] == offset
        self.dropped[part] = self.ready.pop(part)
        if not self.ready:
            self.ready.update(self.dropped)
            self.ready.update(self.behind)

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


async def test_what_a_topic_leaves_of_its_share_goes_to_who_has_more() -> None:
    """A batch is full as long as there is enough for one, whoever is served first."""
    sizes = {part: 5000 if part in FLOOD else 1 for part in (*FLOOD, *QUIET)}
    assert [len(batch) for batch in await batches(sizes, 100, 5)] == [100] * 5


async def test_what_comes_behind_a_flood_is_asked_for_before_the_flood_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The client asks for nothing while it keeps something; so what it kept for long is let go."""
    client = Client({FLOOD[0]: 5000})
    client.behind[QUIET[0]] = [0]
    fetching = Fetching(Leisure([FLOOD[0].topic, QUIET[0].topic], 0, 100))
    first = await fetching.fetch(client)
    monkeypatch.setattr(fetching_room, "STALE", 0.0)
    second = await fetching.fetch(client)
    assert {each.topic for each in first} == {FLOOD[0].topic}
    assert [each.offset for each in (*first, *second) if each.topic == FLOOD[0].topic] == list(
        range(199)
    )
    assert QUIET[0].topic in {each.topic for each in second}


def test_an_answer_let_go_half_read_is_no_longer_in_memory() -> None:
    """The client's own object is freed at once, not when the collector comes by."""
    builder = DefaultRecordBatchBuilder(2, 0, 0, -1, -1, -1, 1 << 16)
    for offset in range(3):
        builder.append(offset, 1, b"key", b"value", [])
    records = PartitionRecords(
        FLOOD[0],
        MemoryRecords(bytes(builder.build())),
        aborted_transactions=None,
        fetch_offset=0,
        key_deserializer=None,
        value_deserializer=None,
        check_crcs=True,
        isolation_level=READ_UNCOMMITTED,
    )
    assert next(records).value == b"value"
    seen = weakref.ref(records)
    answer = SimpleNamespace(_partition_records=records)
    del records
    gc.disable()
    try:
        free(answer)
        del answer
        assert seen() is None
    finally:
        gc.enable()


def test_what_topics_say_of_one_complaint_comes_together() -> None:
    """It lies in partitions of one number, which are served first in every topic, each in turn."""
    parts = [TopicPartition(name, nth) for nth in (2, 0, 1) for name in ("cases", "notices")]
    sharing, firsts = Sharing(), []
    for _ in range(3):
        served = [part for part, _ in sharing.turns(parts, lambda: 100)][: len(parts)]
        begun = {part.topic: part.partition for part in reversed(served)}
        assert begun["cases"] == begun["notices"]
        firsts.append(begun["cases"])
    assert sorted(firsts) == [0, 1, 2]


async def test_in_small_batches_everyones_turn_comes() -> None:
    """Though there are more topics than room: within twice as many batches as topics."""
    sizes = {part: 5000 if part in FLOOD else 1 for part in (*FLOOD, *QUIET)}
    heard = {topic for batch in await batches(sizes, 2, 10) for topic in batch}
    assert heard == {part.topic for part in sizes}
