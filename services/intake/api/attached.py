"""What is shown of files beside a report, and of who looked at them."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from services.intake.domain.attachments import Attachment
from services.intake.domain.promises import WithFiles
from shared.runtime.looking import Look
from shared.runtime.web.looks import LookOut


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
    files_awaited: int
    """Files that are still to be fetched from who handed the report in."""

    @classmethod
    def of(cls, state: WithFiles) -> AttachmentsOut:
        """Show which files are there, and how many may still come."""
        items = [AttachmentOut.of(each) for each in state.attachments]
        return cls(items=items, files_awaited=len(state.promised))


class FileLookOut(LookOut):
    """Somebody looked at a file: ``reporter``, or an officer of an agency or of the node."""

    attachment: str

    @classmethod
    def of(cls, look: Look) -> FileLookOut:
        """Show a look."""
        return cls(attachment=look.about, **dict(LookOut.of(look)))


class FileLooksOut(BaseModel):
    """A page of looks; ``next`` continues it, None at its end."""

    items: list[FileLookOut]
    next: str | None
