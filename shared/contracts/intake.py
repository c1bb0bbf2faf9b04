"""What intake tells: complaint histories, sealed contacts, and what a submission is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.contracts import attachment
from shared.contracts.amendment import Amendment
from shared.contracts.appeal import ReporterAppealed
from shared.contracts.fact import Payload, Redaction
from shared.contracts.vocabulary import (
    MOST_QUESTIONS,
    AgencyCode,
    Answer,
    Answered,
    AreaCode,
    CategoryCode,
    Channel,
    ErasureReason,
    Kind,
    NodeCode,
    Point,
    QuestionCode,
    Reference,
    Score,
    WrittenNumber,
)
from shared.contracts.wording import ShortText, Text, Word

HISTORY = "complaint.history.v1"


class ComplaintReceived(Payload):
    """A complaint (laporan) was accepted; from here on it is never lost."""

    type: ClassVar[str] = "complaint.received.v1"
    blanks: ClassVar[Mapping[str, str | None]] = {"occurred_on": None, "continues": None}

    node: NodeCode
    tracking_number: str
    kind: Kind
    title: ShortText
    text: Text
    category: CategoryCode | None = None
    area: AreaCode
    place: ShortText | None = None
    point: Point | None = None
    occurred_on: date | None = None
    agency: AgencyCode | None = None
    """The agency the reporter asked for, if any."""
    channel: Channel
    medium: Word | None = None
    """What a clerk typed it in from: ``sms``, ``chat``, ``email``, ``social``; others may come."""
    anonymous: bool = False
    """Anonim: the reporter is hidden from the agency and the public."""
    confidential: bool = False
    """Rahasia: the report is hidden from everyone but those handling it."""
    reachable: bool = False
    """Whether the reporter left an address, or may have, sealed; a name alone is a contact only."""
    reporter_ref: str
    """Random; says nothing about who the reporter is."""
    publisher: str | None = None
    reference: Reference | None = None
    answers: tuple[Answered, ...] | None = Field(default=None, max_length=MOST_QUESTIONS)
    """What the reporter answered to the category's questions, as they were asked then."""
    files: attachment.FileCount | None = None
    """How many files its publisher named, each of which will be added or refused."""
    crowd: Word | None = None
    """Set where it was one of very many that hour (laporan beruntun), by what they have in common:
    ``address`` or ``contact``. Whoever verifies may want to look twice; it proves nothing."""
    continues: WrittenNumber | None = None
    """Tracking number of the report that this one goes on from, in its reporter's word (lanjutan
    laporan): nobody looked whether there is one, or whose it is."""
    received_at: AwareDatetime
    """From when clocks count: where a clerk typed it in later, the day on which it came."""


class ReporterReplied(Payload):
    """The reporter answered the agency (balasan pelapor)."""

    type: ClassVar[str] = "reporter.replied.v1"

    text: Text
    files: attachment.FileCount | None = None
    """How many files came with it, each of which will be added or refused."""


class ComplaintAmended(Amendment):
    """The reporter added to the report or corrected it (perbaikan laporan).

    The original stays. Who decides by a corrected field takes the last one, until it is verified.
    """

    type: ClassVar[str] = "complaint.amended.v1"
    blanks: ClassVar[Mapping[str, str | None]] = {"occurred_on": None}

    files: attachment.FileCount | None = None
    """How many files came with it, each of which will be added or refused."""


class ComplaintWithdrawn(Payload):
    """The reporter took the report back (pencabutan laporan): nobody waits for an answer."""

    type: ClassVar[str] = "complaint.withdrawn.v1"

    reason: ShortText | None = None


class ReporterRated(Payload):
    """The reporter said how good an answer, or a resolution, was (penilaian pelapor)."""

    type: ClassVar[str] = "reporter.rated.v1"

    about: str
    """Id of the fact that is rated: a ``response.given.v1`` or a ``case.resolved.v1``."""
    agency: AgencyCode
    """Whose answer or resolution it was."""
    score: Score
    comment: ShortText | None = None
    solved: bool | None = None
    """Whether it is done (konfirmasi penyelesaian): yes ends the case, no takes it up again."""


class PinRequested(Payload):
    """Somebody lost the PIN; it goes to the contact that was left, nowhere else (PIN hilang)."""

    type: ClassVar[str] = "pin.requested.v1"

    sealed: str = Field(max_length=1024)
    """JWE (RFC 7516) of the long PIN, to the notification service's key of this node."""


class ReporterErased(Payload):
    """The reporter's personal data was destroyed; what names the person is to be redacted."""

    type: ClassVar[str] = "reporter.erased.v1"

    redactions: tuple[Redaction, ...] = Field(max_length=100)
    reason: ErasureReason | None = None
    letter: Reference | None = None
    """Under which number the request or order is filed; it names nobody."""


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
    point: Point | None = None
    occurred_on: date | None = None
    agency: AgencyCode | None = None
    anonymous: bool = False
    confidential: bool = False
    answers: Mapping[QuestionCode, Answer] | None = Field(default=None, max_length=MOST_QUESTIONS)
    """By code, what was answered to the questions of the category."""
    continues: WrittenNumber | None = None
    """Tracking number of an earlier report that this one goes on from. It is passed on as it is:
    no receipt says whether there is such a report."""
    attachments: attachment.NamedFiles | None = None
    reporter: str | None = Field(default=None, max_length=4096)
    """JWE of a Contact to the node's public key; never in clear."""


FACTS: Mapping[str, type[Payload]] = {
    fact.type: fact
    for fact in (
        ComplaintReceived,
        ComplaintAmended,
        ReporterReplied,
        ReporterRated,
        ReporterAppealed,
        ComplaintWithdrawn,
        attachment.AttachmentAdded,
        attachment.AttachmentRefused,
        PinRequested,
        ReporterErased,
    )
}

CONTACTS: Mapping[str, type[Payload]] = {fact.type: fact for fact in (ContactSealed, ContactErased)}
