"""What the feed shows, and how often windows are counted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.metrics.domain.pace import FREE, PAID, due
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
