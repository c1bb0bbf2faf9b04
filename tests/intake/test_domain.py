"""What intake decides, without a world around it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.acts import reply
from services.intake.domain.complaint import Complaint
from services.intake.domain.filing import Filing, file, refuse
from shared.contracts import followup, intake, notification, routing
from shared.contracts.fact import Fact, Payload
from shared.contracts.tracking import TrackingNumber
from shared.contracts.vocabulary import Channel, Clock
from shared.runtime.document import Cause, Circumstances, Document, Refused, blank
from tests.intake.doubles import COMPLAINTS, NODE, NOW, UNDER, a_draft, a_fact

REQUEST = Cause("citizen/k", request="citizen/k", by="reporter")
BLANK = blank(COMPLAINTS, "c-1")


def filed(
    document: Document[Complaint] = BLANK,
    *,
    draw: int = 0,
    under: Circumstances = UNDER,
    draft: dict[str, Any] | None = None,
    **said: Any,
) -> Document[Complaint]:
    """File a complaint at the node."""
    filing = Filing(a_draft(**draft or {}), Channel.WEB, "ref", **said)
    return file(COMPLAINTS, document, filing, REQUEST, NODE, under, draw)


def test_a_filed_complaint_is_received() -> None:
    """It has one fact, a number that belongs to it, and the time it was taken."""
    document = filed()
    assert [row["type"] for row in document.facts] == ["complaint.received.v1"]
    assert document.state.tracking_number == str(TrackingNumber.of(NODE, "c-1"))
    assert document.state.status == "received"
    assert document.state.received_at == NOW


def test_another_draw_gives_another_number() -> None:
    """Where a number is taken, the next draw gives one that is not the same."""
    numbers = {filed(draw=draw).state.tracking_number for draw in range(5)}
    assert len(numbers) == 5


@pytest.mark.parametrize("node", ["00", "81", "8171", "8172", "kl-042"])
def test_51_a_number_says_whose_it_is(node: str) -> None:
    """Statement 51: the same characters at another node are another number, dashes or not."""
    others = {"00", "81", "8171", "8172", "kl-042"} - {node}
    number = str(TrackingNumber(node, "7K3M9QXT"))
    assert TrackingNumber.read(number.replace("-", "").lower()).node == node
    assert number not in {str(TrackingNumber(each, "7K3M9QXT")) for each in others}


def test_filed_again_it_stays_as_it_is() -> None:
    """The same request leaves the document, whatever number would be drawn now."""
    document = filed(fingerprint="a")
    assert filed(document, draw=3, fingerprint="a") is document


def test_a_key_stands_for_one_complaint() -> None:
    """The same key with another report is refused, naming the header."""
    with pytest.raises(Refused) as refusal:
        filed(filed(fingerprint="a"), fingerprint="b")
    assert (refusal.value.status, refusal.value.code) == (422, "key_used")


def test_a_contact_is_kept_sealed_and_out_of_the_facts() -> None:
    """What is told of the reporter is that there is a contact, and nothing more."""
    document = filed(sealed="JWE")
    assert (document.state.sealed, document.state.contact_version) == ("JWE", 1)
    assert document.facts[0]["data"]["reachable"] is True
    assert "JWE" not in str(document.facts)


def test_a_restored_store_seals_above_what_it_lost() -> None:
    """The contact's pair begins with the epoch of the store it was sealed in."""
    assert filed(sealed="JWE", under=Circumstances(NOW, 7)).state.contact_epoch == 7


def test_what_happens_tomorrow_cannot_be_reported() -> None:
    """The local day of the node decides: at 01:00 UTC it is already ten o'clock in Ambon."""
    assert filed(draft={"occurred_on": date(2026, 3, 2)}).facts
    with pytest.raises(Refused, match="future"):
        filed(draft={"occurred_on": date(2026, 3, 3)})


def test_a_text_that_no_fact_can_hold_is_refused() -> None:
    """A wide script takes more bytes than characters; the problem says by how many, and why."""
    with pytest.raises(
        Refused, match=r"it is 4,\d\d\d bytes too long\. .* two to four\."
    ) as refusal:
        filed(draft={"text": "ꦗ" * 4000})
    assert (refusal.value.code, refusal.value.field) == ("too_long", "text")


def test_a_refusal_keeps_its_words() -> None:
    """Refused once, it is refused in the same words, whatever is said later; bounded."""
    document = refuse(BLANK, "r", "sigap", "SGP-1", ("x" * 999, *["no"] * 50))
    assert document.state.status == "refused"
    assert len(document.state.refusal) == 20
    assert len(document.state.refusal[0]) == 300
    assert refuse(document, "r", "sigap", "SGP-1", ("else",)) is document
    assert filed(document) is document


def test_a_reply_is_a_fact() -> None:
    """What the reporter answers stands in the history."""
    document = reply(
        COMPLAINTS, filed(), intake.ReporterReplied(text="Sudah."), Cause("citizen/k2"), UNDER
    )
    assert document.facts[-1]["data"] == {"text": "Sudah."}
    assert document.state.replies == 1


def test_a_publishers_record_is_known_by_its_fact_alone() -> None:
    """A store that adopts its own facts again knows for which record to give a receipt."""
    cause = Cause("sigap/r-1", request="sigap/r-1")
    filing = Filing(a_draft(), Channel.PUBLISHER, "ref", publisher="sigap", record="r-1")
    document = file(COMPLAINTS, BLANK, filing, cause, NODE, UNDER, 0)
    row = document.facts[0]
    payload = intake.ComplaintReceived.model_validate(row["data"])
    fact = Fact(
        row["id"], document.last, row["type"], NOW, cause.id, row["request"], None, None, payload
    )
    assert COMPLAINTS.fold(Complaint(), fact) == document.state


def test_erasing_a_reporter_forgets_the_contact() -> None:
    """The contact goes, under a higher version than it had."""
    erased = a_fact(intake.ReporterErased(redactions=()), 2)
    state = COMPLAINTS.fold(filed(sealed="JWE").state, erased)
    assert (state.sealed, state.contact_version) == (None, 2)


DUE = date(2026, 3, 9)
ROUTED = (
    routing.ComplaintVerified(),
    routing.ComplaintRouted(agency="dinas-pu", turn=1),
    routing.ComplaintRouted(agency="dinsos", turn=2),
)
ASIDE = (
    routing.ComplaintDeferred(
        missing=(routing.Gap(code="where", words="Jalan apa?"),), complete_by=DUE
    ),
    routing.ComplaintResumed(),
    routing.ComplaintArchived(reason="too_general", words="Terlalu umum."),
    routing.ComplaintRestored(reason="Keliru."),
    *ROUTED,
)
CASE = (
    followup.DeadlineMissed(clock=Clock.VERIFY, due_on=date(2026, 3, 5)),
    followup.CaseOpened(agency="dinas-pu", turn=1, respond_by=DUE),
    followup.DispositionDeclined(agency="dinas-pu", turn=1, reason="bukan wewenang"),
    followup.CaseOpened(agency="dinsos", turn=2, respond_by=DUE),
    followup.DeadlineMissed(clock=Clock.RESPOND, due_on=DUE, agency="dinsos"),
    followup.ResponseGiven(agency="dinsos", text="Sudah diperbaiki."),
    followup.CaseResolved(agency="dinsos"),
)
NOTICES = (notification.NoticeSent(notice="n", about="a", audience="reporter", channel="email"),)
OWN = (intake.ReporterReplied(text="Terima kasih."),)


def told(payloads: tuple[Payload, ...]) -> list[Fact]:
    """Number the facts of one stream, an hour apart."""
    return [a_fact(each, n, NOW + timedelta(hours=n)) for n, each in enumerate(payloads, 1)]


def folded(facts: list[Fact]) -> Complaint:
    """Fold facts into a complaint that was received."""
    state = filed().state
    for fact in facts:
        state = COMPLAINTS.fold(state, fact)
    return state


@pytest.mark.parametrize(("agency", "stage"), [("dinas-pu", "answered"), ("dinsos", "in_progress")])
def test_an_answer_stands_in_another_turn_of_its_agency(agency: str, stage: str) -> None:
    """Where only the contributors change, the reporter still has the answer to judge."""
    state = folded(
        told(
            (
                followup.CaseOpened(agency="dinas-pu", turn=1, respond_by=DUE),
                followup.ResponseGiven(agency="dinas-pu", text="Sudah diperbaiki."),
                followup.CaseOpened(agency=agency, turn=2, respond_by=DUE),
            )
        )
    )
    assert (state.case_stage, state.case_turn) == (stage, 2)


@given(st.data())
def test_the_order_between_streams_does_not_matter(data: st.DataObject) -> None:
    """However the streams are interleaved, and however far each was heard, one state results."""
    streams = [told(each) for each in (ASIDE, CASE, NOTICES, OWN)]
    heard = [each[: data.draw(st.integers(0, len(each)))] for each in streams]
    turns = [n for n, each in enumerate(heard) for _ in each]
    left = [list(each) for each in heard]
    mixed = [left[turn].pop(0) for turn in data.draw(st.permutations(turns))]
    assert folded(mixed) == folded([fact for each in heard for fact in each])


@pytest.mark.parametrize(
    ("heard", "status", "whose", "late"),
    [
        ((0, 0), "received", ("coordinator", None, None), False),
        ((0, 1), "received", ("coordinator", None, None), True),
        ((1, 1), "verified", ("coordinator", None, None), True),
        ((2, 1), "routed", ("agency", "dinas-pu", None), False),
        ((2, 2), "in_progress", ("agency", "dinas-pu", DUE), False),
        ((2, 3), "returned", ("coordinator", None, DUE), False),
        ((3, 3), "routed", ("agency", "dinsos", DUE), False),
        ((3, 4), "in_progress", ("agency", "dinsos", DUE), False),
        ((3, 5), "in_progress", ("agency", "dinsos", DUE), True),
        ((3, 6), "answered", ("reporter", "dinsos", None), False),
        ((3, 7), "resolved", (None, "dinsos", None), False),
    ],
)
def test_where_it_stands(
    *,
    heard: tuple[int, int],
    status: str,
    whose: tuple[str | None, str | None, date | None],
    late: bool,
) -> None:
    """From what was heard follows the status, whose move it is by when, and whether it is late."""
    state = folded([*told(ROUTED[: heard[0]]), *told(CASE[: heard[1]])])
    assert (state.status, state.overdue) == (status, late)
    assert (state.waits_for, state.agency, state.due_on) == whose


@pytest.mark.parametrize(
    ("heard", "status", "whose"),
    [
        (1, "deferred", ("reporter", None, DUE)),
        (2, "received", ("coordinator", None, None)),
        (3, "archived", (None, None, None)),
        (4, "received", ("coordinator", None, None)),
        (5, "verified", ("coordinator", None, None)),
    ],
)
def test_what_is_set_aside_says_so(
    heard: int, status: str, whose: tuple[str | None, str | None, date | None]
) -> None:
    """Statement 13: while something is missing it is the reporter's move, and says what and when.

    Each visit to a status is another piece of progress.
    """
    before, state = (folded(told(ASIDE[: heard - n])) for n in (1, 0))
    assert (state.status, (state.waits_for, state.agency, state.due_on)) == (status, whose)
    assert before.asides < state.asides or heard == 5
    if heard == 1:
        assert state.aside
        assert state.aside.missing == (("where", "Jalan apa?"),)


@pytest.mark.parametrize("first", [0, 1])
def test_13_what_was_completed_is_late_only_by_the_days_since(first: int) -> None:
    """Statement 13: late when it was deferred, it is in time again, and late by its next date.

    Whichever stream is heard first.
    """
    missed = tuple(
        followup.DeadlineMissed(clock=Clock.VERIFY, due_on=NOW.date() - timedelta(days=days))
        for days in (1, -3)
    )
    for so_far, late in ((1, False), (2, True)):
        streams = [told(ASIDE[:2]), told(missed[:so_far])]
        state = folded([*streams[first], *streams[1 - first]])
        assert (state.status, state.overdue) == ("received", late)


def test_an_answer_can_be_read() -> None:
    """The reporter reads what the agency wrote, with its time."""
    (answer,) = folded(told(CASE)).answers
    assert (answer.agency, answer.text) == ("dinsos", "Sudah diperbaiki.")
    assert answer.at == NOW + timedelta(hours=6)
