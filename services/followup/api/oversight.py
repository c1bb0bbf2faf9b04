"""The door of those who watch over all agencies of an area, late or not (pengawas)."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel

from services.followup.api.ladder import EscalatedOut
from services.followup.api.messages import After, place
from services.followup.domain.case import Case
from services.followup.domain.policy import Term
from services.followup.handlers import LONGEST_PAGE, Followup
from shared.contracts.vocabulary import AgencyCode, AreaCode
from shared.runtime.access import Admitted, Sight
from shared.runtime.document import Document
from shared.runtime.web import create_router, seen_page


class WatchedOut(EscalatedOut):
    """A case as oversight sees it in a list: nobody's name, and of a confidential report no word.

    ``due_on`` is the date of what the agency owes next; ``overdue`` says that one has passed,
    ``excused`` for which clocks nobody is to blame.
    """

    due_on: date | None
    complete_by: date | None
    overdue: bool
    excused: tuple[str, ...]
    responses: int
    reopenings: int
    category: str | None
    area: str | None

    @classmethod
    def of(cls, document: Document[Case]) -> WatchedOut:
        """Show a document to those who watch."""
        state = document.state
        return cls(
            **EscalatedOut.of(document).model_dump(),
            due_on=state.due_first,
            complete_by=state.due_on(Term.COMPLETE),
            overdue=state.overdue,
            excused=tuple(sorted(state.excuses)),
            responses=state.responses,
            reopenings=state.reopenings,
            category=None if state.confidential else state.category,
            area=None if state.confidential else state.area,
        )


class WatchedPageOut(BaseModel):
    """A page of cases; ``next`` continues it, None at its end."""

    items: list[WatchedOut]
    next: str | None


def create_oversight(followup: Followup) -> APIRouter:
    """Build the routes."""
    api = create_router(prefix="/api/v1/oversight", tags=["oversight"])

    @api.get("/cases")
    async def cases(
        who: Admitted,
        stage: Literal["open", "answered"] = "open",
        agency: Annotated[AgencyCode | None, Query(description="Only of this agency.")] = None,
        area: Annotated[AreaCode | None, Query(description="Only of what lies in it.")] = None,
        after: Annotated[After | None, Query()] = None,
        limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 50,
    ) -> WatchedPageOut:
        """List the cases of every agency in the area that is watched over, the latest first.

        Where only an area is seen, or asked for, a page may be short, or empty, and still have a
        next one. By an area that is asked for no confidential report is found.
        """
        shown, more = await seen_page(
            partial(followup.watched, agency, stage),
            partial(_found, who.sight, area),
            place,
            after or "",
            limit,
        )
        return WatchedPageOut(items=[WatchedOut.of(each) for each in shown], next=more)

    return api


def _found(sight: Sight, area: str | None, document: Document[Case]) -> bool:
    """Say whether a case is in sight, and in the area that was asked for.

    That would tell where a confidential report is from.
    """
    state = document.state
    asked = area is None or (not state.confidential and Sight(area=area).covers(state.area))
    return asked and sight.covers(state.area)
