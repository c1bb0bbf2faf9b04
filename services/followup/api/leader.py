"""The leader's door: answers that wait for approval (persetujuan pimpinan)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.followup.api.messages import After, CaseWithHistoryOut, DeskOut
from services.followup.api.routes import Agency, answer, page
from services.followup.api.sent import ReturnIn
from services.followup.handlers import LONGEST_PAGE, Followup
from shared.runtime.access import Admitted
from shared.runtime.web import Asked, IfMatch, create_router


def create_drafts(followup: Followup) -> APIRouter:
    """Build the routes."""
    api = create_router(prefix="/api/v1/drafts", tags=["leader"])

    @api.get("")
    async def drafts(
        agency: Agency,
        after: Annotated[After | None, Query()] = None,
        limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 50,
    ) -> DeskOut:
        """List the cases whose answer waits for approval, the one due first at the top."""
        return page(await followup.unapproved(agency, after, limit), agency, limit)

    @api.get("/{complaint}")
    async def show(complaint: str, who: Admitted, response: Response) -> CaseWithHistoryOut:
        """Show one case with its draft; its ETag is what a decision has to bring in If-Match."""
        return answer(await followup.show(complaint, who.sight), who.sight.agency, response)

    @api.post("/{complaint}/approval")
    async def approve(
        complaint: str, agency: Agency, request: Asked, seen: IfMatch, response: Response
    ) -> CaseWithHistoryOut:
        """Approve the answer: the reporter reads it, and the clock of the first response stops."""
        document = await followup.approve(complaint, agency, request, seen)
        return answer(document, agency, response)

    @api.post("/{complaint}/return")
    async def send_back(
        complaint: str,
        body: ReturnIn,
        agency: Agency,
        request: Asked,
        seen: IfMatch,
        response: Response,
    ) -> CaseWithHistoryOut:
        """Send the answer back to the liaison officer, with what is wrong (dikembalikan)."""
        document = await followup.send_back(complaint, agency, body.reason, request, seen)
        return answer(document, agency, response)

    return api
