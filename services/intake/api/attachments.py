"""Files beside a report: put there by its reporter or by a clerk, and handed out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from services.intake.api.attached import AttachmentOut
from services.intake.api.routes import PREFIX, AskedByCitizen, Number, Pin
from services.intake.domain.attachments import KINDS, Attachment
from services.intake.domain.complaint import Complaint
from services.intake.handlers import Attachments, Intake, Viewer
from shared.runtime.document import Document, Refused
from shared.runtime.web import Asked, create_router, etag

Name = Annotated[str, Path(max_length=40, description="The attachment, as it is listed.")]

_REPORTER = Viewer("reporter", None, "own report")
_BARE = (
    "A file is sent by itself, not in a form: one request for each file, its bytes as the whole "
    "body, such as curl --data-binary @photo.jpg."
)


class Incoming(NamedTuple):
    """A file as it is sent."""

    body: AsyncIterator[bytes]
    keep_location: bool


async def _incoming(
    request: Request,
    keep_location: Annotated[  # noqa: FBT002 - a query says true or false
        bool, Query(description="Keep where an image was taken (GPS); other notes go all the same.")
    ] = False,
) -> Incoming:
    return Incoming(_bare(request), keep_location)


async def _bare(request: Request) -> AsyncIterator[bytes]:
    """Read a file, once all else is found right; raises Refused where it comes in a form."""
    if request.headers.get("content-type", "").strip().lower().startswith("multipart/"):
        raise Refused(415, "media_type", _BARE, "Content-Type")
    async for piece in request.stream():
        yield piece


Sent = Annotated[Incoming, Depends(_incoming)]

_BINARY = {"schema": {"type": "string", "format": "binary"}}
_UPLOAD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The bytes of the file; what it is, is told by them alone.",
        "content": {"*/*": _BINARY},
    }
}
FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file.", "content": {kind.media_type: _BINARY for kind in KINDS}}
}
_HARMLESS = {
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "same-origin",
}
"""With the headers that every answer has: nothing in the file is run where it is opened."""


def create_attachments(intake: Intake, attachments: Attachments) -> APIRouter:
    """Build the routes of the reporter."""
    api = create_router(f"{PREFIX}/{{tracking_number}}/attachments", ["citizen"])

    @api.post("", status_code=201, openapi_extra=_UPLOAD)
    async def add(
        tracking_number: Number,
        pin: Pin,
        sent: Sent,
        request: AskedByCitizen,
        response: Response,
    ) -> AttachmentOut:
        """Put a file beside the report (lampiran): the same file again is the same attachment.

        Of an image only the picture is kept: not where and when it was taken, nor by whose camera.
        """
        document = await intake.track(tracking_number, pin)
        added = await attachments.add(
            document, sent.body, request, keep_location=sent.keep_location
        )
        return _added(*added, response)

    @api.get("/{attachment}", response_class=StreamingResponse, responses=FILE)
    async def fetch(tracking_number: Number, attachment: Name, pin: Pin) -> Response:
        """Fetch a file of one's own report; that, too, is written down."""
        document = await intake.track(tracking_number, pin)
        return await handed_out(attachments, document, attachment, _REPORTER)

    return api


def create_scans(intake: Intake, attachments: Attachments) -> APIRouter:
    """Build the route of the clerk, for what is handed over the counter."""
    api = create_router("/api/v1/counter/complaints/{tracking_number}/attachments", ["clerk"])

    @api.post("", status_code=201, openapi_extra=_UPLOAD)
    async def add(
        tracking_number: Number,
        sent: Sent,
        request: Asked,
        response: Response,
    ) -> AttachmentOut:
        """Put a scan or a photograph beside a report, by the number on its slip.

        The clerk stands in the history, and is not shown what else lies there.
        """
        document = await intake.find(tracking_number)
        added = await attachments.add(
            document, sent.body, request, keep_location=sent.keep_location
        )
        return _added(*added, response)

    return api


def _added(
    document: Document[Complaint], attachment: Attachment, response: Response
) -> AttachmentOut:
    response.headers["etag"] = etag(document.revision)
    return AttachmentOut.of(attachment)


async def handed_out(
    attachments: Attachments, document: Document[Complaint], attachment: str, viewer: Viewer
) -> Response:
    """Send a file so that it is saved and never run."""
    found, parts = await attachments.fetch(document, attachment, viewer)
    suffix = next((kind.suffix for kind in KINDS if kind.media_type == found.media_type), "bin")
    name = f"{document.state.tracking_number}-{found.id[:6]}.{suffix}"
    given = {
        **_HARMLESS,
        "content-disposition": f'attachment; filename="{name}"',
        "content-length": str(found.size),
        "content-type": found.media_type,
    }
    return StreamingResponse(parts, headers=given)
