"""Decide on a complaint: verify, route, defer, archive, restore."""

from __future__ import annotations

from fastapi import APIRouter

from services.routing.api.acting import Acting
from services.routing.api.messages import DispositionWithHistoryOut
from services.routing.api.routes import seen, shown
from services.routing.api.sent import ArchiveIn, DeferIn, RestoreIn, RouteIn, VerifyIn
from services.routing.handlers import Routing
from shared.runtime.access import Admitted
from shared.runtime.web import create_router


def create_decisions(routing: Routing) -> APIRouter:
    """Build the routes."""
    api = create_router(prefix="/api/v1/dispositions/{complaint}", tags=["coordinator"])

    @api.post("/verification")
    async def verify(body: VerifyIn, act: Acting) -> DispositionWithHistoryOut:
        """Find a waiting complaint complete and in order (verifikasi)."""
        document = await routing.verify(act.complaint, body.finding(), act.request, act.seen)
        return shown(routing, document, act.response)

    @api.post("/route")
    async def route(body: RouteIn, act: Acting) -> DispositionWithHistoryOut:
        """Hand a complaint to an agency (disposisi); others may contribute to its one answer.

        One that an agency has already goes elsewhere for a reason; its number, history and clocks
        stay.
        """
        document = await routing.route(act.complaint, body.choice(), act.request, act.seen)
        return shown(routing, document, act.response)

    @api.post("/deferral")
    async def defer(body: DeferIn, act: Acting) -> DispositionWithHistoryOut:
        """Ask the reporter for what is missing (tunda); a reply or a file brings it back."""
        document = await routing.defer(act.complaint, body.gaps(), act.request, act.seen)
        return shown(routing, document, act.response)

    @api.post("/archive")
    async def archive(body: ArchiveIn, act: Acting) -> DispositionWithHistoryOut:
        """Close a complaint without an answer, for a reason from the list (arsip)."""
        document = await routing.archive(
            act.complaint, body.reason, body.words, act.request, act.seen
        )
        return shown(routing, document, act.response)

    @api.post("/restoration")
    async def restore(body: RestoreIn, who: Admitted, act: Acting) -> DispositionWithHistoryOut:
        """Put an archived complaint back into the queue: for those above a coordinator."""
        await seen(routing, act.complaint, who)
        document = await routing.restore(act.complaint, body.reason, act.request, act.seen)
        return shown(routing, document, act.response)

    return api
