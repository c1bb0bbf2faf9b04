"""What one process tells about one complaint, from several places at once."""

from __future__ import annotations

import asyncio
import tracemalloc
from collections.abc import Sequence
from typing import Any

import pytest

from shared.contracts.fact import Pair, Row
from shared.runtime.document import Document
from shared.runtime.ports import Away, Message, Tally
from shared.runtime.systemtime import SystemTime
from shared.runtime.telling import Teller, Utterance, Voice, nothing_else
from tests.runtime.drums import a_row

pytestmark = pytest.mark.anyio


class Bus:
    """Acknowledges only what it is let to."""

    def __init__(self) -> None:
        self.log: list[Message] = []
        self.away = False

    async def send(self, messages: Sequence[Message]) -> Sequence[Message]:
        """Take messages in order, or be away."""
        await asyncio.sleep(0)
        if self.away:
            raise Away("the bus is away")
        self.log.extend(messages)
        return []


def _teller(bus: Bus) -> Teller[Any]:
    voice: Voice[Any] = Voice("/node/8171/followup", "cases", "case.history.v1", nothing_else)
    return Teller(voice, bus, SystemTime(), Tally())


def _said(subject: str, sequence: int, *, mark: str | None = None, key: str = "k") -> Utterance:
    return Utterance(
        topic="cases",
        key=key,
        mark=mark or str(sequence),
        type="case.history.v1",
        subject=subject,
        pair=Pair(0, sequence),
        time="2026-11-21T00:00:00.000Z",
        body=lambda: str(sequence).encode(),
    )


async def test_an_older_history_does_not_land_behind_a_newer_one() -> None:
    """Who heard a record and still has to tell is overtaken by a request: the newer one counts."""
    bus = Bus()
    teller = _teller(bus)
    bus.away = True
    slow = asyncio.create_task(teller.tell([_said("a", 1)]))
    await asyncio.sleep(0.01)
    bus.away = False
    await teller.tell([_said("a", 3)])
    await slow
    await teller.tell([_said("a", 2)])
    assert [message.value for message in bus.log] == [b"3"]
    assert not teller.unsaid([_said("a", 3)])


async def test_two_complaints_under_one_reference_are_both_told() -> None:
    """A publisher's reference may come twice; what is said of one is not said of the other."""
    bus = Bus()
    teller = _teller(bus)
    await teller.tell([_said("a", 5, mark="routed", key="P-1")])
    assert teller.unsaid([_said("b", 2, mark="routed", key="P-1")])
    await teller.tell([_said("b", 2, mark="routed", key="P-1")])
    assert [message.value for message in bus.log] == [b"5", b"2"]


async def test_another_bus_is_told_again() -> None:
    """What the old bus had heard means nothing to a new one."""
    bus = Bus()
    teller = _teller(bus)
    await teller.tell([_said("a", 3)])
    teller.forget()
    await teller.tell([_said("a", 2)])
    assert [message.value for message in bus.log] == [b"3", b"2"]


def test_histories_that_wait_take_the_memory_of_their_bytes() -> None:
    """A batch of them waits to be acknowledged; a serializer's buffers are ten times their size."""
    voice = _teller(Bus()).voice
    fact: Row = {**a_row(1), "data": {"text": "x" * 1500}}
    document = Document("c", object(), facts=(fact,))
    (said,) = voice.utterances(document)
    tracemalloc.start()
    try:
        messages = [voice.word(said) for _ in range(200)]
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    written = sum(len(message.value or b"") for message in messages)
    assert written > 200 * 1500
    assert taken < 2 * written
