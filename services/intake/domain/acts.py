"""What a reporter may do with a report that was filed: reply, amend, rate, withdraw."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from msgspec.structs import replace

from services.intake.domain.attachments import Limits, same
from services.intake.domain.complaint import Complaint, Complaints
from services.intake.domain.counter import not_in_future
from services.intake.domain.promises import Place, promise_of
from shared.contracts import intake
from shared.contracts.appeal import ReporterAppealed
from shared.contracts.attachment import AttachmentAdded
from shared.contracts.fact import LOCAL_ID, Payload
from shared.runtime.document import Cause, Circumstances, Document, Refused, record

MOST_AMENDMENTS = 10
"""Amendments of one complaint: who has more to say files another one."""
MOST_APPEALS = 5
"""Objections of one complaint, each to another end."""
MOST_RATINGS = 20
"""Ratings of one complaint, each of another answer or resolution."""
BETWEEN_PINS, LONGEST_BETWEEN_PINS = timedelta(hours=1), timedelta(days=30)
"""How long after a PIN was sent it is sent again: each is a message to the reporter, and whoever
knows the number can ask. It doubles each time, so that nobody is flooded or shut out for ever."""
AGAIN_WITHIN = timedelta(minutes=5)
"""For how long the very same words are the ones before, sent again since nothing had come."""
UNVERIFIED = ("received", "deferred")
"""The stages in which what the report says can still be corrected."""


@dataclass(frozen=True, slots=True)
class Rating:
    """How good an answer or a resolution was, and whether it is done (konfirmasi penyelesaian)."""

    score: int
    comment: str | None = None
    solved: bool | None = None


def reply(
    complaints: Complaints,
    document: Document[Complaint],
    said: intake.ReporterReplied,
    request: Cause,
    under: Circumstances,
) -> Document[Complaint]:
    """Add what the reporter answers; raises Refused."""
    not_withdrawn(document.state)
    if _said_again(document, said, request, under):
        return document
    return record(complaints, document, [said], request, under)


def amend(
    complaints: Complaints,
    document: Document[Complaint],
    said: intake.ComplaintAmended,
    request: Cause,
    under: Circumstances,
) -> Document[Complaint]:
    """Put an amendment beside the report; raises Refused.

    Words can be added until the complaint is resolved. Fields can be corrected until it is
    verified, as far as has been heard: after that somebody has decided by them.
    """
    state = document.state
    not_withdrawn(state)
    if _said_again(document, said, request, under):
        return document
    if state.stage == "resolved":
        raise Refused(409, "resolved", "It is resolved and no longer amended; reply to it instead.")
    if state.amendments >= MOST_AMENDMENTS:
        raise Refused(
            409,
            "too_many_amendments",
            f"It was amended {MOST_AMENDMENTS} times. Reply to it, or file a new report that names "
            "its number.",
        )
    corrected = next(iter(said.model_dump(exclude={"text", "files"}, exclude_none=True)), None)
    if corrected and state.stage not in UNVERIFIED:
        raise Refused(
            409,
            "verified",
            "It is verified, so this can no longer be corrected. Say it in the text alone.",
            corrected,
        )
    not_in_future(said.occurred_on, document.facts[0]["data"]["node"], under.now)
    return record(complaints, document, [said], request, under)


def withdraw(
    complaints: Complaints,
    document: Document[Complaint],
    reason: str | None,
    request: Cause,
    under: Circumstances,
) -> Document[Complaint]:
    """Take the report back; raises Refused where nobody works on it any more."""
    not_withdrawn(document.state)
    if document.state.stage == "resolved":
        raise Refused(409, "resolved", "It is resolved already; there is nothing to take back.")
    payload = intake.ComplaintWithdrawn(reason=reason)
    return record(complaints, document, [payload], request, under)


def rate(
    complaints: Complaints,
    document: Document[Complaint],
    said: Rating,
    request: Cause,
    under: Circumstances,
) -> Document[Complaint]:
    """Rate the newest answer or resolution, once each; raises Refused."""
    state = document.state
    _not_erased(state)
    if state.rateable is None:
        raise Refused(409, "nothing_to_rate", "No agency has answered yet; rate its answer then.")
    about, agency = state.rateable
    if about in state.rated:
        raise Refused(
            409, "rated", "You have rated this answer. The next one can be rated when it is there."
        )
    if len(state.rated) >= MOST_RATINGS:
        raise Refused(
            409, "too_many_ratings", f"You have rated {MOST_RATINGS} answers; thank you, enough."
        )
    payload: Payload = intake.ReporterRated(about=about, agency=agency, **asdict(said))
    return record(complaints, document, [payload], request, under)


def send_pin(
    complaints: Complaints,
    document: Document[Complaint],
    sealed: str,
    request: Cause,
    under: Circumstances,
) -> Document[Complaint]:
    """Have the PIN sent to the contact that was left; raises Refused, which nobody is shown."""
    state = document.state
    if state.sealed is None or not document.facts[0]["data"]["reachable"]:
        raise Refused(409, "not_reachable", "Its reporter left no contact.")
    pause = min(BETWEEN_PINS * 2 ** min(state.pins - 1, 10), LONGEST_BETWEEN_PINS)
    if state.pin_at is not None and under.now < state.pin_at + pause:
        raise Refused(429, "too_many_pins", "Its PIN was sent a short while ago.")
    return record(complaints, document, [intake.PinRequested(sealed=sealed)], request, under)


def attach(  # noqa: PLR0913, PLR0917 - as every act, with a key and limits
    complaints: Complaints,
    document: Document[Complaint],
    said: AttachmentAdded,
    key: str,
    limits: Limits,
    request: Cause,
    under: Circumstances,
) -> Document[Complaint]:
    """Put a file beside the report, which is kept already under a key; raises Refused.

    The key goes into the state and into no fact: facts are told. A file that a publisher named is
    put there once, and stands for that one too where it is there already.
    """
    state, place = document.state, Place.of(said)
    there = same(state.attachments, said.sha256)
    if place is None and there:
        return document
    not_withdrawn(state)
    if place is not None and promise_of(state, place) is None:
        raise Refused(409, "not_awaited", "This file is not awaited any more.")
    if there:
        again = said.model_copy(update={"attachment": there.id})
        return record(complaints, document, [again], request, under)
    limits.room(state.attachments, said.size, 0 if place else len(state.promised))
    after = record(complaints, document, [said], request, under)
    files = tuple(
        replace(each, key=key) if each.id == said.attachment else each
        for each in after.state.attachments
    )
    return replace(after, state=replace(after.state, attachments=files))


def appeal(
    complaints: Complaints,
    document: Document[Complaint],
    text: str,
    request: Cause,
    under: Circumstances,
) -> Document[Complaint]:
    """Object to how the case ended, once for each end; raises Refused."""
    state = document.state
    not_withdrawn(state)
    if state.stage != "resolved" or state.rateable is None:
        sentence = "It is not closed, so there is nothing to object to yet; reply to it instead."
        raise Refused(409, "not_resolved", sentence)
    about, _ = state.rateable
    if about in state.appealed:
        raise Refused(409, "appealed", "You have objected to this end already.")
    if len(state.appealed) >= MOST_APPEALS:
        raise Refused(409, "too_many_appeals", f"You have objected {MOST_APPEALS} times.")
    payload = ReporterAppealed(about=about, text=text)
    return record(complaints, document, [payload], request, under)


def _said_again(
    document: Document[Complaint], said: Payload, request: Cause, under: Circumstances
) -> bool:
    """Say whether a request without a name repeats what was said last, with nothing done since.

    Who names a request says by that what is the same, and what is not. What these words themselves
    brought about, as that a report is taken up again, is not somebody else's doing.
    """
    row, state = document.facts[-1], document.state
    if request.named or (row["type"], row["by"]) != (said.type, request.by):
        return False
    at = datetime.fromisoformat(row["at"])
    done = (
        *(answer.at for answer in state.answers),
        *(ruling.at for ruling in state.rulings if not ruling.moot_by),
        *(step.at for step in state.trail if step.cause != row["id"][:LOCAL_ID]),
    )
    if under.now > at + AGAIN_WITHIN or any(moment >= at for moment in done):
        return False
    return bool(row["data"] == said.model_dump(mode="json", exclude_none=True))


def _not_erased(state: Complaint) -> None:
    if state.erased_at is not None:
        sentence = "Its reporter's data was erased. File a new report that names its number."
        raise Refused(409, "erased", sentence)


def not_withdrawn(state: Complaint) -> None:
    """Refuse what somebody wants to add to a report that was taken back."""
    _not_erased(state)
    if state.withdrawn_at is not None:
        sentence = "You have withdrawn this report. File a new one that names its number."
        raise Refused(409, "withdrawn", sentence)
