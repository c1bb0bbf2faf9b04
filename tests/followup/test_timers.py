"""The timers: what ran out is found oldest first, judged again, and recorded once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

import pytest

from services.followup import timers
from services.followup.domain.policy import Term
from services.followup.timers import Timers
from shared.contracts import routing
from shared.contracts.vocabulary import Clock as Runs
from shared.runtime.ports import Away
from shared.runtime.timing import micros
from tests.desk import received
from tests.followup.doubles import AMBON, COMPLAINT, Room

AWHILE = timedelta(days=15)
VERIFY_BY = date(2026, 3, 27)
"""Three working days after NOON's complaint."""
MISSED = "deadline.missed.v1"


def end_of_last_day(room: Room) -> datetime:
    """Give the moment from which a first response is late."""
    respond_by = room.case.due_on(Term.RESPOND)
    assert respond_by is not None
    return AMBON.end_of(respond_by)


class Views:
    """Up to when a stream was heard."""

    def __init__(self, heard: datetime | None = None, stream: str = "dispositions") -> None:
        self.heard, self.stream = heard, stream

    async def __call__(self) -> Mapping[str, datetime]:
        return {} if self.heard is None else {self.stream: self.heard}


def timers_of(room: Room, views: Views | None = None) -> Timers:
    """Look after the clocks of a room."""
    now = lambda: room.clock.now  # noqa: E731
    return Timers(room.cases, room.documents, room.ask, now, views or Views())


async def test_a_silent_agency_is_recorded() -> None:
    """After its due date has passed, and not before, the missing answer is recorded."""
    room = Room()
    room.open()
    assert await timers_of(room).look() == 0
    room.clock.pass_by(AWHILE)
    assert await timers_of(room).look() == 1
    assert room.types(COMPLAINT) == ["case.opened.v1", MISSED]
    assert await timers_of(room).look() == 0


async def test_two_timers_at_once_do_no_harm() -> None:
    """Two processes that believe to hold the lease record each clock once."""
    room = Room()
    ids = [f"c{n}" for n in range(20)]
    for complaint in ids:
        room.open(complaint)
    room.clock.pass_by(AWHILE)
    await asyncio.gather(timers_of(room).look(), timers_of(room).look())
    assert all(room.types(each).count(MISSED) == 1 for each in ids)


async def test_an_answer_on_the_last_day_counts() -> None:
    """What was found due is judged again: an answer given in the last second stopped the clock."""
    room = Room()
    room.open()
    room.clock.now = end_of_last_day(room) - timedelta(seconds=1)
    room.respond()
    room.clock.pass_by(timedelta(days=5))
    await room.ask(COMPLAINT, lambda found, under, _: room.cases.tick(found, under))
    assert await timers_of(room).look() == 0
    assert room.types(COMPLAINT) == ["case.opened.v1", "response.given.v1"]


@pytest.mark.parametrize("late", [timedelta(), timedelta(days=1), timedelta(days=10)])
@pytest.mark.parametrize(
    ("act", "fact"),
    [(Room.respond, "response.given.v1"), (Room.decline, "disposition.declined.v1")],
)
async def test_what_comes_too_late_leaves_the_missed_deadline(
    act: Callable[[Room], None], fact: str, late: timedelta
) -> None:
    """Before any clock looked, a late act records first that it is late; a look adds nothing."""
    room = Room()
    room.open()
    room.clock.now = end_of_last_day(room) + late
    act(room)
    assert room.types(COMPLAINT) == ["case.opened.v1", MISSED, fact]
    await room.ask(COMPLAINT, lambda found, under, _: room.cases.tick(found, under))
    await asyncio.gather(timers_of(room).look(), timers_of(room).look())
    assert room.types(COMPLAINT) == ["case.opened.v1", MISSED, fact]
    missed = room.documents.kept[COMPLAINT].facts[1]
    assert (missed["by"], missed["data"]["agency"]) == ("clock", "dinas-pu")


@pytest.mark.parametrize("complaint_first", [True, False])
@pytest.mark.parametrize(("late", "missed"), [(timedelta(seconds=-1), []), (timedelta(), [MISSED])])
async def test_a_verification_is_judged_by_when_it_was_done(
    late: timedelta, missed: list[str], *, complaint_first: bool
) -> None:
    """Verified too late, the missed clock is recorded once, in whichever order it is heard."""
    room = Room()
    said = received(room.clock.now)
    if complaint_first:
        room.hear(COMPLAINT, "complaints", said)
    room.clock.now = AMBON.end_of(VERIFY_BY) + late
    room.hear(COMPLAINT, "dispositions", routing.ComplaintVerified())
    room.clock.pass_by(timedelta(days=1))
    room.hear(COMPLAINT, "dispositions", routing.ComplaintRouted(agency="dinas-pu", turn=1))
    if not complaint_first:
        room.hear(COMPLAINT, "complaints", said)
    await timers_of(room, Views(room.clock.now)).look()
    told = room.types(COMPLAINT)
    assert sorted(told) == ["case.opened.v1", *missed]
    for row in room.documents.kept[COMPLAINT].facts:
        assert row["type"] != MISSED or row["data"] == {
            "clock": Runs.VERIFY,
            "due_on": VERIFY_BY.isoformat(),
        }


async def test_the_verify_clock_waits_until_routing_was_heard() -> None:
    """Without evidence of what routing did up to the deadline nothing is said against it."""
    room = Room()
    room.receive()
    due = AMBON.end_of(VERIFY_BY)
    room.clock.pass_by(AWHILE)
    for heard in (None, due - timedelta(seconds=1)):
        assert await timers_of(room, Views(heard)).look() == 0
    assert await timers_of(room, Views(due)).look() == 1
    assert room.types(COMPLAINT) == [MISSED]


async def test_a_waiting_verify_clock_hides_no_other() -> None:
    """However many verify clocks wait for routing to be heard, missing answers are found."""
    room = Room()
    for n in range(timers.PAGE + 10):
        room.receive(f"waiting{n}")
    room.clock.pass_by(timedelta(seconds=1))
    room.open()
    room.clock.pass_by(AWHILE)
    assert await timers_of(room).look() == 1
    assert MISSED in room.types(COMPLAINT)


async def test_many_are_done_in_bounded_pages() -> None:
    """More than a page is worked off in one look, oldest first."""
    room = Room()
    for n in range(timers.PAGE + 1):
        room.open(f"c{n}")
    room.clock.pass_by(AWHILE)
    assert await timers_of(room).look() == timers.PAGE + 1
    assert await room.documents.window("due_at", 0, micros(room.clock.now), 10) == []


async def test_what_can_never_be_judged_keeps_no_clock_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Behind two pages of cases whose history is full, a missing answer is recorded."""
    monkeypatch.setattr(timers, "PAGE", 3)
    room = Room()
    full = [f"full{n}" for n in range(6)]
    for complaint in full:
        room.open(complaint)
        room.fill(complaint)
    room.clock.pass_by(timedelta(days=1))
    room.open()
    room.clock.pass_by(AWHILE)
    assert await timers_of(room).look() == 1
    assert room.types(COMPLAINT)[-1] == MISSED
    assert all(MISSED not in room.types(each) for each in full)


async def test_an_absent_store_is_waited_for() -> None:
    """While the store is away a look finds nothing and raises nothing."""
    room = Room()

    class Gone:
        async def window(self, *_: object) -> list[object]:
            raise Away("gone")

    absent = Timers(room.cases, Gone(), room.ask, lambda: room.clock.now, Views())  # type: ignore[arg-type]
    assert await absent.look() == 0
