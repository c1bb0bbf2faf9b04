"""Look at the queue, at what lies beside it, and at one complaint."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from services.routing.api.messages import (
    DispositionOut,
    DispositionWithHistoryOut,
    Marks,
    Place,
    QueueOut,
    SuggestionsOut,
)
from services.routing.domain.disposition import Disposition
from services.routing.handlers import LONGEST_PAGE, Routing, absent
from shared.runtime.access import Admitted, Officer
from shared.runtime.document import Document
from shared.runtime.web import create_router, etag, seen_page


def create_api(routing: Routing) -> APIRouter:
    """Build the routes."""
    api = create_router(prefix="/api/v1", tags=["coordinator"])

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
        found, more = await seen_page(
            read,
            partial(sees, who),
            lambda each: each.state.place or each.state.aside,
            after,
            limit,
        )
        return QueueOut(items=[shown_as(routing, each) for each in found], next=more)

    @api.get("/dispositions/{complaint}")
    async def show(complaint: str, who: Admitted, response: Response) -> DispositionWithHistoryOut:
        """Show one complaint and its history; its ETag is what a change brings in If-Match."""
        return shown(routing, await seen(routing, complaint, who), response)

    @api.get("/dispositions/{complaint}/suggestions")
    async def suggestions(complaint: str, who: Admitted) -> SuggestionsOut:
        """Rank the agencies it may be for, by what was decided before, with the reasons."""
        await seen(routing, complaint, who)
        return SuggestionsOut.of(await routing.suggest(complaint))

    return api


async def seen(routing: Routing, complaint: str, who: Officer) -> Document[Disposition]:
    """Give a complaint to who sees it; to others there is none."""
    document = await routing.show(complaint)
    if not sees(who, document):
        raise absent()
    return document


def sees(who: Officer, document: Document[Disposition]) -> bool:
    """Say whether an officer sees a complaint: from above the node no confidential one."""
    hidden = who.sight.above and document.state.confidential
    return not hidden and who.sight.covers(document.state.area)


def shown(
    routing: Routing, document: Document[Disposition], response: Response
) -> DispositionWithHistoryOut:
    """Show a disposition with its history, under the revision that a change has to bring."""
    response.headers["etag"] = etag(document.revision)
    return DispositionWithHistoryOut.of(document, *_known(routing, document.state))


def shown_as(routing: Routing, document: Document[Disposition]) -> DispositionOut:
    """Show a disposition in a list, with the names that the tables have for it."""
    return DispositionOut.of(document, *_known(routing, document.state))


def _known(routing: Routing, state: Disposition) -> tuple[str | None, Marks]:
    area = state.area
    known = Marks(
        routing.knows(state.category),
        routing.known.area(area),
        routing.known.outside(area),
        routing.has(state.wanted),
    )
    return routing.area_name(area), known
