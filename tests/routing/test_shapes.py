"""Dispositions that an earlier release has stored, and what an earlier release makes of today's."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from services.routing.store import SHAPE
from shared.contracts import intake
from shared.runtime.document import Refused
from shared.runtime.store.rows import lift, lower
from tests.desk import received
from tests.routing.doubles import COMPLAINT, Room, post
from tests.routing.test_erasing import DEFERRAL, MAIN, erased, kept

SHAPE_1: dict[str, Any] = json.loads(
    (Path(__file__).parent / "shapes/disposition.1.json").read_text()
)
"""A row as the release stored it that knew of no deferral that says another's words again."""
SHAPE_2: dict[str, Any] = json.loads(
    (Path(__file__).parent / "shapes/disposition.2.json").read_text()
)
"""Rows as the release stored them that noted no look of a coordinator who set a report aside."""
NAME = "Budi Santoso"


async def test_a_report_deferred_and_merged_before_is_separated_as_any_other() -> None:
    """Its words are named by where they stood first, and it is kept in today's shape."""
    room = Room()
    room.receive(MAIN)
    room.documents.kept[COMPLAINT] = lift(SHAPE_1["merged"], SHAPE)
    apart = await post(room, "separation", {"words": "Lain."}, key="apart-for-the-first-time")
    assert apart.status_code == 200
    # after the one fact of its stream that the stored report has heard
    room.hear(COMPLAINT, "complaints", received(room.clock.now), erased("dispositions"))
    assert NAME not in kept(room)
    assert lower(room.documents.kept[COMPLAINT], SHAPE)["schema"] == room.dispositions.schema


@pytest.mark.parametrize("row", SHAPE_2.values(), ids=SHAPE_2)
def test_what_was_set_aside_before_waits_for_a_coordinator(row: dict[str, Any]) -> None:
    """Stored before anybody noted who looked at it, no rule decides it when its place is mended."""
    room = Room()
    room.documents.kept[COMPLAINT] = lift(row, SHAPE)
    room.hear(COMPLAINT, "complaints", received(room.clock.now, category="jalan", area="81.01"))
    moved = intake.ComplaintAmended(text="Di Baguala.", area="81.71.05")
    for _ in range(2):  # of the one a first amendment was heard before it was stored
        after = room.hear(COMPLAINT, "complaints", moved).state
    assert (after.stage, after.turn, after.area) == ("queue", 0, "81.71.05")


async def test_a_release_that_knows_of_no_words_said_again_leaves_them_alone() -> None:
    """It would forget where they stood first, and keep what an erasure names there."""
    room = Room()
    room.receive()
    assert (await post(room, "deferral", DEFERRAL)).status_code == 200
    row = lower(room.documents.kept[COMPLAINT], SHAPE)
    earlier = lift(row, dataclasses.replace(SHAPE, lifts=()))
    with pytest.raises(Refused, match="stored by a newer release, in shape 3"):
        _ = earlier.state.deferral
