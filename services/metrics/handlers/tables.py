"""Tables of performance: rows of one dimension over a span of local days."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from services.metrics.domain.cohort import GROUPS, RECEIVED, Parts, added, reached
from services.metrics.domain.hiding import hidden, is_small, kept_back, small
from services.metrics.domain.performance import Performance
from shared.contracts.calendar import Calendar
from shared.contracts.metrics import Dimension
from shared.contracts.topics import heard_by
from shared.runtime.document import Document, Refused
from shared.runtime.ports import Time

LONGEST_TABLE = 20_000
"""Rows of one table, and of one of its days: agencies of a register and districts are fewer."""
MOST_ADDED = 31 * LONGEST_TABLE
"""Rows of days that one table is added up from: a month always fits."""
LONGEST_SPAN = 366
"""Days of one table."""
FIRST_DAY = date(2020, 1, 1)
STREAMS = tuple(stream.name for stream in heard_by("metrics"))
ONE_DAY = timedelta(days=1)
REST = "|"
"""What is left stands under this; no value is spelled so."""
TOTAL = "||"
"""And the total under this."""


class Span(Struct, frozen=True):
    """Local days from one to another, both counted in."""

    since: date
    until: date

    @classmethod
    def month(cls, day: date) -> Span:
        """Give the calendar month of a day."""
        first = day.replace(day=1)
        following = (first + timedelta(days=31)).replace(day=1)
        return cls(first, following - ONE_DAY)

    @property
    def days(self) -> Iterator[date]:
        """Give each of them."""
        return (self.since + n * ONE_DAY for n in range((self.until - self.since).days + 1))


class Table(Struct, frozen=True):
    """What became of the complaints received on some days.

    ``rows`` go by value, the largest first. ``rest`` is what rows that are not shown have
    together; None where all are shown. ``missing`` names, by row, what is not to be shown there;
    what is left is under ``REST``, the total under ``TOTAL``. ``views`` say up to when each stream
    has been heard, and ``complete`` that all were heard beyond the last of the days.
    """

    dimension: str
    span: Span
    rows: Mapping[str, Parts]
    total: Parts
    rest: Parts | None
    views: Mapping[str, datetime | None]
    complete: bool
    missing: Mapping[str, frozenset[str]] = {}

    def public(self, named: Callable[[str], bool] = lambda _value: True) -> Table:
        """Give what everybody may see.

        Small rows are put together with others, unnamed, and so is every row whose value may not
        be ``named``; in those that are left, and in the total, small numbers are kept back,
        measure by measure, as on the board. Of so few that all are put together nothing is said
        but that they were received.
        """
        rows = {value: parts for value, parts in self.rows.items() if named(value)}
        strange = [parts for value, parts in self.rows.items() if value not in rows]
        if strange:
            rows[REST] = added(strange)
        unnamed = hidden({value: parts.get(RECEIVED, 0) for value, parts in rows.items()})
        unnamed |= rows.keys() & {REST}
        shown = {value: parts for value, parts in rows.items() if value not in unnamed}
        rest = added(rows[value] for value in unnamed) if unnamed else None
        counted = {value: reached(parts) for value, parts in shown.items()}
        if rest is not None:
            counted[REST] = reached(rest)
        missing = {**kept_back(counted, GROUPS), TOTAL: small(reached(self.total), GROUPS)}
        if is_small(self.total.get(RECEIVED, 0)):
            missing |= dict.fromkeys((REST, TOTAL), frozenset[str]().union(*GROUPS))
        return replace(self, rows=shown, rest=rest, missing=missing)

    def only(self, value: str) -> Table:
        """Give one row and nothing that tells of others; without complaints it is empty."""
        row = self.rows.get(value, {})
        return replace(self, rows={value: row}, total=row, rest=None)

    def those(self, seen: Callable[[str], bool]) -> Table:
        """Give the rows that are seen, and a total of nothing else."""
        rows = {value: parts for value, parts in self.rows.items() if seen(value)}
        return replace(self, rows=rows, total=added(rows.values()), rest=None)


class Days(Protocol):
    """Where rows of days are found."""

    async def matching(self, field: str, value: str, limit: int) -> list[Document[Performance]]:
        """Read by a value of an indexed field. Raises Away."""


class Local:
    """Something that goes by the local days of a zone."""

    def __init__(self, zone: ZoneInfo, time: Time) -> None:
        """Read the time off a clock that hangs in a zone."""
        self.zone, self._time = zone, time

    def today(self) -> date:
        """Give the local date."""
        return self._time.under().now.astimezone(self.zone).date()

    def heard_through(self, views: Mapping[str, datetime | None], day: date) -> bool:
        """Say whether every stream has been heard beyond a day, by the beats of its teller."""
        end = Calendar(self.zone).end_of(day)
        return all(through is not None and through >= end for through in views.values())


class Tables(Local):
    """Adds up rows of days."""

    def __init__(
        self,
        rows: Days,
        views: Callable[[], Awaitable[Mapping[str, datetime]]],
        zone: ZoneInfo,
        time: Time,
    ) -> None:
        """Read rows and the state of the views, by the local days of a zone."""
        super().__init__(zone, time)
        self._rows, self._views = rows, views

    async def of(self, dimension: Dimension, span: Span) -> Table:
        """Give a table by agency, category or area. Raises Away and Refused."""
        return await self._table(dimension, dimension, span, lambda row: row.value)

    async def by_day(self, span: Span) -> Table:
        """Give a table with a row for each day on which something was received."""
        table = await self._table("day", Dimension.AGENCY, span, lambda row: row.day)
        return replace(table, rows=dict(sorted(table.rows.items())))

    def _check(self, span: Span) -> None:
        if not FIRST_DAY <= span.since <= self.today():
            detail = f"There are tables from {FIRST_DAY} to {self.today()}."
            raise Refused(422, "no_such_day", detail, "since")
        if not 0 <= (span.until - span.since).days < LONGEST_SPAN:
            detail = f"A table is of 1 to {LONGEST_SPAN} days; its last is not before its first."
            raise Refused(422, "no_such_span", detail, "until")

    async def _sums(
        self, dimension: Dimension, span: Span, name: Callable[[Performance], str]
    ) -> dict[str, dict[str, int]]:
        """Add up day by day, by a name of each row, so that one day's rows are held at a time."""
        sums: dict[str, dict[str, int]] = {}
        left = MOST_ADDED
        for day in span.days:
            page = f"{dimension}|{day}"
            found = await self._rows.matching("page", page, LONGEST_TABLE + 1)
            by_name: dict[str, list[Parts]] = {}
            for document in found:
                by_name.setdefault(name(document.state), []).append(document.state.parts)
            sums |= {each: added((sums.get(each, {}), *many)) for each, many in by_name.items()}
            if max(len(found), len(sums)) > LONGEST_TABLE:
                detail = f"There are more than {LONGEST_TABLE} rows by {dimension}."
                raise Refused(503, "too_many_rows", detail)
            left -= len(found)
            if left < 0:
                detail = f"That would add up more than {MOST_ADDED} rows: ask for fewer days."
                raise Refused(422, "too_many_rows", detail, "until")
        return sums

    async def _table(
        self, title: str, dimension: Dimension, span: Span, name: Callable[[Performance], str]
    ) -> Table:
        self._check(span)
        heard = await self._views()  # first: what is heard while rows are read is not in them
        sums = await self._sums(dimension, span, name)
        rows = {value: parts for value, parts in sums.items() if parts.get(RECEIVED)}
        order = sorted(rows, key=lambda value: (-rows[value][RECEIVED], value))
        views = {stream: heard.get(stream) for stream in STREAMS}
        return Table(
            dimension=title,
            span=span,
            rows={value: rows[value] for value in order},
            total=added(rows.values()),
            rest=None,
            views=views,
            complete=self.heard_through(views, span.until),
        )
