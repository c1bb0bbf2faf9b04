"""The complaint as its reporter sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from msgspec.structs import replace

from services.intake.domain.attachments import Limits
from services.intake.domain.categories import Categories
from services.intake.domain.promises import WithFiles, hear_file, promise_more, promised
from services.intake.domain.records import nameless, record_of
from services.intake.domain.standing import Status, forget, hear
from shared.contracts import followup, intake, notification, routing
from shared.contracts.appeal import ReporterAppealed
from shared.contracts.attachment import AttachmentAdded, AttachmentRefused
from shared.contracts.fact import Fact, Payload

BURIED_AFTER = timedelta(days=1)
"""When a tombstone is told again: by then no older record can still land behind the first."""


class Complaint(WithFiles, frozen=True, omit_defaults=True):
    """What intake knows of a complaint (laporan): its own facts, and where it stands elsewhere.

    ``fingerprint`` tells whether a repeated request says the same; what it was made of cannot be
    read from it.
    """

    tracking_number: str | None = None
    received_at: datetime | None = None
    fingerprint: str | None = None
    sealed: str | None = None
    contact_epoch: int = 0
    contact_version: int = 0
    replies: int = 0
    amendments: int = 0
    rated: tuple[str, ...] = ()
    """Ids of the facts that were rated."""
    appealed: tuple[str, ...] = ()
    """Ids of the ends that were objected to."""
    withdrawn_at: datetime | None = None
    pins: int = 0
    """How often the PIN was asked for, and when last."""
    pin_at: datetime | None = None
    erased_at: datetime | None = None
    bury_at: datetime | None = None
    """When the tombstone of the contact is told again."""

    @property
    def status(self) -> Status:
        """Say where the complaint stands, in one word; what was resolved first stays resolved."""
        if self.refusal or (self.turned_away and self.tracking_number is None):
            return "refused"
        return "withdrawn" if self.withdrawn_at and self.stage != "resolved" else self.stage

    @property
    def changed_at(self) -> datetime | None:
        """Give the time since which the status is what it is."""
        aside_at = self.aside.at if self.aside else None
        times = (self.received_at, self.routed_at, self.case_at, aside_at, self.withdrawn_at)
        return max((at for at in times if at is not None), default=None)


@dataclass(frozen=True, slots=True)
class Complaints:
    """Intake's view of facts: its own, and what became of a complaint."""

    categories: Categories = field(default_factory=Categories)
    limits: Limits = field(default_factory=Limits)
    """Of the files that a publisher's record may name beside those there."""

    stream: ClassVar[str] = "complaints"
    schema: ClassVar[int] = 2
    """2: an awaited file may be of a later record, and a deferral say words again."""
    known: ClassVar[Mapping[str, type[Payload]]] = {
        **intake.FACTS,
        **intake.CONTACTS,
        **routing.FACTS,
        **followup.FACTS,
        **notification.FACTS,
    }

    def begin(self, complaint: str) -> Complaint:  # noqa: ARG002
        """Give the state of a complaint of which nothing is known."""
        return Complaint()

    def fold(self, state: Complaint, fact: Fact) -> Complaint:  # noqa: PLR0911
        """Take in one fact; total, and independent of the order between streams."""
        match fact.data:
            case intake.ComplaintReceived() as said:
                return replace(
                    state,
                    tracking_number=said.tracking_number,
                    received_at=said.received_at,
                    publisher=said.publisher,
                    reference=said.reference,
                    record=record_of(said.publisher, fact.request),
                    promised=promised(said.files, fact.at),
                )
            case intake.ReporterReplied(files=files):
                return replace(promise_more(state, files, fact), replies=state.replies + 1)
            case intake.ComplaintAmended(files=files):
                return replace(promise_more(state, files, fact), amendments=state.amendments + 1)
            case intake.ReporterRated(about=about):
                return replace(state, rated=(*state.rated, about))
            case ReporterAppealed(about=about):
                return replace(state, appealed=(*state.appealed, about))
            case intake.ComplaintWithdrawn():
                return replace(state, withdrawn_at=fact.at)
            case AttachmentAdded() | AttachmentRefused() as said:
                return hear_file(state, said, fact)
            case intake.PinRequested():
                return replace(state, pins=state.pins + 1, pin_at=fact.at)
        return self._fold_contact(state, fact)

    def _fold_contact(self, state: Complaint, fact: Fact) -> Complaint:
        match fact.data:
            case intake.ReporterErased(redactions=redactions):
                version = state.contact_version + 1
                state = replace(state, attachments=(), promised=())
                state = replace(state, turned_away=nameless(state.turned_away))
                state = contact(state, None, fact.pair.epoch, version)
                bury_at = fact.at + BURIED_AFTER
                state = replace(state, erased_at=state.erased_at or fact.at, bury_at=bury_at)
                return forget(state, redactions)
            case intake.ContactSealed() | intake.ContactErased() as said:
                if fact.pair <= (state.contact_epoch, state.contact_version):
                    return state  # a snapshot never goes back
                return contact(state, getattr(said, "sealed", None), *fact.pair)
        return hear(state, fact)

    def react(self, state: Complaint, fact: Fact, now: datetime) -> Iterable[Payload]:  # noqa: ARG002
        """Decide nothing: intake only tells what people ask of it."""
        return ()

    def dirties(self, before: Complaint, after: Complaint) -> Iterable[str]:  # noqa: ARG002
        """Concern no other document."""
        return ()


def contact(state: Complaint, sealed: str | None, epoch: int, version: int) -> Complaint:
    """Put a sealed contact, or none, in place of the one before."""
    return replace(state, sealed=sealed, contact_epoch=epoch, contact_version=version)
