"""Look at the queue and what lies beside it; verify, route, defer, archive, restore."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response

from services.routing.api.messages import (
    ArchiveIn,
    DeferIn,
    DispositionOut,
    Place,
    QueueOut,
    RestoreIn,
    RouteIn,
    SuggestionsOut,
    VerifyIn,
)
from services.routing.domain.disposition import Disposition
from services.routing.handlers import LONGEST_PAGE, Routing
from shared.runtime.access import Officer, Role, officer
from shared.runtime.document import Cause, Document, Refused
from shared.runtime.web import IdempotencyKey, IfMatch, Trace, create_router, etag

Coordinator = Annotated[Officer, Depends(officer(Role.COORDINATOR))]
_Superior = Annotated[Officer, Depends(officer(Role.LEADER, Role.OVERSEER))]
_Reader = Annotated[Officer, Depends(officer(Role.COORDINATOR, Role.LEADER, Role.OVERSEER))]


def _of_the_node(who: Officer) -> Officer:
    """Let a leader in who leads the node: one of an agency sees what was routed to it."""
    if who.roles & {Role.COORDINATOR, Role.OVERSEER} or who.agency is None:
        return who
    raise Refused(403, "agency_only", "Your token is for one agency; this is about the whole node.")


async def _asked(who: Coordinator, key: IdempotencyKey, trace: Trace) -> Cause:
    return who.request(key, trace)


async def _asked_above(who: _Superior, key: IdempotencyKey, trace: Trace) -> Cause:
    return _of_the_node(who).request(key, trace)


async def _reader(who: _Reader) -> Officer:
    return _of_the_node(who)


Asked = Annotated[Cause, Depends(_asked)]
AskedAbove = Annotated[Cause, Depends(_asked_above)]
Reader = Annotated[Officer, Depends(_reader)]
"""A coordinator, or somebody above one, who may put back what a coordinator archived."""


def create_api(routing: Routing) -> APIRouter:
    """Build the routes."""
    api = create_router(prefix="/api/v1", tags=["coordinator"])
    _show(api, routing)
    _decide(api, routing)
    _set_aside(api, routing)
    return api


def _show(api: APIRouter, routing: Routing) -> None:
    @api.get("/queue")
    async def queue(
        _who: Reader,
        stage: Literal["queue", "deferred", "archived"] = "queue",
        after: Annotated[Place, Query()] = "",
        limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 50,
    ) -> QueueOut:
        """List what waits for a decision, oldest first; or what is deferred, or archived."""
        if stage == "queue":
            found = await routing.waiting(after, limit)
        else:
            found = await routing.set_aside(stage, after, limit)
        last = found[-1].state if len(found) == limit else None
        return QueueOut(
            items=[_out(routing, document) for document in found],
            next=(last.place or last.aside) if last else None,
        )

    @api.get("/dispositions/{complaint}")
    async def show(complaint: str, _who: Reader, response: Response) -> DispositionOut:
        """Show one complaint; its ETag is what a change has to bring in If-Match."""
        return _shown(routing, await routing.show(complaint), response)

    @api.get("/dispositions/{complaint}/suggestions")
    async def suggestions(complaint: str, _who: Reader) -> SuggestionsOut:
        """Rank the agencies it may be for, by what was decided before, with the reasons."""
        return SuggestionsOut.of(await routing.suggest(complaint))


def _decide(api: APIRouter, routing: Routing) -> None:
    @api.post("/dispositions/{complaint}/verification")
    async def verify(
        complaint: str,
        body: VerifyIn,
        request: Asked,
        seen: IfMatch,
        response: Response,
    ) -> DispositionOut:
        """Find a waiting complaint complete and in order (verifikasi)."""
        document = await routing.verify(complaint, body.finding(), request, seen)
        return _shown(routing, document, response)

    @api.post("/dispositions/{complaint}/route")
    async def route(
        complaint: str,
        body: RouteIn,
        request: Asked,
        seen: IfMatch,
        response: Response,
    ) -> DispositionOut:
        """Hand a waiting complaint to an agency (disposisi)."""
        return _shown(routing, await routing.route(complaint, body.agency, request, seen), response)


def _set_aside(api: APIRouter, routing: Routing) -> None:
    @api.post("/dispositions/{complaint}/deferral")
    async def defer(
        complaint: str,
        body: DeferIn,
        request: Asked,
        seen: IfMatch,
        response: Response,
    ) -> DispositionOut:
        """Ask the reporter for what is missing (tunda); a reply brings the complaint back."""
        return _shown(routing, await routing.defer(complaint, body.gaps(), request, seen), response)

    @api.post("/dispositions/{complaint}/archive")
    async def archive(
        complaint: str,
        body: ArchiveIn,
        request: Asked,
        seen: IfMatch,
        response: Response,
    ) -> DispositionOut:
        """Close a complaint without an answer, for a reason from the list (arsip)."""
        document = await routing.archive(complaint, body.reason, body.words, request, seen)
        return _shown(routing, document, response)

    @api.post("/dispositions/{complaint}/restoration")
    async def restore(
        complaint: str,
        body: RestoreIn,
        request: AskedAbove,
        seen: IfMatch,
        response: Response,
    ) -> DispositionOut:
        """Put an archived complaint back into the queue: for those above a coordinator."""
        return _shown(
            routing, await routing.restore(complaint, body.reason, request, seen), response
        )


def _shown(routing: Routing, document: Document[Disposition], response: Response) -> DispositionOut:
    response.headers["etag"] = etag(document.revision)
    return _out(routing, document)


def _out(routing: Routing, document: Document[Disposition]) -> DispositionOut:
    return DispositionOut.of(document, routing.area_name(document.state.area))
