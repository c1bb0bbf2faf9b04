"""What the feed shows, and how often windows are counted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.metrics.domain.pace import FREE, PAID, due
from shared.contracts import followup, routing
from shared.contracts.fact import Fact, Pair, Payload, fact_id
from shared.contracts.vocabulary import Clock
from tests.metrics.doubles import Room


async def test_the_latest_step_is_shown_first() -> None:
    """The newest comes first, with the end of its number and no word of what it says."""
    room = Room()
    room.receive("a")
    room.clock.pass_by(timedelta(minutes=1))
    room.receive("b")
    room.clock.pass_by(timedelta(minutes=1))
    room.route("a", "dinas-pu")
    first, second = (await room.board.live()).feed
    assert (first.kind, first.service, first.agency) == ("routed", "routing", "dinas-pu")
    assert second.kind == "received"
    assert len(first.ending) == 5
    assert first.category == "jalan-jembatan"


async def test_what_is_not_known_to_be_public_is_not_shown() -> None:
    """A confidential complaint never, and one whose beginning was not heard not yet."""
    room = Room()
    room.receive("secret", confidential=True)
    room.route("secret", "dinas-pu")
    room.route("unheard", "dinas-pu")
    assert (await room.board.live()).feed == ()
    room.clock.pass_by(timedelta(seconds=2))
    room.receive("unheard")
    assert [each.kind for each in (await room.board.live()).feed] == ["received"]


ROUTED = routing.ComplaintRouted(agency="dinsos", turn=2)
DECLINED = followup.DispositionDeclined(agency="dinas-pu", turn=1, reason="Bukan kami.")
LATE = followup.DeadlineMissed(clock=Clock.VERIFY, due_on=date(2026, 3, 17))
OPENED = followup.CaseOpened(agency="dinas-pu", turn=1, respond_by=date(2026, 3, 31))


@pytest.mark.parametrize("first", ["dispositions", "cases"])
async def test_of_one_moment_the_step_is_shown_that_the_others_led_to(first: str) -> None:
    """Whichever is heard first: who declined was asked, and another is asked for that."""
    room = Room()
    room.receive("a")
    room.clock.pass_by(timedelta(seconds=1))
    told = {
        "dispositions": [_fact(room, ROUTED, 2, cause=DECLINED)],
        "cases": [_fact(room, DECLINED, 2), _fact(room, OPENED, 1)],
    }
    state = room.timelines.kept["a"].state
    for stream in sorted(told, reverse=first == "dispositions"):
        for fact in told[stream]:
            state = room.domain.fold(state, fact)
    assert state.step is not None
    assert (state.step.kind, state.step.agency) == ("routed", "dinsos")


async def test_of_one_moment_a_service_is_taken_at_its_word() -> None:
    """A case that is opened late is open: that it was late was said before."""
    room = Room()
    room.receive("a")
    room.clock.pass_by(timedelta(seconds=1))
    room.hear("a", "cases", LATE, OPENED)
    (shown,) = (await room.board.live()).feed
    assert shown.kind == "opened"
    room.clock.pass_by(timedelta(seconds=1))
    room.answer("a", "dinas-pu")
    state = room.timelines.kept["a"].state
    assert (state.step and state.step.kind, state.before) == ("answered", ())


def _fact(room: Room, data: Payload, nth: int, cause: Payload | None = None) -> Fact:
    """Tell something now, as the nth of its stream, for another or for nothing."""
    caused = "test" if cause is None else fact_id("a", cause.type, "")
    name = fact_id("a", data.type, "")
    pair, now = Pair(0, nth), room.clock.now
    return Fact(name, pair, data.type, now, caused, request=None, by=None, trace=None, data=data)


@pytest.mark.parametrize(("rate", "cells"), [(2, 5), (100, 5), (1000, 5), (5000, 1)])
def test_counting_costs_what_is_promised(rate: int, cells: int) -> None:
    """Per mark at most what ``pace`` says, and never later than it says."""
    size = marks = counted = reads = 0
    waited, latest = 0.0, 0.0
    for _ in range(60):
        size += rate * cells
        marks += rate * cells
        waited += 1
        if due(waited, marks, counted):
            reads += size
            latest = max(latest, waited)
            counted, marks, waited = size, 0, 0.0
    assert reads / size <= PAID + FREE / (rate * cells) + 1
    assert latest <= size / (FREE + PAID * rate * cells) + 1
