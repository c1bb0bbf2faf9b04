"""A flood of PINs: it is turned away, and leaves room for whoever comes with another number."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine
from typing import Any

import pytest

from services.intake.handlers import Tried, read_pin
from services.intake.handlers.gate import LEFT, MOST_OF_ONE, PLACES, SHARE, SOON, Gate
from services.intake.handlers.pins import TooManyTries
from services.intake.handlers.tries import Tries
from shared.runtime.document import Refused
from shared.runtime.ports import Away
from tests.intake.doubles import InMemoryComplaints, InMemoryCounts, a_draft, an_intake

TRACE = "00-" + "1" * 32 + "-" + "2" * 16 + "-01"


class Still(InMemoryCounts):
    """Counts that answer nothing until they are ``free``."""

    def __init__(self) -> None:
        super().__init__()
        self.free = asyncio.Event()

    async def _ask(self, what: str) -> None:
        await self.free.wait()
        await super()._ask(what)


async def told(trying: Coroutine[Any, Any, None]) -> str:
    """Give what becomes of a try."""
    try:
        await trying
    except TooManyTries as late:
        return f"again in {late.headers['Retry-After']} s"
    except Refused as refusal:
        return refusal.code
    except Away:
        return "away"
    return "looked at"


async def a_try(tries: Tries, number: str, address: str | None) -> None:
    """Try a wrong PIN."""
    async with tries.trying(number, address) as judge:
        await judge(False)  # noqa: FBT003 - it is wrong


class Flood:
    """Many tries at one moment, while the store takes its time."""

    def __init__(self) -> None:
        self.counts = Still()
        self.tries = Tries(self.counts, str, lambda: 0.0)
        self.under_way: list[asyncio.Task[str]] = []

    async def send(self, *tried: tuple[str, str]) -> Counter[str]:
        """Try by number and address; give what was said at once."""
        tasks = [asyncio.create_task(told(a_try(self.tries, *each))) for each in tried]
        self.under_way += tasks
        await asyncio.sleep(0)
        return Counter(task.result() for task in tasks if task.done())

    async def end(self) -> Counter[str]:
        """Let the store answer; give what was said in all."""
        self.counts.free.set()
        return Counter(await asyncio.gather(*self.under_way))


AGAIN = f"again in {SOON} s"


async def test_a_flooded_number_is_turned_away_and_others_have_room() -> None:
    """A thousand tries for it are told at once when to come again; ten others wait for nobody."""
    flood = Flood()
    said = await flood.send(*(("flooded", str(nth)) for nth in range(1000)))
    assert said[AGAIN] > 1000 - (PLACES - LEFT) / SHARE
    assert not await flood.send(*((f"honest-{nth}", f"home-{nth}") for nth in range(10)))
    assert set(await flood.end()) == {AGAIN, "looked at"}


async def test_where_very_many_numbers_are_flooded_another_has_room() -> None:
    """The flooded ones have a second place only while as many are left as there are for all."""
    flood = Flood()
    for number in range(LEFT - 1):
        await flood.send(*((f"flooded-{number}", f"{number}/{nth}") for nth in range(50)))
    assert not await flood.send(("honest", "home"))
    said = await flood.end()
    assert PLACES - LEFT < said["looked at"] <= PLACES


async def test_an_address_that_floods_many_numbers_leaves_room_to_others() -> None:
    """It is turned away itself."""
    flood = Flood()
    said = await flood.send(*((str(nth), "198.51.100.1") for nth in range(1000)))
    assert said[AGAIN] > 1000 - (PLACES - LEFT) / SHARE
    assert not await flood.send(("honest", "home"))
    await flood.end()


async def test_where_all_places_are_taken_nobody_is_kept_waiting() -> None:
    """Beyond the bound of a process it is 503, and as soon as there is room a try is looked at."""
    flood = Flood()
    said = await flood.send(*((f"n-{nth}", f"a-{nth}") for nth in range(PLACES + 3)))
    assert said == {"busy": 3}
    assert (await flood.end())["looked at"] == PLACES
    assert await told(a_try(flood.tries, "n", "a")) == "looked at"


def test_one_asker_has_few_places_at_one_number() -> None:
    """Others who ask for it find some; whoever leaves makes room."""
    gate = Gate()
    inside = [gate.passing("number", "a") for _ in range(MOST_OF_ONE)]
    for each in inside:
        each.__enter__()
    with pytest.raises(TooManyTries), gate.passing("number", "a"):
        pytest.fail("an eleventh was let in")
    with gate.passing("number", "b"), gate.passing("another", "a"):
        inside[0].__exit__(None, None, None)
    with gate.passing("number", "a"):
        assert gate._all == MOST_OF_ONE
    for each in inside[1:]:
        each.__exit__(None, None, None)
    assert (gate._all, gate._inside) == (0, {})


async def test_the_long_pin_is_taken_whatever_floods_its_number() -> None:
    """It waits for none of them, and is refused for none of them."""
    counts, kept = Still(), InMemoryComplaints()
    desk = an_intake(kept, counts=counts)
    filed = await desk.submit(a_draft(), None, None, TRACE)
    tried = [
        asyncio.create_task(told(a_try(desk.tries, filed.tracking_number, str(nth))))
        for nth in range(100)
    ]
    await asyncio.sleep(0)
    long = Tried(str(read_pin(desk.pins.long(filed.complaint))), "home")
    assert (await desk.track(filed.tracking_number, long)).id == filed.complaint
    counts.free.set()
    assert set(await asyncio.gather(*tried)) == {AGAIN, "looked at"}


async def test_all_who_wait_for_what_is_owed_wait_for_one_write() -> None:
    """Where the store does not answer they are told so together, and not one after the other."""
    counts = InMemoryCounts()
    tries = Tries(counts, str, lambda: 0.0)
    counts.away = {"add"}
    assert await told(a_try(tries, "n", "a")) == "away"
    counts.asked.clear()
    said = await asyncio.gather(*(told(a_try(tries, f"n-{nth}", f"a-{nth}")) for nth in range(50)))
    assert (said, counts.asked) == (["away"] * 50, ["add"])
    counts.away = set()
    assert await told(a_try(tries, "n", "b")) == "looked at"
    assert counts.rows["line/n"]["wrong"] == 2
