"""An objection has a date like any other: missed it is recorded, explained, amended, excused."""

from __future__ import annotations

from datetime import date, timedelta

from services.followup.domain.policy import DEFAULT, Outage, Policies, Term
from services.followup.store import shape_of
from shared.contracts.calendar import Calendar
from shared.contracts.lateness import AppealMissed, DeadlineExcused
from tests.followup.doubles import AMBON, CASE, COMPLAINT, Room, get
from tests.followup.test_amendments import Bureau
from tests.followup.test_appeals import appeal, decide, ended
from tests.followup.test_why import clocks

MISSED = AppealMissed.type


def late() -> Room:
    """Give a room in which an objection was not decided by its date."""
    room = ended()
    appeal(room)
    assert room.case.appeal is not None
    room.clock.now = AMBON.end_of(room.case.appeal)
    return room


async def test_an_objection_that_nobody_decided_is_missed_once() -> None:
    """The date that passed is a fact of its own, and explained among the others."""
    room = late()
    by = room.case.appeal
    room.tick()
    room.tick()
    assert room.types(COMPLAINT).count(MISSED) == 1
    assert room.documents.kept[COMPLAINT].facts[-1]["data"] == {
        "due_on": str(by),
        "agency": "dinas-pu",
    }
    said = (await clocks(room))["appeal"]
    assert (said["due_on"], said["missed"], said["runs"]) == (str(by), True, False)
    assert said["sentences"][0].startswith("Putusan atas keberatan: paling lambat")
    assert (await get(room, CASE)).json()["appeal_by"] == str(by)


def test_a_waiting_objection_is_found_when_it_is_due() -> None:
    """Its date is on the index in which timers look."""
    room = late()
    due_at = shape_of(room.cases).finds(room.case)["due_at"]
    assert due_at == int(room.clock.now.timestamp() * 1_000_000)


async def test_a_decision_that_comes_too_late_leaves_the_missed_date_first() -> None:
    """Decided the day after, it is decided, and was late."""
    room = late()
    answer = await decide(room, {"outcome": "dismissed", "reason": "Sudah menyala."})
    assert answer.status_code == 200
    assert room.types(COMPLAINT)[-2:] == [MISSED, "appeal.decided.v1"]


async def test_a_second_objection_has_a_date_of_its_own() -> None:
    """Upheld, worked on, closed again and objected to again, it can be missed again."""
    room = late()
    await decide(room, {"outcome": "upheld", "reason": "Belum menyala."})
    room.respond()
    room.resolve()
    appeal(room)
    assert room.case.appeal is not None
    room.clock.now = AMBON.end_of(room.case.appeal)
    room.tick()
    assert room.types(COMPLAINT).count(MISSED) == 2


async def test_statement_26_an_amendment_moves_the_date_of_an_objection() -> None:
    """Statement 26: a day off that is decreed later moves it, and the old date is kept."""
    bureau = Bureau()
    bureau.room = ended()
    appeal(bureau.room)
    bureau.room.clock.pass_by(timedelta(minutes=1))
    await bureau.look()
    by = bureau.room.case.appeal
    assert by is not None
    bureau.amend(Calendar(AMBON.zone, closed=frozenset({date(2026, 4, 6)})))
    await bureau.look()
    assert bureau.room.case.appeal == AMBON.after(by, 1)
    assert bureau.room.case.dues[Term.APPEAL].moved_from == by


def test_an_objection_whose_date_passed_in_an_outage_is_excused() -> None:
    """Who could not reach the node is not to blame for that date either."""
    room = late()
    since, until = room.clock.now, room.clock.now
    cut = Outage(link="simpul 81", since=since, until=until.replace(hour=23), because="Banjir.")
    excusing = Room(room.clock, policies=Policies(versions=DEFAULT.versions, outages=(cut,)))
    excusing.documents.kept, excusing.told = room.documents.kept, room.told
    excusing.tick()
    assert excusing.types(COMPLAINT)[-2:] == [MISSED, DeadlineExcused.type]
    assert Term.APPEAL in excusing.case.excuses
