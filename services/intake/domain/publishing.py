"""What a publisher's records make of a complaint, and what becomes of those turned away."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from services.intake.domain.acts import amend, reply, withdraw
from services.intake.domain.complaint import Complaint, Complaints
from services.intake.domain.promises import addressed, room_for
from services.intake.domain.records import TurnedAway, request_of
from shared.contracts import intake
from shared.contracts.attachment import NamedFiles
from shared.contracts.publishing import Act, SubmissionAmended, SubmissionReplied
from shared.runtime.document import Cause, Circumstances, Document, Refused

MOST_TURNED_AWAY = 50
"""Records about one complaint that may be turned away; after so many, none is taken any more."""


Decide = Callable[[Document[Complaint], Circumstances], Document[Complaint]]
"""Decides on a record that was not judged before; raises Refused."""


class Sender(Struct, frozen=True):
    """Who sent a record, and by what names."""

    publisher: str
    identity: str
    """The record's ``ce_id``."""
    reference: str | None

    @property
    def request(self) -> str:
        """Name the record as the request that it is."""
        return request_of(self.publisher, self.identity)


def take(
    document: Document[Complaint],
    sender: Sender,
    said: Act,
    under: Circumstances,
    decide: Decide,
) -> Document[Complaint]:
    """Do what a record asks about a complaint, once: whatever came of it stands for ever.

    What is turned away is kept beside the complaint, so that the same record gets the same words;
    a complaint that never was can be kept such words, too, and be submitted later. Sent again, a
    record says where the files lie that it promised, should that have been lost with the store.
    """
    taken = _once(document, sender, under, decide)
    row, files = taken.answered(sender.request), _files_of(said)
    if row is None or not files:
        return taken
    state = addressed(taken.state, files, row["id"])
    return taken if state is taken.state else replace(taken, state=state)


def _once(
    document: Document[Complaint], sender: Sender, under: Circumstances, decide: Decide
) -> Document[Complaint]:
    if document.answered(sender.request) or _was_turned_away(document.state, sender.identity):
        return document  # an id stands for one record, whatever is sent under it later
    try:
        _open(document.state)
        return decide(document, under)
    except Refused as refusal:
        return _turned_away(document, sender, in_words(refusal))


def in_words(refusal: Refused) -> str:
    """Say in a receipt why a record is turned away: the field, and what is wrong with it."""
    return f"{refusal.field or 'data'}: {refusal.detail}"


def deciding(complaints: Complaints, said: Act, cause: Cause) -> Decide:
    """Say what a record asks for; raises Refused."""
    files = len(_files_of(said))

    def decide(document: Document[Complaint], under: Circumstances) -> Document[Complaint]:
        after = act(document, under)
        if files:
            room_for(document, files, complaints.limits)
        return after

    def act(document: Document[Complaint], under: Circumstances) -> Document[Complaint]:
        if isinstance(said, SubmissionAmended):
            fields = said.model_dump(exclude={"submission", "reference", "attachments"})
            amended = intake.ComplaintAmended(**fields, files=files or None)
            return amend(complaints, document, amended, cause, under)
        if isinstance(said, SubmissionReplied):
            replied = intake.ReporterReplied(text=said.text, files=files or None)
            return reply(complaints, document, replied, cause, under)
        return withdraw(complaints, document, said.reason, cause, under)

    return decide


def _files_of(said: Act) -> NamedFiles:
    """Give the files that a record names: none come with a withdrawal."""
    named = said.attachments if isinstance(said, SubmissionAmended | SubmissionReplied) else None
    return named or ()


def _was_turned_away(state: Complaint, identity: str) -> bool:
    return any(each.record == identity for each in state.turned_away)


def _open(state: Complaint) -> None:
    """Refuse what is said about no complaint, or about one of which nothing more is taken."""
    if state.refused_records >= MOST_TURNED_AWAY:
        raise Refused(
            409,
            "too_many",
            f"{MOST_TURNED_AWAY} records about this complaint were turned away; nothing more is "
            "taken about it from you.",
        )
    if state.tracking_number is None:
        raise Refused(
            404,
            "no_complaint",
            "You have no accepted record with this id. Send it first, under the same key.",
            "submission",
        )


def _turned_away(document: Document[Complaint], sender: Sender, words: str) -> Document[Complaint]:
    state = document.state
    away = TurnedAway(sender.identity, sender.reference, words[:300])
    newest = (*state.turned_away, away)[-MOST_TURNED_AWAY:]
    turned = replace(
        state,
        turned_away=newest,
        refused_records=state.refused_records + 1,
        publisher=sender.publisher,
    )
    return replace(document, state=turned)
