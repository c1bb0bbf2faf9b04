"""What is shown of files beside a report, and of who looked at them."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from services.intake.domain.attachments import Attachment, Look


class AttachmentOut(BaseModel):
    """A file beside the report; ``sha256`` and ``size`` are of what is handed out."""

    attachment: str
    media_type: str
    size: int
    sha256: str
    added_at: datetime

    @classmethod
    def of(cls, kept: Attachment) -> AttachmentOut:
        """Show a file without what is in it."""
        return cls(
            attachment=kept.id,
            media_type=kept.media_type,
            size=kept.size,
            sha256=kept.sha256,
            added_at=kept.at,
        )


class AttachmentsOut(BaseModel):
    """The files beside one report, oldest first."""

    items: list[AttachmentOut]


class LookOut(BaseModel):
    """Somebody looked at a file: ``reporter``, or an officer of an agency or of the node."""

    attachment: str
    by: str
    agency: str | None
    purpose: str
    at: datetime

    @classmethod
    def of(cls, look: Look) -> LookOut:
        """Show a look."""
        return cls(
            attachment=look.attachment,
            by=look.by,
            agency=look.agency,
            purpose=look.purpose,
            at=look.at,
        )


class LooksOut(BaseModel):
    """A page of looks; ``next`` continues it, None at its end."""

    items: list[LookOut]
    next: str | None
