"""Performance over HTTP: by month for everybody, by any days for officers."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from services.metrics.api.messages import COLUMNS, TableOut
from services.metrics.api.sheet import sheet
from services.metrics.handlers import Span, Table, Tables
from shared.contracts.metrics import Dimension
from shared.contracts.wording import Worded
from shared.runtime.access import Officer, Role, officer, public
from shared.runtime.document import Refused
from shared.runtime.web import create_router

Month = Annotated[
    str,
    Worded(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", sentence="A month looks like 2026-03."),
]
EVERYTHING = frozenset({Role.COORDINATOR, Role.OVERSEER, Role.OPERATOR})
"""Roles that see all agencies of the node; others see their own."""
Reader = Annotated[
    Officer,
    Depends(officer(Role.COORDINATOR, Role.LIAISON, Role.LEADER, Role.OVERSEER, Role.OPERATOR)),
]
CSV: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}}
}


class By(StrEnum):
    """What the rows of a table are."""

    AGENCY = "agency"
    CATEGORY = "category"
    AREA = "area"
    DAY = "day"


InMonth = Annotated[Month | None, Query(description="Calendar month; this one if left out.")]
Since = Annotated[date, Query(description="First local day of receipt.")]
Until = Annotated[date, Query(description="Last local day of receipt.")]


def performance_routes(tables: Tables, node: str) -> APIRouter:
    """Build the routes. Columns and fields stay; new ones are added behind them."""
    api = create_router("/api/v1", ["performance"])

    async def of_month(by: By, month: str | None) -> TableOut:
        day = date.fromisoformat(f"{month}-01") if month else tables.today()
        table = await _read(tables, by, Span.month(day))
        return TableOut.of(
            node, str(tables.zone), table.public() if by != By.DAY else table, public=True
        )

    async def of_days(by: By, span: Span, who: Officer) -> TableOut:
        table = await _read(tables, by, span) if _sees(who, by) else None
        if table is None:
            detail = "Your token shows the rows of your agency: ask by agency."
            raise Refused(403, "not_yours", detail)
        if not who.roles & EVERYTHING:
            table = table.only(who.agency or "")
        return TableOut.of(node, str(tables.zone), table, public=False)

    @api.get(
        "/performance/{by}.csv",
        dependencies=[Depends(public)],
        response_class=Response,
        responses=CSV,
    )
    async def performance_sheet(by: By, month: InMonth = None) -> Response:
        """Give the table of a month as CSV, with small rows put together."""
        return _sheet(await of_month(by, month))

    @api.get("/performance/{by}", dependencies=[Depends(public)])
    async def performance(by: By, month: InMonth = None) -> TableOut:
        """Give the table of a month, with small rows put together."""
        return await of_month(by, month)

    @api.get("/officers/performance/{by}.csv", response_class=Response, responses=CSV)
    async def officers_sheet(by: By, since: Since, until: Until, who: Reader) -> Response:
        """Give every row of any days as CSV, to officers who may see it."""
        return _sheet(await of_days(by, Span(since, until), who))

    @api.get("/officers/performance/{by}")
    async def officers_table(by: By, since: Since, until: Until, who: Reader) -> TableOut:
        """Give every row of any days, to officers who may see it."""
        return await of_days(by, Span(since, until), who)

    return api


async def _read(tables: Tables, by: By, span: Span) -> Table:
    if by == By.DAY:
        return await tables.by_day(span)
    return await tables.of(Dimension(by), span)


def _sees(who: Officer, by: By) -> bool:
    return bool(who.roles & EVERYTHING) or (by == By.AGENCY and who.agency is not None)


def _sheet(table: TableOut) -> Response:
    name = f"{table.node}-{table.dimension}-{table.since}-{table.until}"
    return sheet(name, COLUMNS, table.lines())
