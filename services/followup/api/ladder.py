"""The door of those before whom a case is brought that nobody has followed up."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from services.followup.api.messages import After, EscalatedOut, LadderOut
from services.followup.domain.policy import Term
from services.followup.handlers import LONGEST_PAGE, Followup
from shared.runtime.access import Admitted
from shared.runtime.web import create_router


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

        A leader of an agency sees all of that; others what was brought before a level, everywhere.
        """
        found = await followup.escalated(who.sight.agency, level, after, limit)
        last = found[-1].state if len(found) == limit else None
        return LadderOut(
            items=[EscalatedOut.of(document) for document in found],
            next=f"{last.due_on(Term.RESPOND)}/{last.complaint}" if last else None,
        )

    return api
