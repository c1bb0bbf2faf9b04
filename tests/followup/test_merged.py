"""A case that follows another: it rests with its agency, and goes on whole."""

from __future__ import annotations

from datetime import timedelta

from services.followup.domain.case import Case
from services.followup.domain.cases import Cases
from services.followup.domain.policy import DEFAULT, Term
from shared.contracts import routing
from shared.contracts.appeal import ReporterAppealed
from shared.contracts.calendar import Calendar
from shared.contracts.fact import read_fact
from shared.contracts.vocabulary import zone_of
from tests.followup.doubles import AMBON, CASES, COMPLAINT, Room, get, post

MERGED = routing.ComplaintMerged(main="main")
APART = routing.ComplaintUnmerged(main="main", because="officer", words="Ruas lain.")


async def test_18_a_merged_case_rests_and_comes_back_whole() -> None:
    """It lies on no desk and no clock runs out on it; separated, its clocks go on."""
    room = Room()
    room.receive()
    room.route()
    due = room.due(Term.RESPOND)
    room.hear(COMPLAINT, "dispositions", MERGED)
    assert (await get(room, CASES)).json()["items"] == []
    refused = await post(room, "responses", {"text": "Sudah."})
    assert (refused.status_code, refused.json()["code"]) == (409, "merged")
    state = room.documents.kept[COMPLAINT].state
    assert (state.stage, list(state.running())) == ("open", [])
    room.clock.pass_by(timedelta(days=1))
    room.hear(COMPLAINT, "dispositions", APART)
    assert room.due(Term.RESPOND) == due
    assert len((await get(room, CASES)).json()["items"]) == 1
    answered = await post(room, "responses", {"text": "Sudah."})
    assert answered.json()["stage"] == "answered"


def test_a_reply_takes_up_no_work_that_rests() -> None:
    """The main report is worked on; what the reporter of the other writes opens nothing."""
    room = Room()
    room.open()
    room.respond()
    room.hear(COMPLAINT, "dispositions", MERGED)
    room.clock.pass_by(timedelta(hours=1))
    room.reply()
    assert (room.case.stage, room.case.replies) == ("answered", 1)
    assert "case.reopened.v1" not in room.types(COMPLAINT)


def test_merging_stops_the_clock_of_verifying() -> None:
    """A coordinator who found what it repeats has decided in time."""
    room = Room()
    room.receive()
    room.hear(COMPLAINT, "dispositions", MERGED)
    assert room.documents.kept[COMPLAINT].state.decided_at == room.clock.now


def test_18_an_objection_to_what_follows_another_is_not_called_late() -> None:
    """Closed and merged in one lag, it is handled by the other one; the days left are not over."""
    room = Room()
    room.open()
    room.respond()
    room.resolve()
    room.hear(COMPLAINT, "dispositions", MERGED)
    objection = ReporterAppealed(about=str(room.case.ending), text="Belum ditambal.")
    room.hear(COMPLAINT, "complaints", objection)
    said = room.documents.kept[COMPLAINT].facts[-1]["data"]
    assert (said["because"], said["moot_by"], said.get("until")) == ("moot", "merged", None)
    room.clock.pass_by(timedelta(days=60))
    room.hear(COMPLAINT, "complaints", objection)
    assert room.documents.kept[COMPLAINT].facts[-1]["data"]["because"] == "late"


def test_18_nobody_is_late_with_what_followed_another() -> None:
    """Separated after months, each clock has the working days beside that it stood still for."""
    room = Room()
    room.open()
    before = dict(room.case.dues)
    room.clock.pass_by(timedelta(days=1))
    room.hear(COMPLAINT, "dispositions", MERGED)
    merged_on = AMBON.local_day(room.clock.now)
    room.clock.pass_by(timedelta(days=90))
    room.tick()
    room.hear(COMPLAINT, "dispositions", APART)
    days = AMBON.between(merged_on, AMBON.local_day(room.clock.now))
    for clock in (Term.RESPOND, Term.COMPLETE, Term.SUPERIOR, Term.OVERSIGHT):
        assert room.case.due_on(clock) == AMBON.after(before[clock].due_on, days)
    told = [row["data"] for row in room.documents.kept[COMPLAINT].facts]
    moves = {row["clock"]: row["because"] for row in told if "was" in row}
    assert moves == dict.fromkeys(("respond", "complete", "superior", "oversight"), "merged")
    room.tick()
    assert not room.case.missed


def test_18_what_was_late_before_it_was_merged_stays_late() -> None:
    """A date that was over when the case was merged is not moved by its rest."""
    room = Room()
    room.open()
    due = room.due(Term.RESPOND)
    room.clock.pass_by(timedelta(days=20))
    room.hear(COMPLAINT, "dispositions", MERGED)
    room.clock.pass_by(timedelta(days=20))
    room.hear(COMPLAINT, "dispositions", APART)
    room.tick()
    assert (room.due(Term.RESPOND), "respond" in room.case.missed) == (due, True)


def test_18_a_closing_that_was_announced_is_announced_anew() -> None:
    """A reporter whose report followed another has the days to answer that the notice leaves."""
    room = Room()
    room.open()
    room.respond()
    while room.case.closes_on is None:
        room.clock.pass_by(timedelta(days=1))
        room.tick()
    room.hear(COMPLAINT, "dispositions", MERGED)
    room.clock.pass_by(timedelta(days=60))
    room.hear(COMPLAINT, "dispositions", APART)
    room.tick()
    assert room.types(COMPLAINT).count("closing.announced.v1") == 2
    assert room.case.closes_on == AMBON.after(AMBON.local_day(room.clock.now), 3)
    assert room.case.stage == "answered"
    room.clock.pass_by(timedelta(days=10))
    room.tick()
    assert room.case.how == "lapsed"


def test_26_a_calendar_that_is_amended_moves_what_rests() -> None:
    """Statement 26: dates of a merged case move with the calendar, and stay so when separated."""
    room = Room()
    room.open()
    due = room.case.due_on(Term.RESPOND)
    assert due is not None
    room.hear(COMPLAINT, "dispositions", MERGED)
    amended = Cases(Calendar(zone_of("8171"), closed=frozenset({due})), DEFAULT)
    document = room.documents.kept[COMPLAINT]
    assert amended.stale(document, room.clock.now)
    after = amended.amend(document, "amended", room.clock.under())
    assert after.state.due_on(Term.RESPOND) == AMBON.after(due, 1)
    assert after.facts[-1]["data"]["because"] == "calendar"


def restored(room: Room) -> Case:
    """Give the case of a store that took back its own facts before it heard the others' again."""
    state = room.cases.begin(COMPLAINT)
    heard = [row for rows in room.told.values() for row in rows]
    for row in [*room.documents.kept[COMPLAINT].facts, *heard]:
        state = room.cases.fold(state, read_fact(row, room.cases.known))
    return state


def test_18_a_restored_case_stood_still_as_long_and_is_to_be_closed_when_it_was() -> None:
    """What became of it while it followed another stands, in whichever order it is heard again."""
    room = Room()
    room.open()
    room.clock.pass_by(timedelta(days=1))
    room.hear(COMPLAINT, "dispositions", MERGED)
    room.clock.pass_by(timedelta(days=7))
    room.hear(COMPLAINT, "dispositions", APART)
    room.respond()
    for again in (False, True):
        while room.case.closing is None:
            room.clock.pass_by(timedelta(days=1))
            room.tick()
        assert restored(room) == room.case
        if not again:
            room.hear(COMPLAINT, "dispositions", MERGED)
            assert room.case.rest is not None
            assert restored(room) == room.case
            room.clock.pass_by(timedelta(days=1))
            room.hear(COMPLAINT, "dispositions", APART)
    assert room.types(COMPLAINT).count("closing.announced.v1") == 2
