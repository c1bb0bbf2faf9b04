"""Performance over HTTP: by month for everybody, by any days for officers."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from services.metrics.api.messages import COLUMNS, TableOut
from services.metrics.api.sheet import sheet
from services.metrics.handlers import FIRST_DAY, Span, Table, Tables
from shared.contracts.metrics import Dimension
from shared.contracts.wording import Worded
from shared.runtime.access import Admitted, Sight
from shared.runtime.document import Refused
from shared.runtime.web import create_router

Month = Annotated[
    str,
    Worded(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", sentence="A month looks like 2026-03."),
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


Categories = Callable[[], Collection[str]]
"""Gives the categories that everybody may read: those of the register."""


def performance_routes(tables: Tables, categories: Categories, node: str) -> APIRouter:
    """Build the routes. Columns and fields stay; new ones are added behind them."""
    api = create_router("/api/v1", ["performance"])

    async def of_month(by: By, month: str | None) -> TableOut:
        today = tables.today()
        day = date.fromisoformat(f"{month}-01") if month else today
        if not FIRST_DAY <= day <= today:
            detail = f"There are tables from {FIRST_DAY:%Y-%m} to {today:%Y-%m}."
            raise Refused(422, "no_such_month", detail, "month")
        table = _public(await _read(tables, by, Span.month(day)), by, categories)
        return TableOut.of(node, str(tables.zone), table, public=True)

    async def of_days(by: By, span: Span, sight: Sight) -> TableOut:
        table = await _read(tables, _asked(by, sight), span)
        if sight.agency is not None:
            table = table.only(sight.agency)
        if sight.area is not None:
            table = table.those(sight.covers)
        return TableOut.of(node, str(tables.zone), table, public=False)

    @api.get(
        "/performance/{by}.csv",
        response_class=Response,
        responses=CSV,
    )
    async def performance_sheet(by: By, month: InMonth = None) -> Response:
        """Give the table of a month as CSV, with small rows put together."""
        return _sheet(await of_month(by, month))

    @api.get("/performance/{by}")
    async def performance(by: By, month: InMonth = None) -> TableOut:
        """Give the table of a month, with small rows put together."""
        return await of_month(by, month)

    @api.get("/officers/performance/{by}.csv", response_class=Response, responses=CSV)
    async def officers_sheet(by: By, since: Since, until: Until, who: Admitted) -> Response:
        """Give every row of any days as CSV, to officers who may see it."""
        return _sheet(await of_days(by, Span(since, until), who.sight))

    @api.get("/officers/performance/{by}")
    async def officers_table(by: By, since: Since, until: Until, who: Admitted) -> TableOut:
        """Give every row of any days, to officers who may see it."""
        return await of_days(by, Span(since, until), who.sight)

    return api


async def _read(tables: Tables, by: By, span: Span) -> Table:
    if by == By.DAY:
        return await tables.by_day(span)
    return await tables.of(Dimension(by), span)


def _public(table: Table, by: By, categories: Categories) -> Table:
    """Give what everybody may see, without the categories that are a stranger's word."""
    if by != By.CATEGORY:
        return table.public()
    return table.public({"", *categories()}.__contains__)  # empty: none is known yet


def _asked(by: By, sight: Sight) -> By:
    """Let through what can be bounded; raises Refused."""
    bound = By.AGENCY if sight.agency is not None else By.AREA if sight.area is not None else by
    if by is not bound:
        raise Refused(403, "not_yours", f"Your token shows the rows of your own: ask by {bound}.")
    return by


def _sheet(table: TableOut) -> Response:
    name = f"{table.node}-{table.dimension}-{table.since}-{table.until}"
    return sheet(name, COLUMNS, table.lines())
