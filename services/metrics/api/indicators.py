"""What monitoring asks of a node (monev), in one answer: institutions and reports, with counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from fastapi import APIRouter, Response
from pydantic import BaseModel

from services.metrics.api.messages import AsOf, ShareOut, TableOut
from services.metrics.api.performance import CSV
from services.metrics.api.sheet import Field, sheet
from services.metrics.domain.share import Share
from services.metrics.handlers import Census, Span, Tables
from shared.contracts.metrics import Dimension
from shared.runtime.web import create_router

COLUMNS = (
    *("node", "indicator", "since", "until", "numerator", "denominator", "percent"),
    "complete",
)
"""Columns of the sheet. New ones come after these."""
NOBODY = "tidak ada instansi"


class InstitutionsShareOut(BaseModel):
    """So many institutions of so many, in whole percent, half up.

    Of no institutions there is no percentage: ``percent`` is null then.
    """

    numerator: int
    denominator: int
    percent: int | None
    text: str

    @classmethod
    def of(cls, share: Share) -> InstitutionsShareOut:
        """Write a share."""
        counts = f"({share.numerator}/{share.denominator})"
        return cls(
            numerator=share.numerator,
            denominator=share.denominator,
            percent=share.whole_percent,
            text=NOBODY if share.whole_percent is None else f"{share.whole_percent} % {counts}",
        )


class InstitutionsOut(BaseModel):
    """The institutions of the node today: the agencies of its register to which may be routed.

    ``connected`` (keterhubungan) have a decree (SK) in force, ``active`` (keaktifan) had an officer
    who read or wrote the register, or acted on a case, in the last 30 days; ``inactive`` had none.
    ``complete`` says that the register was heard through.
    """

    connected: InstitutionsShareOut
    active: InstitutionsShareOut
    inactive: InstitutionsShareOut
    complete: bool

    @classmethod
    def of(cls, census: Census) -> InstitutionsOut:
        """Write what is counted now."""
        found = census.now()
        shares = (found.connected, found.active, found.inactive)
        connected, active, inactive = map(InstitutionsShareOut.of, shares)
        return cls(connected=connected, active=active, inactive=inactive, complete=census.complete)


class IndicatorsOut(BaseModel):
    """The indicators of this node: of its institutions today, of its reports of this month.

    ``followed_up`` (tindak lanjut) and ``resolved`` (penyelesaian) are of the reports received from
    ``since`` to ``until``, as in the total of the public table; ``as_of`` says how current each of
    the other services' streams was, ``complete`` that all were heard beyond the last day.
    """

    node: str
    day: date
    institutions: InstitutionsOut
    since: date
    until: date
    as_of: AsOf
    complete: bool
    received: int
    followed_up: ShareOut
    resolved: ShareOut

    @classmethod
    def of(cls, day: date, institutions: InstitutionsOut, table: TableOut) -> IndicatorsOut:
        """Put them together."""
        total = table.total
        return cls(
            node=table.node,
            day=day,
            institutions=institutions,
            since=table.since,
            until=table.until,
            as_of=table.as_of,
            complete=table.complete,
            received=total.received,
            followed_up=total.followed_up,
            resolved=total.resolved,
        )

    def lines(self) -> Iterator[list[Field]]:
        """Give the lines of a sheet, one for each indicator."""
        here = self.institutions
        today = (self.day, self.day, here.complete)
        month = (self.since, self.until, self.complete)
        for name, (since, until, complete), share in (
            ("connected", today, here.connected),
            ("active", today, here.active),
            ("inactive", today, here.inactive),
            ("followed_up", month, self.followed_up),
            ("resolved", month, self.resolved),
        ):
            counts = (share.numerator, share.denominator, share.percent)
            yield [self.node, name, str(since), str(until), *counts, complete]


def indicator_routes(census: Census, tables: Tables, node: str) -> APIRouter:
    """Build the routes. Columns and fields stay; new ones are added behind them."""
    api = create_router("/api/v1", ["indicators"])

    async def now() -> IndicatorsOut:
        day = census.today()
        table = (await tables.of(Dimension.AGENCY, Span.month(day))).public()
        said = TableOut.of(node, str(tables.zone), table, public=True)
        return IndicatorsOut.of(day, InstitutionsOut.of(census), said)

    @api.get("/indicators.csv", response_class=Response, responses=CSV)
    async def indicators_sheet() -> Response:
        """Give the indicators of this node as CSV, a line for each."""
        said = await now()
        return sheet(f"{node}-indicators-{said.day}", COLUMNS, said.lines())

    @api.get("/indicators")
    async def indicators() -> IndicatorsOut:
        """Give the indicators of this node: decrees, activity, follow-up, resolution."""
        return await now()

    return api
