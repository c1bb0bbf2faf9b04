"""The door of those before whom a case is brought that nobody has followed up."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel

from services.followup.api.messages import After
from services.followup.domain.case import Case
from services.followup.domain.policy import Term
from services.followup.handlers import LONGEST_PAGE, Followup
from shared.runtime.access import Admitted
from shared.runtime.document import Document
from shared.runtime.web import create_router, seen_page


class EscalatedOut(BaseModel):
    """A case that nobody has followed up; of a confidential report nothing that it says."""

    complaint: str
    tracking_number: str | None
    agency: str | None
    level: str | None
    stage: str
    turn: int
    received_at: datetime | None
    respond_by: date | None
    title: str | None

    @classmethod
    def of(cls, document: Document[Case]) -> EscalatedOut:
        """Show a document to those who watch."""
        state = document.state
        return cls(
            complaint=document.id,
            tracking_number=state.tracking_number,
            agency=state.agency,
            level=state.escalated,
            stage=state.stage,
            turn=state.turn,
            received_at=state.received_at,
            respond_by=state.due_on(Term.RESPOND),
            title=None if state.confidential else state.title,
        )


class LadderOut(BaseModel):
    """A page of escalated cases; ``next`` continues it, None at its end."""

    items: list[EscalatedOut]
    next: str | None


def create_ladder(followup: Followup) -> APIRouter:
    """Build the routes."""
    api = create_router(prefix="/api/v1/escalations", tags=["superior"])

    @api.get("")
    async def escalations(
        who: Admitted,
        level: Literal["superior", "oversight"] = Term.OVERSIGHT.value,
        after: Annotated[After | None, Query()] = None,
        limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 50,
    ) -> LadderOut:
        """List what nobody has followed up (eskalasi), the longest waiting first.

        A leader of an agency sees all of that; others what was brought before a level, everywhere
        or in the area they watch over, so that a page may be short.
        """
        shown, more = await seen_page(
            partial(followup.escalated, who.sight.agency, level),
            lambda each: who.sight.covers(each.state.area),
            lambda each: f"{each.state.due_on(Term.RESPOND)}/{each.id}",
            after or "",
            limit,
        )
        return LadderOut(items=[EscalatedOut.of(each) for each in shown], next=more)

    return api
