"""The door of agencies that contribute to an answer which another one gives."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict

from services.followup.api.acting import Acting
from services.followup.api.messages import After, place
from services.followup.api.report import ReportOut, report_of
from services.followup.api.routes import Agency
from services.followup.domain.case import Case
from services.followup.domain.contributing import partners
from services.followup.domain.policy import Term
from services.followup.handlers import LONGEST_PAGE, Contributions
from shared.contracts.wording import Writing
from shared.runtime.document import Document
from shared.runtime.web import create_router, etag, seen_page


class ContributeIn(BaseModel):
    """What the agency that answers should know; the reporter does not read it."""

    model_config = ConfigDict(extra="forbid")

    text: Writing


class ContributionOut(BaseModel):
    """An agency that was asked, and what it has given; its last words stand."""

    agency: str
    text: str | None
    at: datetime | None


class SharedCaseOut(ReportOut):
    """A case to which several agencies contribute; ``agency`` answers and bears the clocks.

    Nothing here says who the reporter is, or what the agency that answers has drafted.
    """

    complaint: str
    revision: int
    tracking_number: str | None
    stage: str
    agency: str | None
    turn: int
    received_at: datetime | None
    respond_by: date | None
    complete_by: date | None
    confidential: bool
    withdrawn: bool
    contributions: list[ContributionOut]

    @classmethod
    def of(cls, document: Document[Case]) -> SharedCaseOut:
        """Show a case to those who contribute."""
        state = document.state
        given = [
            ContributionOut(
                agency=each.agency, text=each.words.text if each.words else None, at=each.at
            )
            for each in partners(state)
        ]
        return cls(
            **report_of(state),
            complaint=document.id,
            revision=document.revision,
            tracking_number=state.tracking_number,
            stage=state.stage,
            agency=state.agency,
            turn=state.turn,
            received_at=state.received_at,
            respond_by=state.due_on(Term.RESPOND),
            complete_by=state.due_on(Term.COMPLETE),
            confidential=state.confidential,
            withdrawn=state.withdrawn,
            contributions=given,
        )


class SharedOut(BaseModel):
    """Cases to which the agency has not contributed yet; ``next`` continues the page."""

    items: list[SharedCaseOut]
    next: str | None


def create_contributions(contributions: Contributions) -> APIRouter:
    """Build the routes."""
    api = create_router(prefix="/api/v1/contributions", tags=["contributor"])

    @api.get("")
    async def waiting(
        agency: Agency,
        after: Annotated[After | None, Query()] = None,
        limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 50,
    ) -> SharedOut:
        """List the cases to which the agency was asked to contribute and has not, due first."""
        found, more = await seen_page(
            partial(contributions.waiting, agency), lambda _each: True, place, after or "", limit
        )
        return SharedOut(items=[SharedCaseOut.of(document) for document in found], next=more)

    @api.get("/{complaint}")
    async def show(complaint: str, agency: Agency, response: Response) -> SharedCaseOut:
        """Show such a case to an agency that answers it or contributes."""
        return _shown(await contributions.show(complaint, agency), response)

    @api.post("/{complaint}")
    async def contribute(body: ContributeIn, agency: Agency, act: Acting) -> SharedCaseOut:
        """Contribute to the answer (bahan jawaban); given again, the last words stand."""
        document = await contributions.give(act.complaint, agency, body.text, act.request, act.seen)
        return _shown(document, act.response)

    return api


def _shown(document: Document[Case], response: Response) -> SharedCaseOut:
    response.headers["etag"] = etag(document.revision)
    return SharedCaseOut.of(document)
