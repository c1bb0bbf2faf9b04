"""What a reporter finds of an answer: done, and the case ends; not done, and it goes on."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from services.followup.domain.case import Case
from services.followup.domain.policy import Term
from shared.contracts import intake
from tests.followup.doubles import AMBON, COMPLAINT, Room

OPENED, GIVEN, LATE = "case.opened.v1", "response.given.v1", "completion.missed.v1"
RESOLVED, REOPENED = "case.resolved.v1", "case.reopened.v1"


def answered() -> Room:
    """Give a room whose case was answered at once: Tuesday 17 March."""
    room = Room()
    room.open()
    room.respond()
    return room


def judge(room: Room, *, solved: bool | None, about: str | None = None) -> Case:
    """Hear that the reporter judged a fact now, by default the last one told."""
    last = str(room.documents.kept[COMPLAINT].facts[-1]["id"])
    said = intake.ReporterRated(about=about or last, agency="dinas-pu", score=2, solved=solved)
    return room.hear(COMPLAINT, "complaints", said).state


def after(day: str) -> datetime:
    """Give the moment at which a local day is over."""
    return AMBON.end_of(date.fromisoformat(day))


def test_statement_30_what_the_reporter_confirms_is_resolved() -> None:
    """Statement 30: an end that the reporter confirmed says so, and no clock waits any more."""
    room = answered()
    state = judge(room, solved=True)
    assert (state.stage, state.how, state.reopenings) == ("resolved", "confirmed", 0)
    assert room.documents.kept[COMPLAINT].facts[-1]["data"] == {
        "agency": "dinas-pu",
        "how": "confirmed",
    }
    assert list(state.running()) == []


def test_statement_29_a_rejected_answer_takes_up_the_work() -> None:
    """Statement 29: a rejected answer puts the case back to work, counted, its clock unchanged."""
    room = answered()
    state = judge(room, solved=False)
    assert (state.stage, state.reopenings, state.reopened_because) == ("open", 1, "rejected")
    assert room.due(Term.COMPLETE) == "2026-04-14"
    assert not state.closable


@pytest.mark.parametrize(("day", "stage"), [("2026-04-06", "open"), ("2026-04-09", "resolved")])
def test_statement_29_a_rejected_end_reopens_for_a_while(day: str, stage: str) -> None:
    """Statement 29: the end can be rejected as long as the case can be taken up again."""
    room = answered()
    room.resolve()
    room.clock.now = after(day)
    assert judge(room, solved=False).stage == stage


def test_stars_alone_move_nothing() -> None:
    """Who is discontent without saying that it is not done leaves the case as it is."""
    room = answered()
    assert judge(room, solved=None).stage == "answered"
    assert room.types(COMPLAINT) == [OPENED, GIVEN]


@pytest.mark.parametrize("solved", [True, False])
def test_a_verdict_counts_only_for_the_answer_it_names(*, solved: bool) -> None:
    """Who judged the first answer has not read the second: nothing ends, nothing is taken up."""
    room = answered()
    first = str(room.documents.kept[COMPLAINT].facts[-1]["id"])
    room.respond("Kami perbaiki lagi.")
    assert judge(room, solved=solved, about=first).stage == "answered"


def test_thanks_and_then_a_confirmation_end_the_case() -> None:
    """Writing back takes the case up; confirming that answer afterwards ends it all the same."""
    room = answered()
    answer = str(room.documents.kept[COMPLAINT].facts[-1]["id"])
    room.clock.now = after("2026-03-17")
    room.reply("Terima kasih.")
    assert judge(room, solved=True, about=answer).how == "confirmed"


def test_a_confirmation_that_comes_too_late_leaves_the_missed_date() -> None:
    """Whoever confirms after the completion date does not make the agency punctual."""
    room = answered()
    room.clock.now = after("2026-04-14")
    judge(room, solved=True)
    assert room.types(COMPLAINT) == [OPENED, GIVEN, LATE, RESOLVED]


def test_what_was_confirmed_is_not_taken_up_again() -> None:
    """After a confirmation neither a reply nor a second verdict reopens: that is a new report."""
    room = answered()
    judge(room, solved=True)
    room.clock.now = after("2026-03-17")
    assert judge(room, solved=False).stage == "resolved"
    room.reply("Rusak lagi.")
    assert room.case.stage == "resolved"


@pytest.mark.parametrize("solved", [True, False])
def test_a_verdict_on_a_withdrawn_report_does_nothing(*, solved: bool) -> None:
    """An answer can be rated after the report was taken back; no work begins or ends by it."""
    room = answered()
    room.hear(COMPLAINT, "complaints", intake.ComplaintWithdrawn())
    room.clock.now = after("2026-03-17")
    answer = str(room.documents.kept[COMPLAINT].facts[-1]["id"])
    assert judge(room, solved=solved, about=answer).stage == "answered"


def test_a_verdict_on_an_earlier_agencys_answer_ends_nothing_at_the_next() -> None:
    """What one agency answered cannot be confirmed at another that has not answered."""
    room = answered()
    answer = str(room.documents.kept[COMPLAINT].facts[-1]["id"])
    room.clock.now = after("2026-03-17")
    room.reply("Ini bukan urusan dinas PU.")
    room.decline()
    room.route(agency="dinsos", turn=2)
    state = judge(room, solved=True, about=answer)
    assert (state.stage, state.agency, state.closable) == ("open", "dinsos", False)
