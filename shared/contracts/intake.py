"""What intake tells: complaint histories, sealed contacts, receipts and progress."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.contracts.fact import Pair, Payload
from shared.contracts.vocabulary import AgencyCode, AreaCode, CategoryCode, Channel, Kind, NodeCode
from shared.contracts.wording import Worded

HISTORY = "complaint.history.v1"


def _written(longest: int) -> Worded:
    return Worded(
        pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$",
        sentence=f"Write 1 to {longest:,} characters, none of them a control character.",
        shortest=1,
        longest=longest,
        strip=True,
    )


Text = Annotated[str, _written(5000)]
"""What a person wrote. A fact's size in bytes bounds it further where the script is wide."""
ShortText = Annotated[str, _written(200)]
Reference = Annotated[
    str,
    Worded(
        pattern=r"^[\x21-\x7e]{1,128}$",
        sentence="A reference is 1 to 128 visible ASCII characters without spaces.",
    ),
]
"""A publisher's own name for a record: printable ASCII without spaces."""


class ComplaintReceived(Payload):
    """A complaint (laporan) was accepted; from here on it is never lost."""

    type: ClassVar[str] = "complaint.received.v1"

    node: NodeCode
    tracking_number: str
    kind: Kind
    title: ShortText
    text: Text
    category: CategoryCode | None = None
    area: AreaCode
    place: ShortText | None = None
    occurred_on: date | None = None
    agency: AgencyCode | None = None
    """The agency the reporter asked for, if any."""
    channel: Channel
    anonymous: bool = False
    """Anonim: the reporter is hidden from the agency and the public."""
    confidential: bool = False
    """Rahasia: the report is hidden from everyone but those handling it."""
    reachable: bool = False
    """Whether the reporter left a contact; it travels on ``contacts``."""
    reporter_ref: str
    """Random; says nothing about who the reporter is."""
    publisher: str | None = None
    reference: Reference | None = None
    received_at: AwareDatetime


class ReporterReplied(Payload):
    """The reporter answered the agency (balasan pelapor)."""

    type: ClassVar[str] = "reporter.replied.v1"

    text: Text


class Redaction(BaseModel):
    """One field of one fact that must be forgotten, by stream and pair."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    stream: str
    pair: Pair
    field: str


class ReporterErased(Payload):
    """The reporter's personal data was destroyed; what names the person is to be redacted."""

    type: ClassVar[str] = "reporter.erased.v1"

    redactions: tuple[Redaction, ...] = Field(max_length=100)


class Contact(BaseModel):
    """How to reach a reporter; travels only sealed, only to the node's own notification."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    name: str | None = Field(default=None, max_length=100)
    email: str | None = Field(default=None, max_length=254)
    phone: str | None = Field(default=None, max_length=20)
    language: str | None = Field(default=None, max_length=35)
    """``id`` or ``en``; anything else counts as not said."""


class ContactSealed(Payload):
    """Snapshot on ``contacts``: a history of one fact whose pair is (epoch, version)."""

    type: ClassVar[str] = "contact.sealed.v1"

    sealed: str
    """JWE compact serialisation (RFC 7516) to the notification service's key of this node."""


class ContactErased(Payload):
    """What a tombstone on ``contacts`` is read as."""

    type: ClassVar[str] = "contacts.erased.v1"


class Submission(BaseModel):
    """What an outside publisher sends on its ``submissions`` topic (CloudEvents data)."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    type: ClassVar[str] = "complaint.submitted.v1"

    reference: Reference
    kind: Kind = Kind.COMPLAINT
    title: ShortText
    text: Text
    category: CategoryCode | None = None
    area: AreaCode
    place: ShortText | None = None
    occurred_on: date | None = None
    agency: AgencyCode | None = None
    anonymous: bool = False
    confidential: bool = False
    reporter: str | None = Field(default=None, max_length=4096)
    """JWE of a Contact to the node's public key; never in clear."""


class Receipt(BaseModel):
    """What became of one submitted record; the same record always gets the same receipt id."""

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


FACTS: Mapping[str, type[Payload]] = {
    fact.type: fact
    for fact in (
        ComplaintReceived,
        ReporterReplied,
        ReporterErased,
    )
}

CONTACTS: Mapping[str, type[Payload]] = {fact.type: fact for fact in (ContactSealed, ContactErased)}

EXCHANGED: Mapping[str, type[Any]] = {
    Submission.type: Submission,
    Receipt.type: Receipt,
    Progress.type: Progress,
}
