"""Taking a complaint in, by whatever door it comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from msgspec.structs import replace

from services.intake.domain.complaint import Complaint, Complaints, contact
from services.intake.domain.counter import moment_received, not_in_future
from services.intake.domain.promises import addressed
from shared.contracts import intake
from shared.contracts.tracking import TrackingNumber
from shared.contracts.vocabulary import Answered, Channel, Medium
from shared.runtime.document import (
    Cause,
    Circumstances,
    Document,
    Refused,
    record,
)


@dataclass(frozen=True, slots=True)
class Filing:
    """What a reporter hands in, over whatever channel; a contact only sealed."""

    draft: intake.Submission
    channel: Channel | Medium
    reporter_ref: str
    sealed: str | None = None
    addressed: bool = True
    """The contact has a telephone number or an e-mail address, as far as we were shown it."""
    publisher: str | None = None
    record: str | None = None
    fingerprint: str | None = None
    received_on: date | None = None
    """The local day it came on paper, where that is not today."""
    crowd: str | None = None
    """What it has in common with many others of the hour."""


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
    came = filing.channel
    channel, medium = (came.channel, came) if isinstance(came, Medium) else (came, None)
    received = intake.ComplaintReceived(
        node=node,
        tracking_number=str(TrackingNumber.of(node, document.id, draw)),
        channel=channel,
        medium=medium,
        reporter_ref=filing.reporter_ref,
        reachable=filing.sealed is not None and filing.addressed,
        publisher=filing.publisher,
        received_at=received_at,
        crowd=filing.crowd,
        answers=_answers(complaints, draft, filing.channel),
        files=len(draft.attachments or ()) or None,
        **draft.model_dump(exclude=_OWN if filing.publisher else {*_OWN, "reference"}),
    )
    filed = record(complaints, document, [received], request, under)
    state = replace(filed.state, record=filing.record, fingerprint=filing.fingerprint)
    state = addressed(state, draft.attachments or ())
    if filing.sealed:
        state = contact(state, filing.sealed, under.epoch, 1)
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


_OWN = {"reporter", "answers", "attachments"}
"""Fields of a submission that are not told as they came."""


def _answers(
    complaints: Complaints, draft: intake.Submission, channel: Channel | Medium
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
    state = addressed(document.state, filing.draft.attachments or ())
    return document if state is document.state else replace(document, state=state)
