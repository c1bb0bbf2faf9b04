"""The complaint as its reporter sees it, and what may be asked of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import ClassVar

from msgspec.structs import replace

from services.intake.domain.categories import Categories
from services.intake.domain.counter import moment_received, not_in_future
from services.intake.domain.standing import Standing, forget, hear
from shared.contracts import followup, intake, notification, routing
from shared.contracts.fact import Fact, Payload
from shared.contracts.vocabulary import Answered, Channel, TrackingNumber
from shared.runtime.document import (
    Cause,
    Circumstances,
    Document,
    FactTooLong,
    Refused,
    record,
)

BURIED_AFTER = timedelta(days=1)
"""When a tombstone is told again: by then no older record can still land behind the first."""


class Complaint(Standing, frozen=True, omit_defaults=True):
    """What intake knows of a complaint (laporan): its own facts, and where it stands elsewhere.

    ``refusal`` is set where a publisher's record was turned away: such a document has no facts
    and no number, only a receipt. ``fingerprint`` tells whether a repeated request says the same;
    what it was made of cannot be read from it.
    """

    tracking_number: str | None = None
    received_at: datetime | None = None
    publisher: str | None = None
    reference: str | None = None
    record: str | None = None
    refusal: tuple[str, ...] = ()
    fingerprint: str | None = None
    sealed: str | None = None
    contact_epoch: int = 0
    contact_version: int = 0
    replies: int = 0
    amendments: int = 0
    rated: tuple[str, ...] = ()
    """Ids of the facts that were rated."""
    withdrawn_at: datetime | None = None
    pins: int = 0
    """How often the PIN was asked for, and when last."""
    pin_at: datetime | None = None
    erased_at: datetime | None = None
    bury_at: datetime | None = None
    """When the tombstone of the contact is told again."""

    @property
    def status(self) -> str:
        """Say where the complaint stands, in one word; what was resolved first stays resolved."""
        if self.refusal:
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

    stream: ClassVar[str] = "complaints"
    schema: ClassVar[int] = 1
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
                    record=_record(said.publisher, fact.request),
                )
            case intake.ReporterReplied():
                return replace(state, replies=state.replies + 1)
            case intake.ComplaintAmended():
                return replace(state, amendments=state.amendments + 1)
            case intake.ReporterRated(about=about):
                return replace(state, rated=(*state.rated, about))
            case intake.ComplaintWithdrawn():
                return replace(state, withdrawn_at=fact.at)
            case intake.PinRequested():
                return replace(state, pins=state.pins + 1, pin_at=fact.at)
            case intake.ReporterErased(redactions=redactions):
                version = state.contact_version + 1
                state = _contact(state, None, fact.pair.epoch, version)
                bury_at = fact.at + BURIED_AFTER
                state = replace(state, erased_at=state.erased_at or fact.at, bury_at=bury_at)
                return forget(state, redactions)
            case intake.ContactSealed() | intake.ContactErased() as contact:
                if fact.pair <= (state.contact_epoch, state.contact_version):
                    return state  # a snapshot never goes back
                return _contact(state, getattr(contact, "sealed", None), *fact.pair)
        return hear(state, fact)

    def react(self, state: Complaint, fact: Fact, now: datetime) -> Iterable[Payload]:  # noqa: ARG002
        """Decide nothing: intake only tells what people ask of it."""
        return ()

    def dirties(self, before: Complaint, after: Complaint) -> Iterable[str]:  # noqa: ARG002
        """Concern no other document."""
        return ()


@dataclass(frozen=True, slots=True)
class Filing:
    """What a reporter hands in, over whatever channel; a contact only sealed."""

    draft: intake.Submission
    channel: Channel
    reporter_ref: str
    sealed: str | None = None
    publisher: str | None = None
    record: str | None = None
    fingerprint: str | None = None
    received_on: date | None = None
    """The local day it came on paper, where that is not today."""


def request_of(publisher: str, record_id: str) -> str:
    """Name a publisher's record as the request that it is."""
    return f"{publisher}/{record_id}"


def file(  # noqa: PLR0913, PLR0917
    complaints: Complaints,
    document: Document[Complaint],
    filing: Filing,
    request: Cause,
    node: str,
    under: Circumstances,
    draw: int,
) -> Document[Complaint]:
    """Accept a complaint, or give the document as it is where this request was judged before."""
    if document.facts or document.state.refusal:
        return _same(document, filing)
    draft = filing.draft
    received_at = moment_received(filing.received_on, node, under.now)
    not_in_future(draft.occurred_on, node, received_at)
    received = intake.ComplaintReceived(
        node=node,
        tracking_number=str(TrackingNumber.of(node, document.id, draw)),
        channel=filing.channel,
        reporter_ref=filing.reporter_ref,
        reachable=filing.sealed is not None,
        publisher=filing.publisher,
        received_at=received_at,
        answers=_answers(complaints, draft, filing.channel),
        **draft.model_dump(exclude=_OWN if filing.publisher else {*_OWN, "reference"}),
    )
    try:
        filed = record(complaints, document, [received], request, under)
    except FactTooLong:
        raise Refused(422, "too_long", "Shorten the text: it takes over 8 KB.", "text") from None
    state = replace(filed.state, record=filing.record, fingerprint=filing.fingerprint)
    if filing.sealed:
        state = _contact(state, filing.sealed, under.epoch, 1)
    return replace(filed, state=state)


def refuse(
    document: Document[Complaint],
    filing_record: str | None,
    publisher: str,
    reference: str | None,
    errors: tuple[str, ...],
) -> Document[Complaint]:
    """Turn a publisher's record away, in the same words for ever."""
    if document.facts or document.state.refusal:
        return document
    state = replace(
        document.state,
        refusal=tuple(error[:300] for error in errors[:20]),
        publisher=publisher,
        reference=reference,
        record=filing_record,
    )
    return replace(document, state=state)


_OWN = {"reporter", "answers"}
"""Fields of a submission that are not told as they came."""


def _answers(
    complaints: Complaints, draft: intake.Submission, channel: Channel
) -> tuple[Answered, ...] | None:
    """Read the answers; a publisher's own form need not have asked what we ask."""
    asked = channel is not Channel.PUBLISHER
    return (
        complaints.categories.answered(draft.category, draft.answers or {}, all_asked=asked) or None
    )


def _same(document: Document[Complaint], filing: Filing) -> Document[Complaint]:
    said, says = document.state.fingerprint, filing.fingerprint
    if said and says and said != says:
        raise Refused(
            422,
            "key_used",
            "This Idempotency-Key already stands for another complaint; choose a new one.",
            "Idempotency-Key",
        )
    return document


def _record(publisher: str | None, request: str | None) -> str | None:
    """Give a publisher's own id of the record a complaint came in by."""
    if publisher is None or request is None:
        return None
    return request.removeprefix(request_of(publisher, ""))


def _contact(state: Complaint, sealed: str | None, epoch: int, version: int) -> Complaint:
    return replace(state, sealed=sealed, contact_epoch=epoch, contact_version=version)
