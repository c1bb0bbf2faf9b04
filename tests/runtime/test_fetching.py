"""Errors of the bus that are no record's; those of records are journeys, on a broker."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import ConsumerStoppedError, KafkaError
from aiokafka.structs import ConsumerRecord

from shared.runtime.bus import fetching
from shared.runtime.bus.fetching import LOOK_MS, POLL_MS, Fetching
from shared.runtime.bus.leisure import Leisure

PART, OTHER = TopicPartition("submissions", 1), TopicPartition("cases", 1)


def at_once(most: int = 10) -> Fetching:
    """Give all there is."""
    return Fetching(Leisure([PART.topic], 0, most))


class Client:
    """A consumer that does what it is told to, once each; ``ready`` is what has an answer."""

    def __init__(self, *turns: Exception | list[int], ready: Sequence[TopicPartition] = ()) -> None:
        self._turns = list(turns)
        self._subscription = type("Subscription", (), {"_fetch_count": 0})
        self._fetcher = type("Fetcher", (), {"_records": dict.fromkeys(ready)})
        self.resting = {PART}
        self.waits: list[int] = []

    def assignment(self) -> set[TopicPartition]:
        return {PART}

    def paused(self) -> set[TopicPartition]:
        return self.resting

    def pause(self, *parts: TopicPartition) -> None:
        self.resting = set(parts)

    def resume(self, *parts: TopicPartition) -> None:
        self.resting = self.resting - set(parts)

    async def getmany(self, *parts: TopicPartition, timeout_ms: int, max_records: int) -> Any:
        assert not self.resting
        self.waits.append(timeout_ms)
        turn = self._turns.pop(0)
        if isinstance(turn, Exception):
            raise turn
        assert len(turn) <= max_records
        records = [ConsumerRecord(*PART, each, 0, 0, b"", b"", 0, 0, 0, ()) for each in turn]
        return {PART: records} if records else {}


async def test_an_error_of_the_bus_is_named_until_it_answers_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing is taken for a record's fault; a quiet bus that answers is no trouble."""
    monkeypatch.setattr(fetching, "PAUSE", 0)
    client, fetch = Client(KafkaError(), RuntimeError(), [], [7]), at_once()
    assert await fetch.fetch(client) == ()
    assert fetch.trouble == "KafkaError"
    assert await fetch.fetch(client) == ()
    assert fetch.trouble == "RuntimeError"
    assert await fetch.fetch(client) == ()
    assert fetch.trouble is None
    assert [record.offset for record in await fetch.fetch(client)] == [7]
    assert client.waits == [POLL_MS, LOOK_MS, LOOK_MS, POLL_MS]


async def test_a_consumer_that_was_stopped_says_so() -> None:
    """It ends the loop; it is no error of the bus."""
    with pytest.raises(ConsumerStoppedError):
        await at_once().fetch(Client(ConsumerStoppedError()))


async def test_what_was_drained_before_an_error_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its position has moved on: dropped here, it would be committed unheard."""
    monkeypatch.setattr(fetching, "PAUSE", 0)
    client, fetch = Client([7], KafkaError(), ready=[PART]), at_once()
    assert [record.offset for record in await fetch.fetch(client)] == [7]
    assert fetch.trouble == "KafkaError"
    assert client.resting == {PART}


async def test_who_stops_begins_no_batch() -> None:
    """Its last commit is made before the bus is left."""
    fetch = at_once()
    fetch.ended = True
    with pytest.raises(ConsumerStoppedError):
        await fetch.fetch(Client([7]))


class Two(Client):
    """A consumer that owns another partition, too, and notes what it could ask the bus for."""

    def __init__(self, *turns: list[int]) -> None:
        super().__init__(*turns, ready=[PART])
        self.resting = self.assignment()
        self.open: list[set[TopicPartition]] = []

    def assignment(self) -> set[TopicPartition]:
        return {PART, OTHER}

    async def getmany(self, *parts: TopicPartition, timeout_ms: int, max_records: int) -> Any:
        self.open.append(self.assignment() - self.resting)
        resting, self.resting = self.resting, set()
        try:
            return await super().getmany(*parts, timeout_ms=timeout_ms, max_records=max_records)
        finally:
            self.resting = resting


async def test_what_the_client_keeps_is_heard_before_anything_else_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The bus may keep a question for the others open for long, and no second one is asked."""
    monkeypatch.setattr(fetching, "STALE", float("inf"))
    client, fetch = Two([7, 8], [9]), at_once()
    assert [record.offset for record in await fetch.fetch(client)] == [7, 8, 9]
    assert client.open == [{PART}, {PART}]
    assert client.waits == [0, 0]
