"""The door of those who decide on objections (keberatan): leaders, of an agency or of all."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.followup.api.acting import Acting
from services.followup.api.messages import After, CaseOut, CaseWithHistoryOut, DeskOut
from services.followup.api.routes import answer
from services.followup.api.sent import DecideIn
from services.followup.handlers import LONGEST_PAGE, Followup
from shared.runtime.access import Admitted
from shared.runtime.document import Refused
from shared.runtime.web import create_router, seen_page


def create_appeals(followup: Followup) -> APIRouter:
    """Build the routes."""
    api = create_router(prefix="/api/v1/appeals", tags=["leader"])

    @api.get("")
    async def appeals(
        who: Admitted,
        after: Annotated[After | None, Query()] = None,
        limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 50,
    ) -> DeskOut:
        """List the objections that wait for a decision, the one due first at the top.

        A leader of an agency sees those of that one; a leader of the node those of all; one from
        above the node none of a confidential report, so that a page may be short.
        """
        shown, more = await seen_page(
            partial(followup.appeals, who.sight.agency),
            lambda each: not (who.sight.above and each.state.confidential),
            lambda each: each.state.appeal_place,
            after or "",
            limit,
        )
        return DeskOut(items=[CaseOut.of(each, who.sight.agency) for each in shown], next=more)

    @api.get("/{complaint}")
    async def show(complaint: str, who: Admitted, response: Response) -> CaseWithHistoryOut:
        """Show a case whose objection waits; its ETag is what a decision brings in If-Match."""
        document = await followup.show(complaint, who.sight, watching=who.sight.above)
        if document.state.appeal is None:
            raise Refused(404, "not_found", "No objection waits in this case.")
        return answer(document, who.sight.agency, response)

    @api.post("/{complaint}/decision")
    async def decide(body: DecideIn, who: Admitted, act: Acting) -> CaseWithHistoryOut:
        """Decide on the objection (putusan keberatan); who had a part in the case may not.

        Upheld, the work is taken up again, its clock where it stood still.
        """
        agency = str((await followup.show(act.complaint, who.sight)).state.agency)
        said = body.said(agency)
        document = await followup.decide_appeal(act.complaint, said, act.request, act.seen)
        return answer(document, who.sight.agency, act.response)

    return api
