"""Counting cohorts: what became of the complaints that were received in one hour."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Sequence
from datetime import tzinfo
from typing import Protocol

from services.metrics.domain.cohort import MARK, Cell, parts_of
from services.metrics.domain.performance import DayPerformance, Performance
from services.metrics.domain.timeline import Timeline
from services.metrics.handlers.keeping import MOST_TRIES, Kept, rewritten
from shared.runtime.document import Document, blank
from shared.runtime.ports import Change, Dirt, Time

MOST_SIZES = 10_000
"""Hours whose size is remembered."""
MOST_CELLS = 1_000
"""Cells that an hour is read for at once, and rows per query and write: most hours have fewer."""
TOGETHER = 100
"""Rows per query, and per write, of those that are decided later."""
WHOLE = 2
"""To read a timeline whole costs as much as to count so many."""

Tell = Callable[[Sequence[Document[Performance]]], Awaitable[None]]
Duty = Callable[[], Awaitable[object]]
Categories = Callable[[], Collection[str] | None]
"""Gives the categories that may be told by name; None until the register was heard through."""


class Read(Protocol):
    """Where timelines are read."""

    def states(self, field: str, value: str) -> AsyncIterator[list[Timeline]]:
        """Give timelines by one value of an indexed field, page by page. Raises Away."""


class Days(Kept[Performance], Protocol):
    """Where rows are kept."""

    async def window(
        self, field: str, low: str, high: str, limit: int
    ) -> list[Document[Performance]]:
        """Read [low, high) of an index, in its order. Raises Away."""


class Cohorts:
    """Counts the cells that marks name into the rows of local days.

    The window is an hour of receipt: its timelines are read page by page, once for as many cells
    in it as go into one write, and never for others than are named. Days add up their hours.
    """

    def __init__(
        self,
        timelines: Read,
        rows: Days,
        zone: tzinfo,
        time: Time,
        tell: Tell,
        categories: Categories,
    ) -> None:
        """Count timelines into rows, and tell what changed."""
        self._timelines, self._rows, self._tell = timelines, rows, tell
        self._categories = categories
        self._zone, self._time, self._domain = zone, time, DayPerformance()
        self._sizes: dict[str, int] = {}

    def size(self, marks: Sequence[Dirt]) -> int:
        """Say what it costs, by how many timelines the hours had when they were last counted."""
        hours = _hours(marks).items()
        return sum(self._sizes.get(hour, 0) * len(cells) for hour, cells in hours) * WHOLE

    async def settle(self, marks: Sequence[Dirt]) -> bool:
        """Count every cell again that marks name."""
        if len(self._sizes) > MOST_SIZES:
            self._sizes.clear()
        for hour, many in _hours(marks).items():
            for cells in many:
                if not await self._write(hour, cells):
                    return False
        return True

    async def _write(self, hour: str, cells: Sequence[Cell]) -> bool:
        """Count and write some cells of one hour; say whether that was done."""
        places = {cell: cell.place(self._zone) for cell in cells}
        for _ in range(MOST_TRIES):
            stored = await self._rows.load([key for key, _ in places.values()])
            counts = await self._count(hour, cells)
            under, changes = self._time.under(), list[Change[Performance]]()
            for cell, (key, local) in places.items():
                row = stored.get(key) or blank(self._domain, key)
                state = row.state.decided(self._categories())
                state = state.recounted({local: counts[cell]}, under.epoch)
                changes.append(rewritten(row, state, under))
            if await self._done(changes):
                return True
        return False

    def once_decided(self, tell: Duty) -> Duty:
        """Make a duty that tells what is marked, once it is decided under which keys."""

        async def run() -> None:
            if await self.decide():
                await tell()

        return run

    async def decide(self) -> bool:
        """Have told by name or not what was counted while nobody knew; say whether all is."""
        known = self._categories()
        if known is None:
            return False
        while found := await self._rows.window("undecided", "", "~", TOGETHER):
            under = self._time.under()
            changes = [rewritten(each, each.state.decided(known), under) for each in found]
            if not await self._done(changes):
                return False
        return True

    async def _done(self, changes: Sequence[Change[Performance]]) -> bool:
        """Write, and tell what may be told; say whether it was written."""
        written = await self._rows.write(changes)
        if written.complete:
            ready = [each.document for each in changes if not each.document.state.undecided]
            await self._tell([each for each in ready if each.untold])
        return written.complete

    async def _count(self, hour: str, cells: Sequence[Cell]) -> dict[Cell, dict[str, int]]:
        counts: dict[Cell, dict[str, int]] = {cell: {} for cell in cells}
        size = 0
        async for page in self._timelines.states("arrived", hour):
            size += len(page)
            for timeline in page:
                parts = parts_of(timeline.milestones)
                for cell in timeline.cells:
                    if (count := counts.get(cell)) is not None:
                        for name, number in parts.items():
                            count[name] = count.get(name, 0) + number
        self._sizes[hour] = size
        return counts


def _hours(marks: Iterable[Dirt]) -> dict[str, list[Sequence[Cell]]]:
    """Name each cell once, by its hour, as many together as are counted at once."""
    names = (name for mark in marks for name in mark.names)
    hours: dict[str, list[Cell]] = {}
    for cell in dict.fromkeys(Cell.read(name) for name in names if name.startswith(MARK)):
        hours.setdefault(cell.hour, []).append(cell)
    return {hour: _parted(cells) for hour, cells in hours.items()}


def _parted(cells: Sequence[Cell]) -> list[Sequence[Cell]]:
    return [cells[start : start + MOST_CELLS] for start in range(0, len(cells), MOST_CELLS)]
