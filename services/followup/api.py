"""The liaison officer's door: the agency's cases, respond, decline, resolve."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict

from services.followup.domain.case import Case
from services.followup.handlers import LONGEST_PAGE, Followup
from shared.contracts.fact import Row
from shared.contracts.intake import Text
from shared.contracts.vocabulary import Clock
from shared.contracts.wording import Worded
from shared.runtime.access import Officer, Role, officer
from shared.runtime.document import Cause, Document, Refused
from shared.runtime.web import IdempotencyKey, IfMatch, Trace, create_router, etag

Liaison = Annotated[Officer, Depends(officer(Role.LIAISON))]


async def _agency_of(who: Liaison) -> str:
    if who.agency is None:
        raise Refused(403, "no_agency", "Your token names no agency, so there are no cases to see.")
    return who.agency


Agency = Annotated[str, Depends(_agency_of)]
"""The agency for which the officer speaks."""


async def _asked(who: Liaison, key: IdempotencyKey, trace: Trace) -> Cause:
    return who.request(key, trace)


Asked = Annotated[Cause, Depends(_asked)]
After = Annotated[
    str,
    Worded(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}/[\x22-\x7e]{1,200}$",
        sentence="Send what the page before gives as next, unchanged.",
    ),
]
"""A place on the desk."""


class HappenedOut(BaseModel):
    """One entry of a case's history."""

    type: str
    at: datetime
    by: str | None
    details: dict[str, Any]

    @classmethod
    def of(cls, row: Row) -> HappenedOut:
        """Show a fact."""
        return cls(
            type=row["type"],
            at=datetime.fromisoformat(row["at"]),
            by=row["by"],
            details=row["data"],
        )


class CaseOut(BaseModel):
    """A case as its agency sees it. Nothing here says who the reporter is."""

    complaint: str
    revision: int
    tracking_number: str | None
    stage: str
    agency: str
    turn: int
    received_at: datetime | None
    respond_by: date | None
    overdue: bool
    title: str | None
    text: str | None
    anonymous: bool
    confidential: bool
    responses: int
    replies: int

    @classmethod
    def of(cls, document: Document[Case], agency: str) -> CaseOut:
        """Show a document to its agency."""
        return cls(**_shown(document, agency))


class CaseWithHistoryOut(CaseOut):
    """A case with everything this service has recorded of it."""

    history: list[HappenedOut]

    @classmethod
    def of(cls, document: Document[Case], agency: str) -> CaseWithHistoryOut:
        """Show a document to its agency, with what happened."""
        history = [HappenedOut.of(row) for row in document.facts]
        return cls(**_shown(document, agency), history=history)


class DeskOut(BaseModel):
    """A page of the agency's cases; ``next`` continues it, None at its end."""

    items: list[CaseOut]
    next: str | None


class RespondIn(BaseModel):
    """What the agency answers the reporter."""

    model_config = ConfigDict(extra="forbid")

    text: Text


class DeclineIn(BaseModel):
    """Why this is not the agency's to answer."""

    model_config = ConfigDict(extra="forbid")

    reason: Text


class ResolveIn(BaseModel):
    """With what the case is closed."""

    model_config = ConfigDict(extra="forbid")

    note: Text | None = None


def create_api(followup: Followup) -> APIRouter:
    """Build the routes."""
    api = create_router(prefix="/api/v1/cases", tags=["liaison"])

    @api.get("")
    async def cases(
        agency: Agency,
        stage: Literal["open", "answered"] = "open",
        after: Annotated[After | None, Query()] = None,
        limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 50,
    ) -> DeskOut:
        """List the agency's cases of a stage, the one due first at the top."""
        found = await followup.waiting(agency, stage, after, limit)
        last = found[-1].state if len(found) == limit else None
        return DeskOut(
            items=[CaseOut.of(document, agency) for document in found],
            next=f"{last.respond_by}/{last.complaint}" if last else None,
        )

    @api.get("/{complaint}")
    async def show(complaint: str, agency: Agency, response: Response) -> CaseWithHistoryOut:
        """Show one case; its ETag is what a change has to bring in If-Match."""
        return _answer(await followup.show(complaint, agency), agency, response)

    @api.post("/{complaint}/responses")
    async def respond(
        complaint: str,
        body: RespondIn,
        agency: Agency,
        request: Asked,
        seen: IfMatch,
        response: Response,
    ) -> CaseWithHistoryOut:
        """Answer the reporter (tanggapan)."""
        document = await followup.respond(complaint, agency, body.text, request, seen)
        return _answer(document, agency, response)

    @api.post("/{complaint}/decline")
    async def decline(
        complaint: str,
        body: DeclineIn,
        agency: Agency,
        request: Asked,
        seen: IfMatch,
        response: Response,
    ) -> CaseWithHistoryOut:
        """Send the complaint back: not this agency's competence (bukan wewenang)."""
        document = await followup.decline(complaint, agency, body.reason, request, seen)
        return _answer(document, agency, response)

    @api.post("/{complaint}/resolution")
    async def resolve(
        complaint: str,
        body: ResolveIn,
        agency: Agency,
        request: Asked,
        seen: IfMatch,
        response: Response,
    ) -> CaseWithHistoryOut:
        """Close a case that was answered (selesai)."""
        document = await followup.resolve(complaint, agency, body.note, request, seen)
        return _answer(document, agency, response)

    return api


def _answer(document: Document[Case], agency: str, response: Response) -> CaseWithHistoryOut:
    response.headers["etag"] = etag(document.revision)
    return CaseWithHistoryOut.of(document, agency)


def _shown(document: Document[Case], agency: str) -> dict[str, Any]:
    state = document.state
    return {
        "complaint": document.id,
        "revision": document.revision,
        "tracking_number": state.tracking_number,
        "stage": state.stage,
        "agency": agency,
        "turn": state.turn,
        "received_at": state.received_at,
        "respond_by": state.respond_by,
        "overdue": Clock.RESPOND in state.missed,
        "title": state.title,
        "text": state.text,
        "anonymous": state.anonymous,
        "confidential": state.confidential,
        "responses": state.responses,
        "replies": state.replies,
    }
