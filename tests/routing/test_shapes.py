"""Dispositions that an earlier release has stored, and what an earlier release makes of today's."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from services.routing.store import SHAPE
from shared.runtime.document import Refused
from shared.runtime.store.rows import lift, lower
from tests.desk import received
from tests.routing.doubles import COMPLAINT, Room, post
from tests.routing.test_erasing import DEFERRAL, MAIN, erased, kept

SHAPE_1: dict[str, Any] = json.loads(
    (Path(__file__).parent / "shapes/disposition.1.json").read_text()
)
"""A row as the release stored it that knew of no deferral that says another's words again."""
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
    assert lower(room.documents.kept[COMPLAINT], SHAPE)["schema"] == 2


async def test_a_release_that_knows_of_no_words_said_again_leaves_them_alone() -> None:
    """It would forget where they stood first, and keep what an erasure names there."""
    room = Room()
    room.receive()
    assert (await post(room, "deferral", DEFERRAL)).status_code == 200
    row = lower(room.documents.kept[COMPLAINT], SHAPE)
    earlier = lift(row, dataclasses.replace(SHAPE, lifts=()))
    with pytest.raises(Refused, match="stored by a newer release, in shape 2"):
        _ = earlier.state.deferral
