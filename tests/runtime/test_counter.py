"""The counter at which requests are taken, and the mouth that tells what they have written."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

import pytest

from shared.runtime import counter
from shared.runtime.asking import Ask, Desk
from shared.runtime.counter import Counter, Mouth
from shared.runtime.document import Circumstances, Document, Refused
from shared.runtime.ports import Away
from tests.runtime.drums import Sound, fresh


@dataclass
class Bench:
    """A desk that settles as it is told to; everything else of a request is tested elsewhere."""

    failing: list[Exception] = field(default_factory=list)
    together: list[int] = field(default_factory=list)

    async def settle(self, asks: Sequence[Ask[Sound]]) -> list[Document[Sound]]:
        """Leave every document as it was, or fail once for each failure that is left."""
        self.together.append(len(asks))
        if self.failing:
            raise self.failing.pop(0)
        for ask in asks:
            ask.after = fresh(ask.complaint)
        return [fresh(ask.complaint) for ask in asks]


def nothing(document: Document[Sound], _under: Circumstances, _draw: int) -> Document[Sound]:
    """Ask for nothing."""
    return document


def counter_of(bench: Bench, told: list[str] | None = None) -> Counter[Sound]:
    """Put a counter before a bench; nobody serves yet."""

    def note(some: Sequence[Document[Sound]]) -> None:
        if told is not None:
            told.extend(each.id for each in some)

    return Counter(cast("Desk[Sound]", bench), note)


@asynccontextmanager
async def working(bench: Bench, told: list[str]) -> AsyncIterator[Counter[Sound]]:
    """Give a counter that serves."""
    at = counter_of(bench, told)
    serving = asyncio.create_task(at.serve())
    try:
        yield at
    finally:
        serving.cancel()


async def test_what_comes_together_is_written_together() -> None:
    """Many requests share one read and one write, and all that was written is told."""
    bench, told = Bench(), list[str]()
    async with working(bench, told) as at:
        done = await asyncio.gather(*(at.ask(str(nth), nothing) for nth in range(50)))
    assert [each.id for each in done] == told == [str(nth) for nth in range(50)]
    assert bench.together == [50]


async def test_a_store_that_is_away_for_a_moment_is_waited_for() -> None:
    """Nobody hears of it."""
    bench = Bench([Away("gone"), Away("gone")])
    async with working(bench, []) as at:
        assert (await at.ask("one", nothing)).id == "one"


async def test_a_failure_is_the_answer_of_those_it_met_alone() -> None:
    """The counter goes on with the next."""
    bench = Bench([ValueError("broken")])
    async with working(bench, []) as at:
        with pytest.raises(ValueError, match="broken"):
            await at.ask("one", nothing)
        assert (await at.ask("two", nothing)).id == "two"


async def test_nobody_waits_longer_than_a_request_may(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even before the store was ever there; who has gone is not settled for afterwards."""
    monkeypatch.setattr(counter, "PATIENCE", 0.05)
    bench = Bench()
    at = counter_of(bench)
    with pytest.raises(Refused) as refused:
        await at.ask("one", nothing)
    assert refused.value.status == 503
    serving = asyncio.create_task(at.serve())
    monkeypatch.setattr(counter, "PATIENCE", 5.0)
    assert (await at.ask("two", nothing)).id == "two"
    assert bench.together == [1]
    serving.cancel()


async def test_a_crowd_is_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits is bounded."""
    monkeypatch.setattr(counter, "MOST_WAITING", 2)
    at = counter_of(Bench())
    waiting = [asyncio.create_task(at.ask(str(nth), nothing)) for nth in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(Refused, match="Too many"):
        await at.ask("three", nothing)
    for each in waiting:
        each.cancel()


async def test_the_newest_of_a_document_is_told_once() -> None:
    """What waits to be told is one document each."""
    told: asyncio.Queue[list[str]] = asyncio.Queue()

    async def tell(some: Sequence[Document[Sound]]) -> None:
        await told.put([each.id for each in some])

    mouth = Mouth(tell)
    mouth.say([fresh("one"), fresh("two")])
    mouth.say([fresh("one")])
    speaking = asyncio.create_task(mouth.speak())
    assert await told.get() == ["one", "two"]
    speaking.cancel()
