"""Counting again: from timelines that are marked to figures that are right."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import timedelta, tzinfo
from typing import Protocol

import structlog
from msgspec.structs import replace

from services.metrics.domain.figures import DayFigures, Figures, place_of
from services.metrics.domain.pace import due
from shared.runtime.document import Document, blank
from shared.runtime.ports import Away, Change, Dirt, Time, Written
from shared.runtime.timing import micros

PAGE = 2_000
"""Marks per query, and per write that takes them away."""
MOST_MARKS = 50_000
"""Marks kept in memory at most; once there are so many, they are settled at once."""
TOGETHER = 50
"""Documents of figures per write."""
MOST_TRIES = 8
"""How often a write that lost a race is tried again before the marks are left for the next time."""
AHEAD = 3_600_000_000
"""Microseconds by which another process's clock may be ahead."""
OVERLAP = 2_000_000
"""Microseconds a look goes back: a mark can show up after a later one."""
REST = timedelta(seconds=5)
"""How often marks are looked for that another process sets, while this one hears nothing."""
SWEEP = timedelta(seconds=30)
"""How often everything marked is looked for, however long ago it was marked."""

MICROSECOND = timedelta(microseconds=1)

Tell = Callable[[Sequence[Document[Figures]]], Awaitable[None]]
_log = structlog.get_logger("recount")


class Marked(Protocol):
    """Where timelines are kept. Each method raises Away."""

    async def dirty(self, since: int, until: int, limit: int) -> list[Dirt]:
        """Give what timelines marked in [since, until) have made stale, oldest first."""

    async def number(self, field: str, value: str) -> int:
        """Count timelines by one value of an indexed field."""

    async def clean(self, dirt: Sequence[Dirt]) -> None:
        """Take marks away, unless the timeline has changed since."""


class Kept(Protocol):
    """Where figures are kept. Each method raises Away."""

    async def load(self, ids: Sequence[str]) -> dict[str, Document[Figures]]:
        """Read by id."""

    async def write(self, changes: Sequence[Change[Figures]]) -> Written:
        """Write each change under its guard."""


class Recount:
    """Counts every window again that a marked timeline names, then takes the marks away.

    The order makes it right whoever else does the same: the figures' version is read *before*
    the timelines are counted, and every count is written under it, even one that changes nothing.
    So a count that began earlier can never come to stand after a later one, and what a mark
    stands for is in the figures before the mark goes. How often, says ``domain.pace``.
    """

    def __init__(
        self,
        timelines: Marked,
        figures: Kept,
        zone: tzinfo,
        time: Time,
        tell: Tell,
        heard: Callable[[], int],
    ) -> None:
        """Count timelines into the figures of days in a time zone, and tell what changed.

        ``heard`` gives how many records this process has heard so far.
        """
        self._timelines, self._figures, self._tell = timelines, figures, tell
        self._zone, self._time, self._domain = zone, time, DayFigures()
        self._marks: dict[str, Dirt] = {}
        self._sizes: dict[str, int] = {}
        self._heard, self._heard_before = heard, -1
        self._since = self._swept = self._began = self._looked = self._stirred = 0

    async def run(self) -> None:
        """Look for marks; settle them if that is due. What fails is tried again at the next."""
        try:
            if self._rests():
                return
            await self._look()
            if self._marks and self._is_due():
                await self._settle()
        except Away as away:
            _log.warning("recount_put_off", reason=str(away))

    def _rests(self) -> bool:
        now, rest, heard = micros(self._time.under().now), REST // MICROSECOND, self._heard()
        if self._marks or heard != self._heard_before:
            self._heard_before, self._stirred = heard, now
        return now - self._stirred > rest > now - self._looked

    async def _look(self) -> None:
        now = self._looked = micros(self._time.under().now)
        since = max(0, self._since - OVERLAP)
        if now - self._swept >= SWEEP // MICROSECOND:
            since, self._swept = 0, now
        while len(self._marks) < MOST_MARKS:
            page = await self._timelines.dirty(since, now + AHEAD, PAGE)
            fresh = [mark for mark in page if self._marks.get(mark.id) != mark]
            if fresh:
                self._stirred = now
                self._began = self._began if self._marks else now
            self._marks.update((mark.id, mark) for mark in fresh)
            before, since = since, page[-1].at if page else since
            self._since = min(now, max(self._since, since))
            if len(page) < PAGE or since == before:
                return
        self._swept = 0  # there is more than fits: look for it from the start

    def _is_due(self) -> bool:
        if len(self._marks) >= MOST_MARKS:
            return True
        waited = (micros(self._time.under().now) - self._began) / 1_000_000
        size = sum(self._sizes.get(window, 0) for window in _windows(self._marks.values()))
        return due(waited, len(self._marks), size)

    async def _settle(self) -> None:
        marks = list(self._marks.values())
        if len(self._sizes) > MOST_MARKS:
            self._sizes.clear()
        days: dict[str, dict[str, str]] = {}
        for window in _windows(marks):
            place = place_of(window, self._zone)
            days.setdefault(place.day, {})[window] = place.minute
        keys = list(days)
        for start in range(0, len(keys), TOGETHER):
            group = {key: days[key] for key in keys[start : start + TOGETHER]}
            if not await self._write(group):
                return
        for start in range(0, len(marks), PAGE):
            await self._timelines.clean(marks[start : start + PAGE])
        self._marks.clear()

    async def _write(self, days: dict[str, dict[str, str]]) -> bool:
        """Count and write some days' figures; say whether that was done."""
        for _ in range(MOST_TRIES):
            stored = await self._figures.load(list(days))
            changes = [
                await self._count(stored.get(key) or blank(self._domain, key), windows)
                for key, windows in days.items()
            ]
            if (await self._figures.write(changes)).complete:
                await self._tell([each.document for each in changes if each.document.untold])
                return True
        return False

    async def _count(self, stored: Document[Figures], windows: dict[str, str]) -> Change[Figures]:
        counts: dict[str, int] = {}
        for window, minute in windows.items():
            counts[minute] = self._sizes[window] = await self._timelines.number("windows", window)
        under = self._time.under()
        state = stored.state.recounted(counts, under.epoch, told=stored.untold is None)
        at = max(micros(under.now), stored.changed_at + 1)
        ready = replace(
            stored,
            state=state,
            version=stored.version + 1,
            # The time of this write: a mark is taken away only by who told this very version.
            untold=at if state is not stored.state else stored.untold,
            changed_at=at,
        )
        return Change(ready, stored.version)


def _windows(marks: Iterable[Dirt]) -> dict[str, None]:
    """Name each window once, in the order in which they were marked."""
    return dict.fromkeys(name for mark in marks for name in mark.names)
