"""The leader's door: answers that wait for approval (persetujuan pimpinan)."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query

from services.followup.api.acting import Acting
from services.followup.api.messages import After, CaseWithHistoryOut, DeskOut
from services.followup.api.routes import Agency, answer, page
from services.followup.api.sent import ReturnIn
from services.followup.handlers import LONGEST_PAGE, Followup
from shared.runtime.web import NO_BODY, create_router


def create_drafts(followup: Followup) -> APIRouter:
    """Build the routes."""
    api = create_router(prefix="/api/v1/drafts", tags=["leader"])

    @api.get("")
    async def drafts(
        agency: Agency,
        after: Annotated[After | None, Query()] = None,
        limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 50,
    ) -> DeskOut:
        """List the cases whose answer waits for approval, the one due first at the top.

        ``GET /api/v1/cases/{complaint}`` shows one, with the ETag that a decision brings.
        """
        return await page(partial(followup.unapproved, agency), agency, after, limit)

    @api.post("/{complaint}/approval", dependencies=[NO_BODY])
    async def approve(agency: Agency, act: Acting) -> CaseWithHistoryOut:
        """Approve the answer: the reporter reads it, and the clock of the first response stops."""
        document = await followup.approve(act.complaint, agency, act.request, act.seen)
        return answer(document, agency, act.response)

    @api.post("/{complaint}/return")
    async def send_back(body: ReturnIn, agency: Agency, act: Acting) -> CaseWithHistoryOut:
        """Send the answer back to the liaison officer, with what is wrong (dikembalikan)."""
        document = await followup.send_back(
            act.complaint, agency, body.reason, act.request, act.seen
        )
        return answer(document, agency, act.response)

    return api
