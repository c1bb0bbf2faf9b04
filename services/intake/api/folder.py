"""Files beside a report, for the officers who work on it; and who has looked at them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Response
from fastapi.responses import StreamingResponse

from services.intake.api.attached import AttachmentOut, AttachmentsOut, LookOut, LooksOut
from services.intake.api.attachments import FILE, Name, handed_out
from services.intake.domain.complaint import Complaint
from services.intake.handlers import Attachments, Viewer
from services.intake.handlers.attachments import MOST_LOOKS
from shared.runtime.access import Admitted, Officer, Role
from shared.runtime.document import Document, Refused
from shared.runtime.web import create_router

Sees = Callable[[Document[Complaint]], bool]
_PURPOSE = re.compile(r"[\x20-\x7e]{3,200}")


async def _purpose(
    purpose: Annotated[
        str | None,
        Header(alias="Kentongan-Purpose", description="What you look for, in 3 to 200 characters."),
    ] = None,
) -> str:
    if purpose is None or _PURPOSE.fullmatch(purpose.strip()) is None:
        raise Refused(
            400,
            "wrong_header",
            "Say in Kentongan-Purpose what you look for, in 3 to 200 visible ASCII characters.",
            "Kentongan-Purpose",
        )
    return purpose.strip()


Purpose = Annotated[str, Depends(_purpose)]
"""Written down with who looked and when (tujuan pemrosesan, UU 27/2022)."""


def create_folder(attachments: Attachments) -> APIRouter:
    """Build the routes of the officers who work on a report, or watch over those who do."""
    api = create_router("/api/v1/attachments/{complaint}", ["officer"])

    @api.get("")
    async def files(complaint: str, who: Admitted) -> AttachmentsOut:
        """List the files of a report (berkas lampiran)."""
        document = await attachments.show(complaint, _sight(who))
        return AttachmentsOut(items=[AttachmentOut.of(each) for each in document.state.attachments])

    @api.get("/looks")
    async def looks(
        complaint: str,
        _who: Admitted,
        after: Annotated[str, Query(max_length=40)] = "",
        limit: Annotated[int, Query(ge=1, le=MOST_LOOKS)] = 50,
    ) -> LooksOut:
        """List who fetched which file, when and what for, oldest first (catatan akses)."""
        found = await attachments.looks.of(complaint, after, limit)
        last = found[-1].place if len(found) == limit else None
        return LooksOut(items=[LookOut.of(each) for each in found], next=last)

    @api.get("/{attachment}", response_class=StreamingResponse, responses=FILE)
    async def fetch(complaint: str, attachment: Name, who: Admitted, purpose: Purpose) -> Response:
        """Fetch a file: for officers of the agency that holds the case, and who watch over it.

        Who looked, when and what for is written down before the first byte is sent.
        """
        document = await attachments.show(complaint, _sight(who))
        viewer = Viewer(who.subject, who.agency, purpose)
        return await handed_out(attachments, document, attachment, viewer)

    return api


def _sight(who: Officer) -> Sees:
    """Say what an officer sees: an agency's own what it holds, others what lies in their area.

    A confidential report is seen by those who handle it; who only watches, or looks at the node
    from above, is told of none.
    """

    def sees(found: Document[Complaint]) -> bool:
        if who.sight.agency is not None:
            return found.state.agency == who.sight.agency
        handles = Role.COORDINATOR in who.roles and not who.sight.above
        confidential = found.facts[0]["data"]["confidential"]
        return who.sight.covers(_area(found)) and (handles or not confidential)

    return sees


def _area(found: Document[Complaint]) -> str:
    """Give the area that was said last, first or by an amendment."""
    return next(str(said) for row in reversed(found.facts) if (said := row["data"].get("area")))
