"""Marks that wait to be counted: so many in memory, however long they have to wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from services.metrics.handlers import recount as under_test
from services.metrics.handlers.recount import Recount
from shared.runtime.ports import Dirt
from shared.runtime.timing import micros
from tests.desk import Clock
from tests.metrics.doubles import Room

MOST, PAGE = 20, 5


class Shelf:
    """Where marks stand until they are taken away."""

    def __init__(self) -> None:
        self.marks: dict[str, Dirt] = {}
        self.read = 0

    async def dirty(self, since: int, until: int, limit: int) -> list[Dirt]:
        """Give marks, oldest first."""
        found = [each for each in self.marks.values() if since <= each.at < until]
        self.read += len(found[:limit])
        return sorted(found, key=lambda mark: mark.at)[:limit]

    async def clean(self, dirt: Sequence[Dirt]) -> None:
        """Take marks away."""
        for each in dirt:
            self.marks.pop(each.id, None)


class Counted:
    """Something that is counted, once it is ``open``."""

    def __init__(self, *, open: bool = True) -> None:  # noqa: A002 - as a door is
        self.open, self.asked, self.counted = open, 0, list[str]()
        self.names: dict[str, set[int]] = {}
        """By name, at how many places of the memory it was given."""

    def size(self, marks: Sequence[Dirt]) -> int:
        """Cost nothing."""
        del marks
        return 0

    async def settle(self, marks: Sequence[Dirt]) -> bool:
        """Count what marks name."""
        self.asked = max(self.asked, len(marks))
        for name in (name for mark in marks for name in mark.names):
            self.names.setdefault(name, set()).add(id(name))
        if self.open:
            self.counted += [each.id for each in marks]
        return self.open


async def test_a_name_is_in_memory_once_however_many_marks_have_it() -> None:
    """Fifty thousand marks wait at most, and name the same few minutes and hours."""
    shelf, counted, clock = Shelf(), Counted(), Clock()
    for nth in range(3 * under_test.PAGE):
        names = (f"received||2026-03-17T03:0{nth % 3}", f"@area|81.71.0{nth % 5}|2026-03-17T03")
        mark = Dirt(f"c{nth}", micros(clock.now) + nth, names)
        shelf.marks[mark.id] = mark
    await Recount(shelf, (counted,), clock, lambda: 0).run()
    assert (counted.asked, shelf.marks) == (3 * under_test.PAGE, {})
    assert len(counted.names) == 8
    assert all(len(places) == 1 for places in counted.names.values())


async def test_a_mark_that_shows_up_late_is_found_while_no_register_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However many were marked before it, the next sweep has it in every figure."""
    monkeypatch.setattr(under_test, "MOST_MARKS", MOST)
    monkeypatch.setattr(under_test, "PAGE", PAGE)
    room = Room()
    room.categories = None
    recount = room.recount()
    room.receive("late")
    late = room.timelines.kept.pop("late")

    async def run(seconds: int) -> None:
        for _ in range(seconds):
            room.clock.pass_by(timedelta(seconds=1))
            await recount.run()

    for nth in range(3 * MOST):
        room.receive(str(nth))
        await run(1)
    await run(5)
    assert room.shown() == room.naive()
    room.timelines.kept["late"] = late
    await run(35)
    assert room.shown() == room.naive()
    assert room.rows_shown() == room.rows_naive()


async def test_what_cannot_be_written_has_all_wait_within_bounds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So many marks in memory and no more, and nothing is read over and over; each counts later."""
    monkeypatch.setattr(under_test, "MOST_MARKS", MOST)
    monkeypatch.setattr(under_test, "PAGE", PAGE)
    clock, shelf = Clock(), Shelf()
    live, tables = Counted(), Counted(open=False)
    counting = Recount(shelf, (live, tables), clock, lambda: 0)

    async def run(seconds: int) -> None:
        for _ in range(seconds):
            await counting.run()
            clock.pass_by(timedelta(seconds=1))

    for nth in range(200):
        shelf.marks[str(nth)] = Dirt(str(nth), micros(clock.now), ("m",))
        await run(1)
    await run(100)
    assert MOST <= tables.asked <= 2 * MOST + PAGE
    read = shelf.read
    await run(300)
    assert shelf.read == read
    assert len(shelf.marks) == 200
    tables.open = True
    await run(100)
    for stage in (live, tables):
        assert {*stage.counted} == {str(nth) for nth in range(200)}
    assert not shelf.marks
