"""The door to merging reports of the same matter, and to separating them again."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict

from services.routing.api.messages import DispositionOut, QueueOut
from services.routing.api.routes import sees, shown_as
from services.routing.domain.disposition import Disposition
from services.routing.handlers import LONGEST_PAGE, Mergers, Routing
from shared.contracts.routing import ComplaintId
from shared.contracts.wording import Writing
from shared.runtime.access import Admitted
from shared.runtime.document import Document
from shared.runtime.web import Asked, IfMatch, create_router, etag, seen_page


class MergeIn(BaseModel):
    """Which complaint is handled for both, by its id."""

    model_config = ConfigDict(extra="forbid")

    main: ComplaintId


class SeparateIn(BaseModel):
    """Why it is about something else."""

    model_config = ConfigDict(extra="forbid")

    words: Writing


def create_mergers(mergers: Mergers, routing: Routing) -> APIRouter:
    """Build the routes."""
    api = create_router(prefix="/api/v1/dispositions/{complaint}", tags=["coordinator"])

    @api.post("/merger")
    async def merge(
        complaint: str, body: MergeIn, request: Asked, seen: IfMatch, response: Response
    ) -> DispositionOut:
        """Have a complaint follow another about the same matter (penggabungan)."""
        return _shown(await mergers.merge(complaint, body.main, request, seen), response)

    @api.post("/separation")
    async def separate(
        complaint: str, body: SeparateIn, request: Asked, seen: IfMatch, response: Response
    ) -> DispositionOut:
        """Give a merged complaint back whole, to where it stood (pemisahan)."""
        return _shown(await mergers.unmerge(complaint, body.words, request, seen), response)

    @api.get("/followers")
    async def followers(
        complaint: str,
        who: Admitted,
        after: Annotated[ComplaintId | None, Query()] = None,
        limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 50,
    ) -> QueueOut:
        """List the complaints that follow this one; a page may be short as that of the queue."""
        shown, more = await seen_page(
            partial(mergers.followers, complaint),
            partial(sees, who),
            lambda each: each.id,
            after or "",
            limit,
        )
        return QueueOut(items=[shown_as(routing, each) for each in shown], next=more)

    def _shown(document: Document[Disposition], response: Response) -> DispositionOut:
        response.headers["etag"] = etag(document.revision)
        return shown_as(routing, document)

    return api
