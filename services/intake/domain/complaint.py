"""The complaint as its reporter sees it, and what may be asked of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from shared.contracts import followup, intake, notification, routing
from shared.contracts.fact import Fact, Payload
from shared.contracts.vocabulary import Channel, TrackingNumber
from shared.runtime.document import (
    Cause,
    Circumstances,
    Document,
    FactTooLong,
    Refused,
    record,
)


class Complaint(Struct, frozen=True, omit_defaults=True):
    """What intake knows of a complaint (laporan): its own facts, and where it stands elsewhere.

    What other services tell is kept per stream, so that the order between streams does not
    matter. ``refusal`` is set where a publisher's record was turned away: such a document has no
    facts and no number, only a receipt.
    """

    tracking_number: str | None = None
    received_at: datetime | None = None
    publisher: str | None = None
    reference: str | None = None
    record: str | None = None
    refusal: tuple[str, ...] = ()
    sealed: str | None = None
    contact_version: int = 0
    replies: int = 0
    verified: bool = False
    routed_turn: int = 0
    routed_to: str | None = None
    case_turn: int = 0
    case_stage: str | None = None
    case_agency: str | None = None
    overdue: bool = False
    notices: int = 0

    @property
    def status(self) -> str:
        """Say where the complaint stands, in one word."""
        if self.refusal:
            return "refused"
        if self.case_turn >= self.routed_turn and self.case_stage is not None:
            return self.case_stage
        if self.routed_turn:
            return "routed"
        return "verified" if self.verified else "received"

    @property
    def agency(self) -> str | None:
        """Name the agency that has to move, if it is an agency's turn."""
        if self.status in ("returned", "received", "verified"):
            return None
        return self.routed_to or self.case_agency


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
                )
            case intake.ReporterReplied():
                return replace(state, replies=state.replies + 1)
            case intake.ReporterErased():
                return replace(state, sealed=None, contact_version=state.contact_version + 1)
            case intake.ContactSealed(sealed=sealed):
                return replace(state, sealed=sealed, contact_version=fact.pair.sequence)
            case intake.ContactErased():
                return replace(state, sealed=None, contact_version=fact.pair.sequence)
            case routing.ComplaintVerified():
                return replace(state, verified=True)
            case routing.ComplaintRouted(agency=agency, turn=turn):
                return replace(state, routed_turn=turn, routed_to=agency)
            case followup.CaseOpened(agency=agency, turn=turn):
                return replace(state, case_turn=turn, case_stage="in_progress", case_agency=agency)
            case followup.ResponseGiven():
                return replace(state, case_stage="answered")
            case followup.DispositionDeclined():
                return replace(state, case_stage="returned", case_agency=None)
            case followup.DeadlineMissed():
                return replace(state, overdue=True)
            case followup.CaseResolved():
                return replace(state, case_stage="resolved")
            case notification.NoticeSent():
                return replace(state, notices=state.notices + 1)
        return state

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


def file(
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
        return document
    draft = filing.draft
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
    return replace(
        filed,
        state=replace(
            filed.state,
            record=filing.record,
            sealed=filing.sealed,
            contact_version=1 if filing.sealed else 0,
        ),
    )


def refuse(
    document: Document[Complaint],
    filing_record: str,
    publisher: str,
    reference: str | None,
    errors: tuple[str, ...],
) -> Document[Complaint]:
    """Turn a publisher's record away, in the same words for ever."""
    if document.facts or document.state.refusal:
        return document
    refusal = tuple(error[:300] for error in errors[:20])
    return replace(
        document,
        state=replace(
            document.state,
            refusal=refusal,
            publisher=publisher,
            reference=reference,
            record=filing_record,
        ),
    )


def reply(
    complaints: Complaints,
    document: Document[Complaint],
    text: str,
    request: Cause,
    under: Circumstances,
) -> Document[Complaint]:
    """Add what the reporter answers."""
    return record(complaints, document, [intake.ReporterReplied(text=text)], request, under)
