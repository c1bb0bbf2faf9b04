"""What everybody may see: the figures of a day, the latest steps, and how current each view is."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from services.metrics.domain.figures import Figures
from services.metrics.domain.hiding import kept_back, small
from services.metrics.domain.timeline import Timeline
from services.metrics.handlers.tables import STREAMS, Local
from shared.contracts.metrics import Measure
from shared.contracts.vocabulary import MOST_AGENCIES
from shared.runtime.document import Document, Refused
from shared.runtime.ports import Time
from shared.runtime.timing import micros

LONGEST_DAY = (MOST_AGENCIES + 1) * (len(Measure) + 1)
"""Figures one day can have: of every agency and of none, for each measure told or not."""
LONGEST_FEED = 12
FEED_REACHES = timedelta(days=1)
KEPT = timedelta(seconds=1)
"""How long what was read for one is shown to others."""
MEASURES = tuple(str(measure) for measure in Measure)
AT_AGENCIES = tuple(each for each in MEASURES if each != Measure.RECEIVED)


class AgencyFigures(Struct, frozen=True):
    """The figures of one agency on one day, as everybody may see them.

    ``hidden`` names the measures that are not in ``counts``: those that are small here, and those
    that keep such a one company at another agency.
    """

    agency: str
    counts: Mapping[str, int]
    hidden: frozenset[str] = frozenset()


class FeedItem(Struct, frozen=True):
    """One complaint that moved: what happened last, without a word of what it says.

    ``category`` is one that the register names, since who reports may write any.
    """

    kind: str
    service: str
    at: datetime
    agency: str | None
    category: str | None
    ending: str


class Board(Struct, frozen=True):
    """One day at a glance. ``hours`` counts what was received in each local hour.

    ``hidden`` names the measures whose total is not in ``counts``: it is small, and less the rows
    that are shown it would be one agency's. How many were received is of no agency.
    """

    day: date
    counts: Mapping[str, int]
    hidden: frozenset[str] = frozenset()
    agencies: tuple[AgencyFigures, ...] = ()
    hours: tuple[int, ...] = (0,) * 24
    feed: tuple[FeedItem, ...] = ()
    views: Mapping[str, datetime | None] = field(default_factory=dict)


class Days(Protocol):
    """Where figures are found. Raises Away."""

    async def matching(self, field: str, value: str, limit: int) -> list[Document[Figures]]:
        """Read by a value of an indexed field."""


class Steps(Protocol):
    """Where timelines are found. Raises Away."""

    async def window(self, field: str, low: int, high: int, limit: int) -> list[Document[Timeline]]:
        """Read a window of an index, in its order."""


class Boards(Local):
    """Shows boards; what is asked for by many at once is read once."""

    def __init__(
        self,
        days: Days,
        steps: Steps,
        views: Callable[[], Awaitable[Mapping[str, datetime]]],
        categories: Callable[[], Collection[str]],
        zone: ZoneInfo,
        time: Time,
    ) -> None:
        """Read figures, steps and the state of the views, by the local days of a zone.

        ``categories`` gives those that everybody may read.
        """
        super().__init__(zone, time)
        self._days, self._steps, self._views = days, steps, views
        self._categories = categories
        self._reading = asyncio.Lock()
        self._read: tuple[datetime, Board] | None = None

    async def live(self) -> Board:
        """Show today with the latest steps, at most a second old. Raises Away and Refused."""
        async with self._reading:
            now = self._time.under().now
            if self._read is None or not self._read[0] <= now < self._read[0] + KEPT:
                self._read = now, await self._live(now)
            return self._read[1]

    async def day(self, day: date) -> Board:
        """Show the figures of any day, without steps. Raises Away and Refused."""
        views = await self._currency()  # first: what is heard while figures are read is not in them
        return _board(day, await self._figures(day), (), views)

    async def _live(self, now: datetime) -> Board:
        day, views = now.astimezone(self.zone).date(), await self._currency()
        # The index runs backwards in time: the newest come first; a clock may be a bit ahead.
        low, high = -micros(now + timedelta(minutes=5)), -micros(now - FEED_REACHES)
        newest = await self._steps.window("newest", low, high, LONGEST_FEED)
        figures = await self._figures(day)
        known = self._categories()
        feed = tuple(item for each in newest if (item := _item(each.state, known)) is not None)
        return _board(day, figures, feed, views)

    async def _figures(self, day: date) -> list[Figures]:
        """Read all of a day's figures: a sum with some left out would be wrong without a word."""
        found = await self._days.matching("day", day.isoformat(), LONGEST_DAY + 1)
        if len(found) > LONGEST_DAY:
            detail = f"{day} has more figures than the {MOST_AGENCIES} agencies of a register make."
            raise Refused(503, "too_many_figures", detail)
        return [document.state for document in found]

    async def _currency(self) -> dict[str, datetime | None]:
        views = await self._views()
        return {stream: views.get(stream) for stream in STREAMS}


def _item(state: Timeline, known: Collection[str]) -> FeedItem | None:
    step = state.step
    if step is None or not state.public:
        return None
    at = step.at.astimezone(UTC)
    category = state.category if state.category in known else None
    return FeedItem(step.kind, step.service, at, step.agency, category, state.ending or "")


def _board(
    day: date,
    figures: Sequence[Figures],
    feed: tuple[FeedItem, ...],
    views: Mapping[str, datetime | None],
) -> Board:
    counts: Counter[str] = Counter()
    agencies: dict[str, Counter[str]] = {}
    hours = [0] * 24
    for each in figures:
        counts[each.measure] += each.total
        if each.agency is not None:  # with zeros, too: whoever listens is told what became none
            agencies.setdefault(each.agency, Counter())[each.measure] += each.total
        if each.measure == Measure.RECEIVED:
            for minute, count in each.minutes.items():
                hours[int(minute[:2])] += count
    missing = small(counts, [(measure,) for measure in AT_AGENCIES])
    total = {each: n for each, n in counts.items() if each not in missing}
    return Board(day, total, missing, _shown(agencies), tuple(hours), feed, views)


def _shown(agencies: Mapping[str, Counter[str]]) -> tuple[AgencyFigures, ...]:
    """Keep small numbers back, measure by measure, and order by what is left to be seen."""
    missing = kept_back(agencies, [(measure,) for measure in MEASURES])
    rows = [
        AgencyFigures(
            name,
            {each: n for each, n in counts.items() if each not in missing[name]},
            missing[name],
        )
        for name, counts in agencies.items()
    ]
    rows.sort(key=lambda row: (-row.counts.get(Measure.ROUTED, 0), row.agency))
    return tuple(rows)
