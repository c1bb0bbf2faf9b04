"""What is told of a complaint beside its history."""

from __future__ import annotations

from datetime import date, timedelta

import orjson
from msgspec.structs import replace

from services.intake.domain.complaint import Complaint
from services.intake.domain.filing import Filing, file
from services.intake.handlers import derive_for
from shared.contracts import followup, intake, publishing, routing
from shared.contracts.fact import Pair, Payload
from shared.contracts.vocabulary import Channel
from shared.runtime.document import Cause, Document, Heard, blank, changed
from shared.runtime.folding import Told, read_rows
from shared.runtime.telling import Utterance, Voice
from shared.runtime.timing import micros
from tests.intake.doubles import (
    COMPLAINTS,
    NODE,
    NOW,
    PUBLISHER,
    UNDER,
    a_draft,
    a_fact,
    a_record,
    taken,
)

DERIVE = derive_for(NODE, [PUBLISHER])
VOICE: Voice[Complaint] = Voice("/node/8171/intake", "kentongan.8171.complaints.v1", "t", DERIVE)


def reported(sealed: str | None = "JWE") -> Document[Complaint]:
    """File a complaint over HTTP."""
    filing = Filing(a_draft(), Channel.WEB, "ref", sealed=sealed)
    document = file(COMPLAINTS, blank(COMPLAINTS, "c-1"), filing, Cause("k"), NODE, UNDER, 0)
    return changed(COMPLAINTS, blank(COMPLAINTS, "c-1"), document, marked=True, at=micros(NOW))


def hearing(document: Document[Complaint], stream: str, *payloads: Payload) -> Document[Complaint]:
    """Hear facts of a stream."""
    heard, state = document.heard.get(stream, Heard()), document.state
    last = heard.pair.sequence
    for payload in payloads:
        last += 1
        state = COMPLAINTS.fold(state, a_fact(payload, last, NOW + timedelta(hours=last)))
    known = {**document.heard, stream: Heard(Pair(0, last))}
    return replace(document, state=state, heard=known)


def progress(document: Document[Complaint]) -> Utterance:
    """Give the progress that is told of a document."""
    (found,) = (each for each in DERIVE(document) if each.type == publishing.Progress.type)
    return found


def test_a_complaint_without_contact_tells_its_history_only() -> None:
    """Nothing is derived where there is nobody to tell."""
    assert not list(DERIVE(reported(None)))


def test_a_contact_is_told_as_a_history_of_one_fact() -> None:
    """Its reader hears it like any stream; the pair is epoch and version."""
    (contact,) = DERIVE(reported())
    assert (contact.topic, contact.key) == ("kentongan.8171.contacts.v1", "c-1")
    (row,) = read_rows(Told("contacts", "c-1", contact.pair, contact.body()))
    assert (row["type"], row["pair"], row["data"]) == (
        "contact.sealed.v1",
        [0, 1],
        {"sealed": "JWE"},
    )


def test_an_erased_contact_is_a_tombstone() -> None:
    """It has a higher pair and no body."""
    state = COMPLAINTS.fold(reported().state, a_fact(intake.ReporterErased(redactions=()), 2))
    (contact,) = DERIVE(replace(reported(), state=state))
    assert (contact.pair, contact.body()) == (Pair(0, 2), None)


def test_a_removed_publisher_is_told_nothing() -> None:
    """Its topics may be gone, and nothing must wait for them."""
    assert not list(derive_for(NODE, [])(taken(a_record())))


def test_progress_is_told_when_the_status_changes() -> None:
    """A new status is news; the same one heard in more words is not."""
    received = taken(a_record())
    verified = hearing(received, "dispositions", routing.ComplaintVerified())
    replied = replace(verified, state=replace(verified.state, notices=1))
    assert [each.type for each in VOICE.news(received, verified)] == [publishing.Progress.type]
    assert not VOICE.news(verified, replied)
    said = publishing.Progress.model_validate_json(progress(verified).body() or b"")
    assert (said.reference, said.status) == ("SGP-1", "verified")
    assert said.changed_at == NOW + timedelta(hours=1)


def test_an_answer_after_an_answer_is_progress() -> None:
    """Two visits to one status are two messages with two ids."""
    given = followup.ResponseGiven(agency="dinas-pu", text="Segera.")
    opened = followup.CaseOpened(agency="dinas-pu", turn=1, respond_by=date(2026, 3, 9))
    once = hearing(taken(a_record()), "cases", opened, given)
    twice = hearing(once, "cases", given)
    assert len(VOICE.news(once, twice)) == 1
    assert progress(twice).pair > progress(once).pair


def test_a_refused_record_makes_no_progress() -> None:
    """It gets a receipt, and no history."""
    assert [each.type for each in VOICE.utterances(taken(a_record(b"{")))] == [
        publishing.Receipt.type
    ]


def test_what_is_known_more_outranks() -> None:
    """Heard in one bite or in two, after a restore or before, the same knowledge is one pair."""
    opened = followup.CaseOpened(agency="dinas-pu", turn=1, respond_by=date(2026, 3, 9))
    start = taken(a_record())
    verified = hearing(start, "dispositions", routing.ComplaintVerified())
    both = hearing(verified, "cases", opened)
    other = hearing(hearing(start, "cases", opened), "dispositions", routing.ComplaintVerified())
    assert progress(start).pair < progress(verified).pair < progress(both).pair
    assert progress(both).pair == progress(other).pair


def test_nothing_told_names_the_reporter() -> None:
    """The history says that there is a contact; the contact is sealed."""
    (history, contact) = VOICE.utterances(reported("SEALED"))
    assert b"SEALED" not in (history.body() or b"")
    assert orjson.loads(contact.body() or b"")["facts"][0]["data"] == {"sealed": "SEALED"}
