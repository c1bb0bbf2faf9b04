"""How rows of performance look over HTTP and as CSV."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from services.metrics.api.sheet import Field as Cell
from services.metrics.domain.cohort import (
    FOLLOWED_UP,
    OVERDUE,
    RECEIVED,
    RESOLVED,
    SPREADS,
    Parts,
    spread_of,
)
from services.metrics.domain.hiding import SMALLEST
from services.metrics.domain.share import Band, Share
from services.metrics.handlers import Table
from services.metrics.handlers.tables import REST, TOTAL

AsOf = Annotated[
    dict[str, datetime | None],
    Field(
        description="By stream, the time up to which it has been heard for certain; null where "
        "that is not known yet. Figures move at once, by minutes. Every few seconds each service "
        "tells a beat, which vouches for all that it did until a minute before: so this lies about "
        "a minute behind."
    ),
]
NOT_SHOWN = "tidak ditampilkan"
SHARES = (FOLLOWED_UP, RESOLVED, OVERDUE)
COLUMNS = (
    *("node", "dimension", "row", "value", "since", "until", "complete", "received"),
    *(column for share in SHARES for column in (share, f"{share}_percent", f"{share}_band")),
    *(
        f"{spread}_{what}"
        for spread in SPREADS
        for what in ("count", "mean_minutes", "median_minutes", "p90_minutes")
    ),
)
"""Columns of a table as CSV. New ones come after these."""


class ShareOut(BaseModel):
    """So many of so many, rounded half up to one decimal.

    In public tables all but the denominator is null where the number is below five, in the total,
    too, or keeps such a one company; and all are of a month that had fewer than five.

    Of no complaints there is no percentage: ``percent`` and ``band`` are null then. Bands are
    below 50 %, 50 to 75 %, above 75 to 90 % and above 90 %, of the share before it is rounded.
    """

    numerator: int | None
    denominator: int
    percent: float | None
    band: Band | None
    text: str

    @classmethod
    def of(cls, numerator: int, denominator: int, *, shown: bool) -> ShareOut:
        """Write a share."""
        if not shown:
            said = NOT_SHOWN
            return cls(numerator=None, denominator=denominator, percent=None, band=None, text=said)
        share = Share(numerator, denominator)
        return cls(
            numerator=numerator,
            denominator=denominator,
            percent=share.percent,
            band=share.band,
            text=str(share),
        )


class LengthsOut(BaseModel):
    """How long it took, of so many, in minutes.

    Median and p90 are read from buckets and are at most 5 % off; the mean is exact. Null where
    there is nothing, and in public tables where there are fewer than five, or as with shares.
    """

    count: int | None
    mean_minutes: float | None
    median_minutes: float | None
    p90_minutes: float | None

    @classmethod
    def of(cls, parts: Parts, name: str, *, fewest: int, shown: bool) -> LengthsOut:
        """Write a distribution, but none of fewer than so many."""
        spread = spread_of(parts, name)
        if not shown or 0 < spread.count < fewest:
            return cls(count=None, mean_minutes=None, median_minutes=None, p90_minutes=None)
        mean, median, p90 = spread.mean, spread.quantile(50), spread.quantile(90)
        return cls(
            count=spread.count,
            mean_minutes=None if mean is None else round(mean, 1),
            median_minutes=None if median is None else round(median, 1),
            p90_minutes=None if p90 is None else round(p90, 1),
        )


class RowOut(BaseModel):
    """What became by now of the complaints received in the span.

    ``followed_up`` (tindak lanjut) is answered or done, ``resolved`` (penyelesaian) is done, both
    of those received. ``response`` and ``resolution`` run from the receipt, ``handling`` from the
    disposition to the agency that has it.
    """

    value: str | None
    received: int
    followed_up: ShareOut
    resolved: ShareOut
    overdue: ShareOut
    response: LengthsOut
    handling: LengthsOut
    resolution: LengthsOut

    @classmethod
    def of(
        cls, value: str | None, parts: Parts, *, fewest: int, missing: Collection[str] = ()
    ) -> RowOut:
        """Write a row, without what is not to be shown of it."""
        received = parts.get(RECEIVED, 0)
        followed_up, resolved, overdue = (
            ShareOut.of(parts.get(name, 0), received, shown=name not in missing) for name in SHARES
        )
        response, handling, resolution = (
            LengthsOut.of(parts, name, fewest=fewest, shown=name not in missing) for name in SPREADS
        )
        return cls(
            value=value,
            received=received,
            followed_up=followed_up,
            resolved=resolved,
            overdue=overdue,
            response=response,
            handling=handling,
            resolution=resolution,
        )

    def fields(self) -> Iterator[Cell]:
        """Give what stands in the columns from ``received`` on."""
        yield self.received
        for share in (self.followed_up, self.resolved, self.overdue):
            yield from (share.numerator, share.percent, share.band)
        for each in (self.response, self.handling, self.resolution):
            yield from (each.count, each.mean_minutes, each.median_minutes, each.p90_minutes)


class TableOut(BaseModel):
    """Rows of one dimension, and their total.

    ``value`` is empty where it is not known yet. ``rest`` is null where all rows are shown; in a
    public table it puts together what has fewer than five complaints with as much else as keeps
    each of them from being computed, and categories that the register does not name, which whoever
    reports may have written. ``complete`` says that all streams were heard beyond the last day.
    """

    node: str
    dimension: str
    since: date
    until: date
    time_zone: str
    as_of: AsOf
    complete: bool
    total: RowOut
    rows: list[RowOut]
    rest: RowOut | None

    @classmethod
    def of(cls, node: str, zone: str, table: Table, *, public: bool) -> TableOut:
        """Write a table; a public one only gives lengths of enough complaints."""
        fewest = SMALLEST if public else 1

        def row(name: str, value: str | None, parts: Parts) -> RowOut:
            return RowOut.of(value, parts, fewest=fewest, missing=table.missing.get(name, ()))

        return cls(
            node=node,
            dimension=table.dimension,
            since=table.span.since,
            until=table.span.until,
            time_zone=zone,
            as_of=dict(table.views),
            complete=table.complete,
            total=row(TOTAL, None, table.total),
            rows=[row(value, value, parts) for value, parts in table.rows.items()],
            rest=None if table.rest is None else row(REST, None, table.rest),
        )

    def lines(self) -> Iterator[list[Cell]]:
        """Give the lines of a sheet: rows, what is left, the total."""
        span = (str(self.since), str(self.until), self.complete)
        for kind, rows in (("value", self.rows), ("rest", [self.rest]), ("total", [self.total])):
            for row in rows:
                if row is not None:
                    yield [self.node, self.dimension, kind, row.value, *span, *row.fields()]
