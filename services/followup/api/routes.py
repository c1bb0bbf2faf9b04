"""The routes of the liaison officer's door."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response

from services.followup.api.acting import Acting
from services.followup.api.messages import (
    After,
    CaseOut,
    CaseWithHistoryOut,
    DeskOut,
    DueOut,
    WhyOut,
    place,
)
from services.followup.api.sent import DeclineIn, ResolveIn, RespondIn
from services.followup.domain.case import Case
from services.followup.handlers import LONGEST_PAGE, Followup
from shared.contracts.vocabulary import AgencyCode
from shared.runtime.access import Admitted, Officer
from shared.runtime.document import Document
from shared.runtime.web import create_router, etag, seen_page
from shared.ui.speech import Language


async def _agency_of(who: Admitted) -> str:
    assert who.sight.agency is not None  # noqa: S101 - the table lets nobody in without one
    return who.sight.agency


Agency = Annotated[str, Depends(_agency_of)]
"""The agency for which the officer speaks."""


def create_api(followup: Followup) -> APIRouter:
    """Build the routes."""
    api = create_router(prefix="/api/v1/cases", tags=["liaison"])

    async def _read(complaint: str, who: Officer) -> Document[Case]:
        return await followup.show(complaint, who.sight, watching=who.sight.agency is None)

    @api.get("")
    async def cases(
        agency: Agency,
        stage: Literal["open", "answered"] = "open",
        after: Annotated[After | None, Query()] = None,
        limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 50,
        unit: Annotated[AgencyCode | None, Query(description="Only of this unit.")] = None,
    ) -> DeskOut:
        """List the cases of the agency, or of a unit, of a stage, the one due first at the top."""
        return await page(partial(followup.waiting, agency, stage, unit=unit), agency, after, limit)

    @api.get("/{complaint}")
    async def show(complaint: str, who: Admitted, response: Response) -> CaseWithHistoryOut:
        """Show one case; its ETag is what a change has to bring in If-Match.

        Who watches over an area reads what lies in it, but no drafts and no confidential reports.
        """
        return answer(await _read(complaint, who), who.sight.agency, response)

    @api.get("/{complaint}/why")
    async def why(complaint: str, who: Admitted, language: Language) -> WhyOut:
        """Explain each due date: when it began and why, which days did not count, which policy."""
        document = await _read(complaint, who)
        version, clocks = followup.why(document, language)
        return WhyOut(
            complaint=complaint,
            revision=document.revision,
            policy=version,
            clocks=[DueOut.of(each) for each in clocks],
        )

    @api.post("/{complaint}/responses")
    async def respond(body: RespondIn, agency: Agency, act: Acting) -> CaseWithHistoryOut:
        """Answer the reporter (tanggapan); an interim answer leaves the work open.

        Where the agency wants that, the answer is a draft until its leader has approved it.
        """
        document = await followup.respond(act.complaint, body.said(agency), act.request, act.seen)
        return answer(document, agency, act.response)

    @api.post("/{complaint}/decline")
    async def decline(body: DeclineIn, agency: Agency, act: Acting) -> CaseWithHistoryOut:
        """Send the complaint back: not this agency's competence (bukan wewenang)."""
        document = await followup.decline(act.complaint, agency, body.reason, act.request, act.seen)
        return answer(document, agency, act.response)

    @api.post("/{complaint}/resolution")
    async def resolve(body: ResolveIn, agency: Agency, act: Acting) -> CaseWithHistoryOut:
        """Close a case that was answered (selesai)."""
        document = await followup.resolve(act.complaint, agency, body.note, act.request, act.seen)
        return answer(document, agency, act.response)

    return api


async def page(
    read: Callable[[str, int], Awaitable[list[Document[Case]]]],
    agency: str,
    after: str | None,
    limit: int,
) -> DeskOut:
    """Show a page of an agency's cases, which are due first at the top."""
    found, more = await seen_page(read, lambda _each: True, place, after or "", limit)
    return DeskOut(items=[CaseOut.of(document, agency) for document in found], next=more)


def answer(document: Document[Case], reader: str | None, response: Response) -> CaseWithHistoryOut:
    """Show a case, under the revision that a change has to bring; see ``CaseWithHistoryOut``."""
    response.headers["etag"] = etag(document.revision)
    return CaseWithHistoryOut.of(document, reader)
