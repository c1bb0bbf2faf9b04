"""The complaint as its reporter sees it, and what may be asked of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from msgspec.structs import replace

from services.intake.domain.standing import Standing, hear
from shared.contracts import followup, intake, notification, routing
from shared.contracts.fact import Fact, Payload
from shared.contracts.vocabulary import Channel, TrackingNumber, zone_of
from shared.runtime.document import (
    Cause,
    Circumstances,
    Document,
    FactTooLong,
    Refused,
    record,
)


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

    @property
    def status(self) -> str:
        """Say where the complaint stands, in one word."""
        return "refused" if self.refusal else self.stage

    @property
    def changed_at(self) -> datetime | None:
        """Give the time since which the status is what it is."""
        aside_at = self.aside.at if self.aside else None
        times = (self.received_at, self.routed_at, self.case_at, aside_at)
        return max((at for at in times if at is not None), default=None)


class Complaints:
    """Intake's view of facts: its own, and what became of a complaint."""

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

    def fold(self, state: Complaint, fact: Fact) -> Complaint:
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
            case intake.ReporterErased():
                version = state.contact_version + 1
                return _contact(state, None, fact.pair.epoch, version)
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
    if draft.occurred_on and draft.occurred_on > under.now.astimezone(zone_of(node)).date():
        raise Refused(422, "in_future", "What happened cannot lie in the future.", "occurred_on")
    received = intake.ComplaintReceived(
        node=node,
        tracking_number=str(TrackingNumber.of(node, document.id, draw)),
        channel=filing.channel,
        reporter_ref=filing.reporter_ref,
        reachable=filing.sealed is not None,
        publisher=filing.publisher,
        received_at=under.now,
        **draft.model_dump(exclude={"reporter"} if filing.publisher else {"reporter", "reference"}),
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


def reply(
    complaints: Complaints,
    document: Document[Complaint],
    text: str,
    request: Cause,
    under: Circumstances,
) -> Document[Complaint]:
    """Add what the reporter answers."""
    return record(complaints, document, [intake.ReporterReplied(text=text)], request, under)


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
