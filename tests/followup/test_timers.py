"""The timers: what ran out is found oldest first, judged again, and recorded once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

from services.followup import timers
from services.followup.timers import Timers
from shared.runtime.document import Cause
from shared.runtime.ports import Away
from tests.followup.doubles import COMPLAINT, Room

MONTH = timedelta(days=30)
MISSED = "deadline.missed.v1"


class Views:
    """Up to when routing was heard."""

    def __init__(self, heard: datetime | None = None) -> None:
        self.heard = heard

    async def __call__(self) -> Mapping[str, datetime]:
        return {} if self.heard is None else {"dispositions": self.heard}


def timers_of(room: Room, views: Views | None = None) -> Timers:
    """Look after the clocks of a room."""
    now = lambda: room.clock.now  # noqa: E731
    return Timers(room.cases, room.documents, room.ask, now, views or Views())


async def test_a_silent_agency_is_recorded() -> None:
    """After its due date has passed, and not before, the missing answer is recorded."""
    room = Room()
    room.open()
    assert await timers_of(room).look() == 0
    room.clock.pass_by(MONTH)
    assert await timers_of(room).look() == 1
    assert room.types(COMPLAINT) == ["case.opened.v1", MISSED]
    assert await timers_of(room).look() == 0


async def test_two_timers_at_once_do_no_harm() -> None:
    """Two processes that believe to hold the lease record each clock once."""
    room = Room()
    ids = [f"c{n}" for n in range(20)]
    for complaint in ids:
        room.open(complaint)
    room.clock.pass_by(MONTH)
    await asyncio.gather(timers_of(room).look(), timers_of(room).look())
    assert all(room.types(each).count(MISSED) == 1 for each in ids)


async def test_an_answer_just_in_time_counts() -> None:
    """What was found due is judged again: an answer that came in between stops the clock."""
    room = Room()
    room.open()
    room.clock.pass_by(MONTH)
    found = await room.documents.window("due_at", 0, 2**62, 10)
    room.documents.kept[COMPLAINT] = room.cases.respond(
        found[0],
        "dinas-pu",
        "Sudah.",
        Cause("r"),
        room.clock.under(),
    )
    await timers_of(room).look()
    assert MISSED not in room.types(COMPLAINT)


async def test_the_verify_clock_waits_until_routing_was_heard() -> None:
    """Without evidence of what routing did up to the deadline nothing is said against it."""
    room = Room()
    room.receive()
    due = room.cases.due_at(room.documents.kept[COMPLAINT].state)
    assert due is not None
    room.clock.pass_by(MONTH)
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
    room.clock.pass_by(MONTH)
    assert await timers_of(room).look() == 1
    assert MISSED in room.types(COMPLAINT)


async def test_many_are_done_in_bounded_pages() -> None:
    """More than a page is worked off in one look, oldest first."""
    room = Room()
    for n in range(timers.PAGE + 1):
        room.open(f"c{n}")
    room.clock.pass_by(MONTH)
    assert await timers_of(room).look() == timers.PAGE + 1
    assert await room.documents.window("due_at", 0, 2**62, 10) == []


async def test_an_absent_store_is_waited_for() -> None:
    """While the store is away a look finds nothing and raises nothing."""
    room = Room()

    class Gone:
        async def window(self, *_: object) -> list[object]:
            raise Away("gone")

    absent = Timers(room.cases, Gone(), room.ask, lambda: room.clock.now, Views())  # type: ignore[arg-type]
    assert await absent.look() == 0
