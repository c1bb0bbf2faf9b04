"""What goes to and fro between an outside publisher and intake, beside the submission itself.

A record about a complaint names it by the record that submitted it, in the publisher's own words:
so it can be sent before any receipt has come, and no publisher can name another's complaint.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from shared.contracts.amendment import Amendment
from shared.contracts.attachment import FileProgress, NamedFiles
from shared.contracts.intake import Submission
from shared.contracts.vocabulary import Reference
from shared.contracts.wording import ShortText, Text, Worded

RecordId = Annotated[
    str,
    Worded(
        pattern=r"^[^\x00-\x1f\x7f]{1,128}$",
        sentence="A record's id is 1 to 128 characters that can be printed.",
    ),
]
"""A publisher's own name for a record: its ``ce_id``."""


class Receipt(BaseModel):
    """What became of one record; the same record always gets the same receipt id.

    ``complaint`` and ``tracking_number`` are those that an accepted record made, or is about.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    type: ClassVar[str] = "submission.receipt.v1"

    id: str
    record: str | None
    """``ce_id`` of the record, where one could be read."""
    reference: str | None
    outcome: Literal["accepted", "rejected"]
    complaint: str | None = None
    tracking_number: str | None = None
    errors: tuple[str, ...] = ()


class Progress(BaseModel):
    """Where a publisher's complaint stands; the higher sequence wins."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    type: ClassVar[str] = "complaint.progress.v1"

    reference: str
    complaint: str
    tracking_number: str
    status: str
    agency: str | None = None
    changed_at: AwareDatetime
    attachments: tuple[FileProgress, ...] | None = None
    """What became of the files that its records name, where they name any."""


class _About(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    submission: RecordId
    """``ce_id`` of the record that submitted the complaint."""
    reference: Reference | None = None
    """As in the submission."""


class SubmissionAmended(Amendment):
    """The reporter added to a submitted complaint, or corrected it (perbaikan laporan)."""

    type: ClassVar[str] = "submission.amended.v1"

    submission: RecordId
    """``ce_id`` of the record that submitted the complaint."""
    reference: Reference | None = None
    """As in the submission."""
    attachments: NamedFiles | None = None
    """As in the submission; together with those there they must not be more than the node takes."""


class SubmissionReplied(_About):
    """The reporter of a submitted complaint answered the agency (balasan pelapor)."""

    type: ClassVar[str] = "submission.replied.v1"

    text: Text
    attachments: NamedFiles | None = None
    """As in the submission; together with those there they must not be more than the node takes."""


class SubmissionWithdrawn(_About):
    """The reporter of a submitted complaint took it back (pencabutan laporan)."""

    type: ClassVar[str] = "submission.withdrawn.v1"

    reason: ShortText | None = None


Act = SubmissionAmended | SubmissionReplied | SubmissionWithdrawn
"""A record about a complaint that another record submitted."""

RECORDS: Mapping[str, type[Submission | Act]] = {
    record.type: record
    for record in (Submission, SubmissionAmended, SubmissionReplied, SubmissionWithdrawn)
}
"""What a publisher writes, by ``ce_type``."""

EXCHANGED: Mapping[str, type[Any]] = {
    **RECORDS,
    Receipt.type: Receipt,
    Progress.type: Progress,
}
