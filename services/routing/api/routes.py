"""Look at the queue and what lies beside it; verify, route, defer, archive, restore."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

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
from services.routing.handlers import LONGEST_PAGE, Routing, absent
from shared.runtime.access import Admitted, Officer
from shared.runtime.document import Document
from shared.runtime.web import Asked, IfMatch, create_router, etag, seen_page


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
        who: Admitted,
        stage: Literal["queue", "deferred", "archived"] = "queue",
        after: Annotated[Place, Query()] = "",
        limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 50,
    ) -> QueueOut:
        """List what waits for a decision, oldest first; or what is deferred, or archived.

        To those who see only an area, or look from above, a page may be short, or empty, and still
        have a next one.
        """
        read = routing.waiting if stage == "queue" else partial(routing.set_aside, stage)
        shown, more = await seen_page(
            read,
            partial(sees, who),
            lambda each: each.state.place or each.state.aside,
            after,
            limit,
        )
        return QueueOut(items=[shown_as(routing, each) for each in shown], next=more)

    @api.get("/dispositions/{complaint}")
    async def show(complaint: str, who: Admitted, response: Response) -> DispositionOut:
        """Show one complaint; its ETag is what a change has to bring in If-Match."""
        return _shown(routing, await _seen(routing, complaint, who), response)

    @api.get("/dispositions/{complaint}/suggestions")
    async def suggestions(complaint: str, who: Admitted) -> SuggestionsOut:
        """Rank the agencies it may be for, by what was decided before, with the reasons."""
        await _seen(routing, complaint, who)
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
        """Hand a complaint to an agency (disposisi); others may contribute to its one answer.

        One that an agency has already goes elsewhere for a reason; its number, history and clocks
        stay.
        """
        return _shown(
            routing, await routing.route(complaint, body.choice(), request, seen), response
        )


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
        who: Admitted,
        request: Asked,
        seen: IfMatch,
        response: Response,
    ) -> DispositionOut:
        """Put an archived complaint back into the queue: for those above a coordinator."""
        await _seen(routing, complaint, who)
        return _shown(
            routing, await routing.restore(complaint, body.reason, request, seen), response
        )


async def _seen(routing: Routing, complaint: str, who: Officer) -> Document[Disposition]:
    """Give a complaint to who sees it; to others there is none."""
    document = await routing.show(complaint)
    if not sees(who, document):
        raise absent()
    return document


def sees(who: Officer, document: Document[Disposition]) -> bool:
    """Say whether an officer sees a complaint: from above the node no confidential one."""
    hidden = who.sight.above and document.state.confidential
    return not hidden and who.sight.covers(document.state.area)


def _shown(routing: Routing, document: Document[Disposition], response: Response) -> DispositionOut:
    response.headers["etag"] = etag(document.revision)
    return shown_as(routing, document)


def shown_as(routing: Routing, document: Document[Disposition]) -> DispositionOut:
    """Show a disposition, with the names that the tables have for it."""
    state = document.state
    known = routing.knows(state.category)
    return DispositionOut.of(document, routing.area_name(state.area), known=known)
