"""Rows that an earlier release has counted, and what an earlier release makes of today's."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import orjson
import pytest

from services.metrics.store import PERFORMANCE
from shared.runtime.document import Refused
from shared.runtime.store.rows import lift, lower
from tests.metrics.doubles import Room

SHAPE_1: dict[str, Any] = json.loads(
    (Path(__file__).parent / "shapes/performance.1.json").read_text()
)
"""A row as the release stored it that told every category by its name, by dimension."""
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
