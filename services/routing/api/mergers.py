"""The door to merging reports of the same matter, and to separating them again."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from services.routing.api.acting import Acting
from services.routing.api.messages import DispositionWithHistoryOut, QueueOut
from services.routing.api.routes import sees, shown, shown_as
from services.routing.handlers import LONGEST_PAGE, Mergers, Routing
from shared.contracts.following import ComplaintId
from shared.contracts.wording import Writing
from shared.runtime.access import Admitted
from shared.runtime.web import create_router, seen_page


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
    async def merge(body: MergeIn, act: Acting) -> DispositionWithHistoryOut:
        """Have a complaint follow another about the same matter (penggabungan)."""
        document = await mergers.merge(act.complaint, body.main, act.request, act.seen)
        return shown(routing, document, act.response)

    @api.post("/separation")
    async def separate(body: SeparateIn, act: Acting) -> DispositionWithHistoryOut:
        """Give a merged complaint back whole, to where it stood (pemisahan)."""
        document = await mergers.unmerge(act.complaint, body.words, act.request, act.seen)
        return shown(routing, document, act.response)

    @api.get("/followers")
    async def followers(
        complaint: str,
        who: Admitted,
        after: Annotated[ComplaintId | None, Query()] = None,
        limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 50,
    ) -> QueueOut:
        """List the complaints that follow this one; a page may be short as that of the queue."""
        found, more = await seen_page(
            partial(mergers.followers, complaint),
            partial(sees, who),
            lambda each: each.id,
            after or "",
            limit,
        )
        return QueueOut(items=[shown_as(routing, each) for each in found], next=more)

    return api
