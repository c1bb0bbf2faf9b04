"""Counting the minutes of a day: how many complaints reached a measure at an agency."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import tzinfo
from typing import Protocol

from services.metrics.domain.cohort import MARK
from services.metrics.domain.figures import DayFigures, Figures, place_of
from services.metrics.handlers.keeping import MOST_TRIES, Kept, rewritten
from shared.runtime.document import Document, blank
from shared.runtime.ports import Change, Dirt, Time

TOGETHER = 50
"""Documents of figures per write."""
MOST_SIZES = 50_000
"""Windows whose size is remembered."""

Tell = Callable[[Sequence[Document[Figures]]], Awaitable[None]]


class Numbered(Protocol):
    """Where timelines are counted."""

    async def number(self, field: str, value: str) -> int:
        """Count timelines by one value of an indexed field. Raises Away."""


class Minutes:
    """Counts the windows that marks name into the figures of days in a time zone."""

    def __init__(
        self, timelines: Numbered, figures: Kept[Figures], zone: tzinfo, time: Time, tell: Tell
    ) -> None:
        """Count timelines into figures, and tell what changed."""
        self._timelines, self._figures, self._tell = timelines, figures, tell
        self._zone, self._time, self._domain = zone, time, DayFigures()
        self._sizes: dict[str, int] = {}

    def size(self, marks: Sequence[Dirt]) -> int:
        """Say how many timelines the windows had when they were last counted."""
        return sum(self._sizes.get(window, 0) for window in _windows(marks))

    async def settle(self, marks: Sequence[Dirt]) -> bool:
        """Count every window again that marks name."""
        if len(self._sizes) > MOST_SIZES:
            self._sizes.clear()
        days: dict[str, dict[str, str]] = {}
        for window in _windows(marks):
            place = place_of(window, self._zone)
            days.setdefault(place.day, {})[window] = place.minute
        keys = list(days)
        for start in range(0, len(keys), TOGETHER):
            group = {key: days[key] for key in keys[start : start + TOGETHER]}
            if not await self._write(group):
                return False
        return True

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
        return rewritten(stored, state, under)


def _windows(marks: Iterable[Dirt]) -> dict[str, None]:
    """Name each window once, in the order in which they were marked."""
    names = (name for mark in marks for name in mark.names)
    return dict.fromkeys(name for name in names if not name.startswith(MARK))
