"""What a publisher's records do with a complaint that another of its records submitted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from services.intake.domain.complaint import Complaint
from services.intake.domain.erasing import erase
from services.intake.domain.publishing import MOST_TURNED_AWAY
from services.intake.domain.records import TurnedAway
from services.intake.handlers import derive_for
from services.intake.subscribers import readings
from shared.contracts import followup
from shared.contracts.fact import BLANKED
from shared.contracts.intake import ReporterErased
from shared.contracts.publishing import Receipt
from shared.contracts.topics import publisher_topic
from shared.contracts.vocabulary import ErasureReason
from shared.runtime.asking import Ask, unstorable
from shared.runtime.document import Cause, Circumstances, Document, blank
from shared.runtime.ports import Record
from shared.runtime.telling import Voice
from tests.intake.doubles import (
    COMPLAINTS,
    HEADERS,
    NODE,
    NOW,
    PUBLISHER,
    UNDER,
    a_fact,
    a_record,
    a_submission,
    asked,
    judged,
    taken,
)

VOICE: Voice[Complaint] = Voice("/intake", "c", "t", derive_for(NODE, [PUBLISHER, "dinsos"]))
AMENDED, REPLIED, WITHDRAWN = (
    f"submission.{each}.v1" for each in ("amended", "replied", "withdrawn")
)


def about(
    kind: str, record: str = "r-2", submission: str = "r-1", offset: int = 1, **said: Any
) -> Record:
    """Build a record about the complaint of another."""
    named = {**dict(HEADERS), "ce_type": kind.encode(), "ce_id": record.encode()}
    body = {"submission": submission, "reference": "SGP-1", **said}
    return a_record(body, headers=tuple(named.items()), offset=offset)


def after(
    *records: Record, document: Document[Complaint] | None = None, days: int = 0
) -> Document[Complaint]:
    """Have records judged in turn, each about the same complaint."""
    for record in records:
        ask = asked(record)
        under = Circumstances(NOW + timedelta(days=days))
        document = judged(ask.judge, document, complaint=ask.complaint, under=under)
    assert document is not None
    return document


def receipts(document: Document[Complaint]) -> dict[str | None, Receipt]:
    """Give the receipts that are told of a document, by record."""
    told = [each for each in VOICE.utterances(document) if each.type == Receipt.type]
    read = [Receipt.model_validate_json(each.body() or b"") for each in told]
    assert len({each.id for each in read}) == len(read)
    return {each.record: each for each in read}


def outcome(document: Document[Complaint], record: str = "r-2") -> tuple[str, Sequence[str]]:
    """Give what became of a record."""
    found = receipts(document)[record]
    return found.outcome, found.errors


def resolved() -> Document[Complaint]:
    """Give a complaint that its agency resolved."""
    document = taken(a_record())
    fact = a_fact(followup.CaseResolved(agency="dinas-pu"))
    return replace(document, state=COMPLAINTS.fold(document.state, fact))


ACTS: dict[str, tuple[dict[str, Any], str]] = {
    AMENDED: ({"text": "Juga di sisi timur.", "area": "81.71.03"}, "complaint.amended.v1"),
    REPLIED: ({"text": "Belum beres."}, "reporter.replied.v1"),
    WITHDRAWN: ({"reason": "Sudah beres."}, "complaint.withdrawn.v1"),
}


@pytest.mark.parametrize(
    ("record", "before"),
    [(a_record(), None), *((about(kind, **said), a_record()) for kind, (said, _) in ACTS.items())],
)
def test_what_the_store_does_not_take_has_a_receipt(record: Record, before: Record | None) -> None:
    """It is refused in words, and in the same ones for ever."""
    ask = asked(record)
    stored = after(before) if before else blank(COMPLAINTS, ask.complaint)
    assert ask.refuse is not None
    refused = ask.refuse(stored, UNDER)
    words = ("rejected", (f"data: {unstorable()}",))
    assert outcome(refused, "r-2" if before else "r-1") == words
    assert ask.judge(refused, UNDER, 0) == refused == ask.refuse(refused, UNDER)


@pytest.mark.parametrize("kind", ACTS)
def test_a_record_about_a_complaint_is_a_fact_of_it(kind: str) -> None:
    """What the publisher says for the reporter stands in the history, with a receipt."""
    said, fact = ACTS[kind]
    document = after(a_record(), about(kind, **said))
    assert (document.facts[-1]["type"], document.facts[-1]["by"]) == (fact, PUBLISHER)
    assert document.facts[-1]["data"] == said
    receipt = receipts(document)["r-2"]
    assert (receipt.outcome, receipt.reference) == ("accepted", "SGP-1")
    assert (receipt.complaint, receipt.tracking_number) == (
        document.id,
        document.state.tracking_number,
    )


def test_a_withdrawal_is_progress() -> None:
    """The publisher hears it on its own topic, as from everybody."""
    before = after(a_record())
    news = VOICE.news(before, after(about(WITHDRAWN), document=before))
    told = [each.topic for each in news]
    assert publisher_topic(PUBLISHER, "progress") in told
    assert publisher_topic(PUBLISHER, "receipts") in told


@pytest.mark.parametrize("kind", ACTS)
def test_the_same_record_after_months_is_the_same(kind: str) -> None:
    """Whatever has happened since, and whatever it says now: nothing changes."""
    document = after(a_record(), about(kind, **ACTS[kind][0]))
    again = after(about(kind, text="Lain", offset=99), document=document, days=200)
    assert again is document


@pytest.mark.parametrize("outcome", ["accepted", "rejected"])
def test_the_same_submission_after_months_is_the_same_complaint(outcome: str) -> None:
    """Whatever it says now, and however its case ended meanwhile; its receipt says the same."""
    document = resolved() if outcome == "accepted" else taken(a_record(b"{"))
    again = after(a_record(a_submission(title="Lain"), offset=99), document=document, days=400)
    assert again is document
    (told,) = receipts(again).values()
    assert told.outcome == outcome


@pytest.mark.parametrize("kind", ACTS)
def test_in_structured_mode_a_record_says_the_same(kind: str) -> None:
    """The event as one JSON document gives the very fact that headers and a body give."""
    said, _ = ACTS[kind]
    event = {"specversion": "1.0", "id": "r-2", "type": kind, "source": "/publisher/sigap"}
    body = {"submission": "r-1", "reference": "SGP-1", **said}
    mode = (("content-type", b"application/cloudevents+json"),)
    whole = a_record({**event, "data": body}, headers=mode, offset=1)
    one, other = (after(a_record(), each) for each in (about(kind, **said), whole))
    assert one.facts[1:] == other.facts[1:]
    assert receipts(one)["r-2"].outcome == receipts(other)["r-2"].outcome == "accepted"


def test_what_was_turned_away_once_stays_so_in_the_same_words() -> None:
    """A withdrawal of what is resolved is refused, also when the case is open again."""
    before = after(about(WITHDRAWN), document=resolved())
    assert outcome(before)[0] == "rejected"
    fact = a_fact(followup.CaseReopened(agency="dinas-pu", because="reply"), 2)
    opened = replace(before, state=COMPLAINTS.fold(before.state, fact))
    assert after(about(WITHDRAWN), document=opened, days=90) is opened
    assert outcome(opened) == outcome(before)


def test_a_record_about_no_complaint_is_turned_away_and_hinders_nothing() -> None:
    """One that came before its submission is told so; the submission is taken all the same."""
    early = after(about(REPLIED, text="Halo", reference="SGP-2"))
    assert outcome(early)[0] == "rejected"
    assert outcome(early)[1][0].startswith("submission: You have no accepted record")
    assert list(receipts(early)) == ["r-2"]
    document = after(a_record(), document=early)
    assert outcome(document, "r-1")[0] == "accepted"
    assert receipts(document)["r-2"] == receipts(early)["r-2"]


def test_no_publisher_reaches_the_complaint_of_another() -> None:
    """A publisher's names are its own: with another's it finds nothing, and is told so."""
    ours = taken(a_record())
    record = replace(about(WITHDRAWN), topic=publisher_topic("dinsos", "submissions"))
    item = readings(COMPLAINTS, NODE, [PUBLISHER, "dinsos"])[record.topic](record)
    assert isinstance(item, Ask)
    assert item.complaint != ours.id
    theirs = judged(item.judge, complaint=item.complaint)
    assert outcome(theirs)[0] == "rejected"
    assert receipts(theirs)["r-2"].tracking_number is None


def test_an_id_stands_for_one_record() -> None:
    """Two acts under one id, or an act under its submission's id: the first one stands."""
    document = after(a_record(), about(REPLIED, text="Satu"))
    assert after(about(WITHDRAWN), document=document) is document
    own = about(WITHDRAWN, "r-1")
    assert after(own, document=document) is document
    (told,) = VOICE.news(document, document, {asked(own).answer or ""})
    assert Receipt.model_validate_json(told.body() or b"").record == "r-1"


def test_a_record_about_itself_is_refused_under_its_own_id() -> None:
    """It has one receipt, the same whenever it is sent, also where a submission comes under it."""
    own = about(REPLIED, "r-1", text="Halo")
    early = after(own)
    assert outcome(early, "r-1")[0] == "rejected"
    assert outcome(early, "r-1")[1][0].startswith("submission: ")
    for record in (own, about(WITHDRAWN, "r-1"), a_record()):
        repeated = after(record, document=early)
        assert repeated is early
        (told,) = VOICE.news(early, repeated, {asked(record).answer or ""})
        assert Receipt.model_validate_json(told.body() or b"") == receipts(early)["r-1"]


def test_what_was_turned_away_about_itself_before_is_accepted_no_more() -> None:
    """An older release kept it beside a complaint that could still be submitted."""
    own = about(REPLIED, "r-1", text="Halo")
    state = replace(after(own).state, refusal=(), turned_away=(TurnedAway("r-1", "SGP-1", "-"),))
    early = after(own, document=replace(after(own), state=state))
    told = [each for each in VOICE.utterances(early) if each.type == Receipt.type]
    read = [Receipt.model_validate_json(each.body() or b"") for each in told]
    assert {(each.record, each.outcome) for each in read} == {("r-1", "rejected")}
    assert after(a_record(), document=early) is early


def test_of_who_was_erased_only_stays_that_a_record_was_refused() -> None:
    """Neither what named the record nor the words are kept; sent again, it is refused again."""
    own = about(WITHDRAWN, reference="budi-0812")
    before = after(own, document=resolved())
    assert "budi-0812" in str(before.state.turned_away)
    erasure = ReporterErased(reason=ErasureReason.REQUEST, letter=None, redactions=())
    cause = Cause("erase", request="erase", by="operator-1")
    erased = erase(COMPLAINTS, before, erasure, cause, Circumstances(NOW))
    assert "budi-0812" not in str(erased.state)
    assert outcome(erased) == ("rejected", (BLANKED,))
    assert after(own, document=erased) is erased


def test_what_came_before_any_complaint_is_closed() -> None:
    """So that it is moved to the archive in time, as what was refused is."""
    assert after(about(REPLIED, text="Halo")).state.status == "refused"


def test_after_many_refusals_nothing_more_is_taken() -> None:
    """What is kept of them is bounded, and what fell out of it can never be taken later."""
    document = after(*(about(WITHDRAWN, f"w-{n}") for n in range(70)), document=resolved())
    assert len(document.state.turned_away) == MOST_TURNED_AWAY
    last = after(about(REPLIED, "late", text="Halo"), document=document)
    assert "nothing more is taken" in outcome(last, "late")[1][0]
    repeated = after(about(WITHDRAWN, "w-0"), document=document)
    assert outcome(repeated, "w-0")[0] == "rejected"


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (about(REPLIED), "text: This field is missing"),
        (about(REPLIED, submission="", text="Halo"), "submission: A record's id"),
        (about(AMENDED, text="Halo", area="Ambon"), "area: An area code"),
        (about("complaint.amended.v1", text="Halo"), "type: only"),
    ],
)
def test_a_wrong_record_about_a_complaint_leaves_it_alone(record: Record, words: str) -> None:
    """It is refused by itself, in words that name the field."""
    document = taken(record)
    assert document.id != taken(a_record()).id
    assert outcome(document)[1][0].startswith(words)


def test_a_repeated_record_is_answered_and_nothing_else_is_told() -> None:
    """Telling is constant work, however many records about the complaint there were."""
    acts = [about(REPLIED, f"a-{n}", text=f"{n}") for n in range(30)]
    document = after(a_record(), *acts)
    for record, name in ((acts[3], "a-3"), (a_record(), "r-1")):
        told = VOICE.news(document, document, {asked(record).answer})
        assert [Receipt.model_validate_json(each.body() or b"").record for each in told] == [name]
