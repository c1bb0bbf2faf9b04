"""Figures for everybody: of a day, and as a stream. Nothing here is about one complaint."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from services.metrics.api.indicators import InstitutionsOut
from services.metrics.api.messages import AsOf
from services.metrics.handlers import FIRST_DAY, MEASURES, AgencyFigures, Board, Boards, Census
from shared.contracts.register import AgencyEdition
from shared.contracts.vocabulary import AgencyCode
from shared.runtime.document import Refused
from shared.runtime.web import create_router
from shared.ui import Live, event


class CountsOut(BaseModel):
    """How many complaints reached each measure.

    A number is null where it is below five, or keeps such a one company: of what all agencies
    have together it could be computed. That total is null where it is below five, but for
    ``received``: a complaint is received before anybody decides whose it is, so this is null at
    every agency, and tells of none.
    """

    agency: str | None
    name: str | None = None
    """What the register calls the agency today; None where it tells of none."""
    received: int | None = 0
    routed: int | None = 0
    answered: int | None = 0
    resolved: int | None = 0
    overdue: int | None = 0


class FiguresOut(BaseModel):
    """The figures of one local day.

    ``complete`` says that all streams have been heard beyond the day. ``total`` adds up everything,
    ``agencies`` what one agency is concerned with.
    """

    node: str
    day: date
    time_zone: str
    as_of: AsOf
    complete: bool
    total: CountsOut
    agencies: list[CountsOut]


class Api:
    """The interface, and the stream that listeners share."""

    def __init__(
        self, boards: Boards, agencies: Mapping[str, AgencyEdition], census: Census, node: str
    ) -> None:
        """Show what is on the boards, with agencies by the names that the register tells."""
        self._boards, self._agencies, self._census = boards, agencies, census
        self._node = node
        self._live = Live(self._parts, _written)

    def close(self) -> None:
        """End the stream."""
        self._live.close()

    def routes(self) -> APIRouter:
        """Build the routes."""
        api = create_router("/api/v1", ["figures"])

        @api.get("/figures")
        async def figures(
            day: Annotated[date | None, Query(description="Local day; today if left out.")] = None,
            agency: Annotated[AgencyCode | None, Query(description="Only this agency.")] = None,
        ) -> FiguresOut:
            """Give the figures of one day, at most one row per agency, or of a known one."""
            today = self._boards.today()
            day = day or today
            if not FIRST_DAY <= day <= today:
                detail = f"There are figures from {FIRST_DAY} to {today}."
                raise Refused(422, "no_such_day", detail, "day")
            board = await (self._boards.live() if day == today else self._boards.day(day))
            self._check(board, agency)
            return self._out(board, agency)

        @api.get(
            "/stream",
            response_class=Response,
            responses={
                200: {
                    "description": "Server-sent events. The first, `snapshot`, has everything of "
                    "today; each `change` after it has the rows that changed, to be put in the "
                    "place of the old ones. When `day` changes, begin with no rows. "
                    "`institutions` is what the indicators have of them.",
                    "content": {"text/event-stream": {"schema": {"type": "string"}}},
                }
            },
        )
        async def stream() -> Response:
            """Follow the figures of today."""
            return self._live.response()

        return api

    def _check(self, board: Board, agency: str | None) -> None:
        """Refuse an agency that neither the register nor a row of the day names."""
        if agency in {None, *self._agencies, *(each.agency for each in board.agencies)}:
            return
        detail = f"There is no agency {agency!r} in the register, nor in the figures of that day."
        raise Refused(422, "unknown_agency", detail, "agency")

    def _out(self, board: Board, agency: str | None) -> FiguresOut:
        rows = [self._row(each) for each in board.agencies]
        return FiguresOut(
            node=self._node,
            day=board.day,
            time_zone=str(self._boards.zone),
            as_of=dict(board.views),
            complete=self._boards.heard_through(board.views, board.day),
            total=CountsOut(
                agency=None, **{**_counts(board.counts), **dict.fromkeys(board.hidden)}
            ),
            agencies=[row for row in rows if agency is None or row.agency == agency],
        )

    def _row(self, figures: AgencyFigures) -> CountsOut:
        edition = self._agencies.get(figures.agency)
        name = edition.name if edition else None
        counts = {**_counts(figures.counts), **dict.fromkeys(figures.hidden), "received": None}
        return CountsOut(agency=figures.agency, name=name, **counts)

    async def _parts(self) -> dict[str, Any]:
        out = self._out(await self._boards.live(), None).model_dump(mode="json")
        agencies, total = out.pop("agencies"), out.pop("total")
        whole = {"total": total, "institutions": InstitutionsOut.of(self._census).model_dump()}
        return {"": out, **whole, **{f"agency {row['agency']}": row for row in agencies}}


def _counts(counts: Mapping[str, int]) -> dict[str, Any]:
    return {measure: counts.get(measure, 0) for measure in MEASURES}


def _written(parts: Mapping[str, Any], first: bool) -> bytes:  # noqa: FBT001
    rows = [row for name, row in parts.items() if name.startswith("agency ")]
    said = dict(parts.get("", {}))
    said |= {each: parts[each] for each in ("total", "institutions") if each in parts}
    if rows or first:
        said["agencies"] = rows
    return event("snapshot" if first else "change", orjson.dumps(said).decode())
