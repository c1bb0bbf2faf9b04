"""Files beside a report, for the officers who work on it; and who has looked at them."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from services.intake.api.attached import AttachmentsOut, FileLookOut, FileLooksOut
from services.intake.api.attachments import FILE, Name, handed_out
from services.intake.domain.complaint import Complaint
from services.intake.domain.present import present
from services.intake.handlers import Attachments, Viewer
from shared.runtime.access import Admitted, Officer, Role
from shared.runtime.document import Document
from shared.runtime.web import create_router
from shared.runtime.web.looks import AskedLooks, Purpose

Sees = Callable[[Document[Complaint]], bool]


def create_folder(attachments: Attachments) -> APIRouter:
    """Build the routes of the officers who work on a report, or watch over those who do."""
    api = create_router("/api/v1/attachments/{complaint}", ["officer"])

    @api.get("")
    async def files(complaint: str, who: Admitted) -> AttachmentsOut:
        """List the files of a report (berkas lampiran), and count those still to come."""
        document = await attachments.show(complaint, _sight(who))
        return AttachmentsOut.of(document.state)

    @api.get("/looks")
    async def looks(complaint: str, _who: Admitted, asked: AskedLooks) -> FileLooksOut:
        """List who fetched which file, when and what for, oldest first (catatan akses)."""
        found, more = await asked.of(attachments.looks, complaint)
        return FileLooksOut(items=[FileLookOut.of(each) for each in found], next=more)

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
        return who.sight.covers(present(found).area) and (handles or not confidential)

    return sees
