"""Nobody is counted as late for a date that passed while a link was down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from shared.contracts import followup
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
    return (await room.board.live()).counts.get("overdue", 0)


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
