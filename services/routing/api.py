"""The coordinator's door: the queue, verify, route."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict

from services.routing.domain.disposition import Disposition
from services.routing.handlers import LONGEST_PAGE, Routing
from shared.contracts.intake import Text
from shared.contracts.vocabulary import AgencyCode, CategoryCode
from shared.contracts.wording import Worded
from shared.runtime.access import Officer, Role, officer
from shared.runtime.document import Cause, Document
from shared.runtime.web import IdempotencyKey, IfMatch, Trace, create_router, etag

Place = Annotated[
    str,
    Worded(
        pattern=r"^$|^[0-9]{4}-[0-9][0-9]-[0-9][0-9]T[0-9:.]{12}Z/[\x22-\x7e]{1,200}$",
        sentence="Send what the page before gives as next, unchanged.",
    ),
]
"""A place in the queue."""
Coordinator = Annotated[Officer, Depends(officer(Role.COORDINATOR))]


async def _asked(who: Coordinator, key: IdempotencyKey, trace: Trace) -> Cause:
    return who.request(key, trace)


Asked = Annotated[Cause, Depends(_asked)]


class DispositionOut(BaseModel):
    """Where a complaint stands at the coordinator."""

    complaint: str
    revision: int
    tracking_number: str | None
    stage: str
    received_at: datetime | None
    title: str | None
    text: str | None
    category: str | None
    area: str | None
    wanted_agency: str | None
    confidential: bool
    agency: str | None
    turn: int
    declined_because: str | None

    @classmethod
    def of(cls, document: Document[Disposition]) -> DispositionOut:
        """Show a document."""
        state = document.state
        return cls(
            complaint=document.id,
            revision=document.revision,
            tracking_number=state.tracking_number,
            stage=state.stage,
            received_at=state.received_at,
            title=state.title,
            text=state.text,
            category=state.category,
            area=state.area,
            wanted_agency=state.wanted,
            confidential=state.confidential,
            agency=state.agency,
            turn=state.turn,
            declined_because=state.declined_because if state.stage == "queue" else None,
        )


class QueueOut(BaseModel):
    """A page of the verification queue; ``next`` continues it, None at its end."""

    items: list[DispositionOut]
    next: str | None


class VerifyIn(BaseModel):
    """The complaint is complete and in order."""

    model_config = ConfigDict(extra="forbid")

    category: CategoryCode | None = None
    note: Text | None = None


class RouteIn(BaseModel):
    """The agency that must answer."""

    model_config = ConfigDict(extra="forbid")

    agency: AgencyCode


def create_api(routing: Routing) -> APIRouter:
    """Build the routes."""
    api = create_router(prefix="/api/v1", tags=["coordinator"])

    @api.get("/queue")
    async def queue(
        _who: Coordinator,
        after: Annotated[Place, Query()] = "",
        limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 50,
    ) -> QueueOut:
        """List complaints that wait for a decision, oldest first."""
        found = await routing.waiting(after, limit)
        return QueueOut(
            items=[DispositionOut.of(document) for document in found],
            next=found[-1].state.place if len(found) == limit else None,
        )

    @api.get("/dispositions/{complaint}")
    async def show(complaint: str, _who: Coordinator, response: Response) -> DispositionOut:
        """Show one complaint; its ETag is what a change has to bring in If-Match."""
        return _shown(await routing.show(complaint), response)

    @api.post("/dispositions/{complaint}/verification")
    async def verify(
        complaint: str,
        body: VerifyIn,
        request: Asked,
        seen: IfMatch,
        response: Response,
    ) -> DispositionOut:
        """Find a waiting complaint complete and in order (verifikasi)."""
        document = await routing.verify(complaint, body.category, body.note, request, seen)
        return _shown(document, response)

    @api.post("/dispositions/{complaint}/route")
    async def route(
        complaint: str,
        body: RouteIn,
        request: Asked,
        seen: IfMatch,
        response: Response,
    ) -> DispositionOut:
        """Hand a waiting complaint to an agency (disposisi)."""
        return _shown(await routing.route(complaint, body.agency, request, seen), response)

    return api


def _shown(document: Document[Disposition], response: Response) -> DispositionOut:
    response.headers["etag"] = etag(document.revision)
    return DispositionOut.of(document)
