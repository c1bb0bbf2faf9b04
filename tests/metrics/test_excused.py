"""Nobody is counted as late for a date that passed while a link was down."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from services.metrics.domain.milestone import Milestone
from services.metrics.domain.timeline import Timeline, Timelines
from shared.contracts import followup
from shared.contracts.fact import Fact, Pair, Payload
from shared.contracts.lateness import DeadlineExcused
from tests.metrics.doubles import Room

CUT = datetime(2026, 3, 17, tzinfo=UTC)


def excuse(room: Room, complaint: str, clock: str = "respond") -> None:
    """Hear that what was missed today is excused."""
    said = DeadlineExcused(
        clock=clock,
        due_on=room.clock.now.date(),
        link="jaringan kantor",
        since=CUT,
        until=CUT + timedelta(days=1),
        because="Kabel putus.",
    )
    room.hear(complaint, "cases", said)


async def overdue(room: Room) -> int:
    """Count what is overdue, once nothing is stale."""
    await room.count()
    assert room.shown() == room.naive()
    assert room.rows_shown() == room.rows_naive()
    figures = (each.state for each in room.figures.kept.values())
    return sum(each.total for each in figures if each.measure == "overdue")


async def test_what_is_excused_counts_as_overdue_no_more() -> None:
    """A figure that was told is told again without it; what was missed otherwise stays."""
    room = Room()
    for complaint in ("a", "b"):
        room.receive(complaint)
        room.route(complaint, "dinas-pu")
        room.miss(complaint, "dinas-pu")
    assert await overdue(room) == 2
    excuse(room, "a")
    assert await overdue(room) == 1


async def test_a_later_date_that_was_missed_counts_from_then_on() -> None:
    """The first response is excused and the completion is not: it is overdue by that one."""
    room = Room()
    room.receive("a")
    room.route("a", "dinas-pu")
    room.miss("a", "dinas-pu")
    room.hear(
        "a",
        "cases",
        followup.CompletionMissed(due_on=room.clock.now.date() + timedelta(9), agency="dinas-pu"),
    )
    excuse(room, "a")
    assert await overdue(room) == 1
    assert [each.excused for each in room.timelines.kept["a"].state.misses] == [True, False]


STORED = Timeline(milestones=(Milestone("overdue", "dinas-pu", "2026-03-17T15:00"),))
"""A timeline of before the dates that passed were kept beside what they made of it."""
LATER = CUT.date() + timedelta(9)


def told(state: Timeline, *payloads: Payload) -> Timeline:
    """Fold facts of a case into a timeline."""
    for nth, said in enumerate(payloads, 9):
        row = Fact(str(nth), Pair(0, nth), said.type, CUT, "c", None, None, None, said)
        state = Timelines().fold(state, row)
    return state


def excused(clock: str, due_on: date, agency: str) -> DeadlineExcused:
    """Give what is told where a date passed while a link was down."""
    until = CUT + timedelta(days=1)
    return DeadlineExcused(
        clock=clock, due_on=due_on, agency=agency, link="x", since=CUT, until=until, because="b"
    )


@pytest.mark.parametrize("agency", ["dinas-pu", "dinsos"])
def test_an_excuse_leaves_a_lateness_that_is_older_than_what_it_excuses(agency: str) -> None:
    """What was overdue before its date was kept stays so where a later date is excused."""
    missed = followup.CompletionMissed(due_on=LATER, agency=agency)
    excuse = excused("complete", LATER, agency)
    assert told(STORED, missed, excuse).milestones == STORED.milestones
    assert told(STORED, excuse).milestones == STORED.milestones


def test_a_lateness_of_before_its_date_was_kept_can_be_excused() -> None:
    """It is overdue by that date no more, and by the next one that is not excused."""
    excuse = excused("respond", CUT.date(), "dinas-pu")
    assert told(STORED, excuse).milestones == ()
    assert told(STORED, excused("respond", CUT.date(), "dinsos")).milestones == STORED.milestones
    missed = followup.CompletionMissed(due_on=LATER, agency="dinas-pu")
    (left,) = told(STORED, missed, excuse).milestones
    assert left.minute == "2026-03-17T00:00"
