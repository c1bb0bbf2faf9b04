"""What comes back to the coordinator unverified is to be verified in time as what is new."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.followup.domain.policy import DEFAULT, Outage, Policies, Term
from shared.contracts import intake, routing
from shared.contracts.fact import Payload
from shared.contracts.followup import DeadlineMissed
from shared.contracts.routing import Gap
from tests.followup.doubles import AMBON, COMPLAINT, Room
from tests.followup.test_outages import known
from tests.followup.test_why import clocks

DAY = timedelta(days=1)
DEFERRED = routing.ComplaintDeferred(missing=(Gap(code="where"),), complete_by=date(2026, 4, 8))
RESUMED = routing.ComplaintResumed()
MISSED = DeadlineMissed.type
ASIDE: dict[str, tuple[Payload, Payload]] = {
    "completed": (DEFERRED, RESUMED),
    "restored": (
        routing.ComplaintArchived(reason="unclear"),
        routing.ComplaintRestored(reason="Dijelaskan."),
    ),
    "separated": (
        routing.ComplaintMerged(main="m"),
        routing.ComplaintUnmerged(main="m", because="officer", words="Ruas lain."),
    ),
}
"""How a report is set aside, and how it comes back to the queue."""


def back(how: str = "completed", *, aside: timedelta = DAY, policies: Policies = DEFAULT) -> Room:
    """Give a room with a report that was set aside after a while, and came back days later."""
    room = Room(policies=policies)
    room.receive()
    there, again = ASIDE[how]
    room.clock.pass_by(aside)
    room.hear(COMPLAINT, "dispositions", there)
    room.clock.pass_by(5 * DAY)
    room.hear(COMPLAINT, "dispositions", again)
    return room


def three_days(room: Room) -> date:
    """Give the third working day from now."""
    return AMBON.after(AMBON.local_day(room.clock.now), 3)


def misses(room: Room) -> list[str]:
    """Give the dates that were told as missed."""
    rows = room.documents.kept[COMPLAINT].facts
    return [row["data"]["due_on"] for row in rows if row["type"] == MISSED]


@pytest.mark.parametrize("how", ASIDE)
def test_12_what_comes_back_unverified_is_verified_within_three_working_days(how: str) -> None:
    """Statement 12: from the day on which it is back; verified in that time, nothing is late."""
    room = back(how)
    assert dict(room.case.running()) == {Term.VERIFY: three_days(room)}
    room.clock.pass_by(DAY)
    room.hear(COMPLAINT, "dispositions", routing.ComplaintVerified())
    room.clock.pass_by(30 * DAY)
    room.tick()
    assert (misses(room), Term.VERIFY in dict(room.case.running())) == ([], False)


@pytest.mark.parametrize("how", ASIDE)
def test_12_what_came_back_and_was_left_is_told_as_late_once(how: str) -> None:
    """Statement 12: once its date is over and routing was heard beyond it, and once."""
    room = back(how)
    due, began = three_days(room), room.clock.now
    room.clock.now = AMBON.end_of(due)
    room.tick({"dispositions": began})
    assert misses(room) == []
    room.tick()
    room.tick()
    assert misses(room) == [due.isoformat()]
    assert not dict(room.case.running())


def test_12_a_decision_that_comes_after_that_date_says_so_itself() -> None:
    """Statement 12: no clock need have looked in between."""
    room = back()
    due = three_days(room)
    room.clock.now = AMBON.end_of(due)
    room.hear(COMPLAINT, "dispositions", routing.ComplaintVerified())
    assert misses(room) == [due.isoformat()]


def test_12_each_time_it_comes_back_has_a_date_of_its_own() -> None:
    """Statement 12: late, deferred, completed, late again: both dates are told as missed."""
    room = Room()
    room.receive()
    first = three_days(room)
    room.clock.now = AMBON.end_of(first)
    room.hear(COMPLAINT, "dispositions", DEFERRED)
    room.clock.pass_by(3 * DAY)
    room.hear(COMPLAINT, "dispositions", RESUMED)
    second = three_days(room)
    assert dict(room.case.running()) == {Term.VERIFY: second}
    room.clock.now = AMBON.end_of(second)
    room.tick()
    assert misses(room) == [first.isoformat(), second.isoformat()]


def test_12_deferred_again_the_clock_stands_still_again() -> None:
    """Statement 12: a coordinator who asks for more has looked at it."""
    room = back()
    room.hear(COMPLAINT, "dispositions", DEFERRED)
    assert not dict(room.case.running())


def test_12_the_days_count_from_what_the_reporter_did() -> None:
    """Statement 12: not from when routing, which was away, heard of it."""
    room = Room()
    room.receive()
    room.hear(COMPLAINT, "dispositions", DEFERRED)
    room.clock.pass_by(DAY)
    due, completed = three_days(room), room.clock.now
    room.clock.pass_by(20 * DAY)
    room.hear(COMPLAINT, "dispositions", routing.ComplaintResumed(completed_at=completed))
    assert room.due(Term.VERIFY) == due.isoformat()


def test_what_was_verified_before_runs_to_its_completion() -> None:
    """Of a report that was found complete the clock to be done runs; there is no second one."""
    room = Room()
    room.receive()
    room.hear(COMPLAINT, "dispositions", routing.ComplaintVerified(), DEFERRED)
    room.clock.pass_by(DAY)
    room.hear(COMPLAINT, "dispositions", RESUMED)
    assert list(dict(room.case.running())) == [Term.COMPLETE]


def test_what_was_withdrawn_meanwhile_runs_no_clock() -> None:
    """Nobody waits for it any more."""
    room = back()
    room.hear(COMPLAINT, "complaints", intake.ComplaintWithdrawn(reason="Sudah."))
    assert not dict(room.case.running())


def test_the_date_is_the_same_whichever_stream_is_heard_first() -> None:
    """A store that was put back hears what its reporter filed after what routing did."""
    told = back()
    other = Room(told.clock)
    other.told = told.told
    other.hear(COMPLAINT, "dispositions")
    other.hear(COMPLAINT, "complaints")
    assert dict(other.case.running()) == dict(told.case.running())


async def test_why_it_is_due_then_is_explained() -> None:
    """What the count began with is said, and that a date which was missed before is no more."""
    room = back(aside=15 * DAY)
    assert len(misses(room)) == 1
    began = AMBON.local_day(room.clock.now)
    room.clock.pass_by(DAY)
    room.hear(
        COMPLAINT,
        "dispositions",
        routing.ComplaintVerified(),
        routing.ComplaintRouted(agency="dinas-pu", turn=1),
    )
    found = (await clocks(room, "en"))["verify"]
    assert (found["started_on"], found["days"], found["missed"]) == (began.isoformat(), 3, False)
    assert "the report came back to the queue" in found["sentences"][1]


def test_an_excuse_is_of_the_date_that_passed_in_the_outage() -> None:
    """The first date was nobody's fault; the one that passed after it came back was."""
    passed = AMBON.end_of(date(2026, 3, 27))
    cut = Outage(link="kantor", since=passed - DAY, until=passed + DAY, because="Kabel putus.")
    room = back(aside=15 * DAY, policies=known(cut))
    assert "verify" in room.case.excuses
    room.clock.now = AMBON.end_of(three_days(room))
    room.tick()
    assert "verify" not in room.case.excuses
