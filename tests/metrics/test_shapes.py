"""What an earlier release has stored and counted, and what it makes of today's rows."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from msgspec.structs import replace

from services.metrics.store import PERFORMANCE, TIMELINES
from shared.contracts import intake, routing
from shared.runtime.document import Refused
from shared.runtime.store.rows import lift, lower
from tests.metrics.doubles import Room, received

SHAPE_1: dict[str, Any] = json.loads(
    (Path(__file__).parent / "shapes/performance.1.json").read_text()
)
"""A row as the release stored it that told every category by its name, by dimension."""
TIMELINE_1: dict[str, Any] = json.loads(
    (Path(__file__).parent / "shapes/timeline.1.json").read_text()
)
"""A timeline as the release stored it that took no correction of its reporter's, by what it says.

Each was reported in one district and amended to another; one was found by a coordinator in a third.
"""
KEY = "category|banjir|2026-03-17"


async def test_a_row_of_before_is_counted_on_under_its_key() -> None:
    """It was told by its name, whatever the register says of that, and stays so."""
    room = Room()
    room.receive("a", category="banjir")
    room.rows.kept[KEY] = lift(SHAPE_1["category"], PERFORMANCE)
    room.receive("b", category="banjir")
    await room.count()
    told = {each.key.decode(): orjson.loads(each.value or b"") for each in room.row_wire.sent}
    row = told[f"performance|{KEY}"]
    assert (row["value"], row["received"]) == ("banjir", 2)
    assert not [key for key in told if "~" in key]
    assert lower(room.rows.kept[KEY], PERFORMANCE)["schema"] == 2


async def test_a_release_that_names_every_row_leaves_them_alone() -> None:
    """It would tell a stranger's word under a second key."""
    room = Room()
    room.receive("a", category="banjir")
    await room.count()
    row = lower(room.rows.kept[KEY], PERFORMANCE)
    earlier = lift(row, dataclasses.replace(PERFORMANCE, lifts=()))
    with pytest.raises(Refused, match="stored by a newer release, in shape 2"):
        _ = earlier.state.value


def of_before(name: str) -> Room:
    """Give a room that begins on what the release before stored of a complaint."""
    room = Room()
    room.timelines.kept["a"] = lift(TIMELINE_1[name], TIMELINES)
    return room


def tell_again(room: Room, stream: str, found: str | None) -> None:
    """Have a producer tell its history as it did then."""
    if stream == "complaints":
        told = received("a", room.clock.now, area="81.71.01")
        amended = intake.ComplaintAmended(text="Di Sirimau, bukan di Nusaniwe.", area="81.71.02")
        room.hear("a", stream, told, amended)
    else:
        verified = routing.ComplaintVerified(area=found)
        room.hear("a", stream, verified, routing.ComplaintRouted(agency="dinas-pu", turn=1))


async def test_a_correction_that_was_not_kept_is_filled_in_when_it_is_told_again() -> None:
    """The row of the district where it is not goes down with it, and nothing else moves."""
    room = of_before("amended")
    before = room.timelines.kept["a"].state
    assert (before.area, before.lacks) == ("81.71.01", ("complaints", "dispositions"))
    tell_again(room, "complaints", None)
    tell_again(room, "dispositions", None)
    after = room.timelines.kept["a"]
    assert after.state == replace(before, area="81.71.02", lacks=())
    assert lower(after, TIMELINES)["schema"] == 2
    await room.count()
    assert "area|81.71.02|2026-03-17" in room.rows.kept
    assert room.rows_shown() == room.rows_naive()


@pytest.mark.parametrize("order", [1, -1])
async def test_what_a_coordinator_had_found_stays_whichever_is_told_again_first(order: int) -> None:
    """The stored area is not one that its reporter said, so it is the coordinator's."""
    room = of_before("found")
    for stream in ("complaints", "dispositions")[::order]:
        tell_again(room, stream, "81.71.03")
        assert room.timelines.kept["a"].state.area == "81.71.03"
    state = room.timelines.kept["a"].state
    assert (state.area_found, state.lacks) == (True, ())
