"""Complaints that an earlier release has stored, and what an earlier release makes of today's."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from services.intake.store import SHAPE
from shared.runtime.document import Refused
from shared.runtime.store.rows import lift, lower
from tests.intake.pictures import PDF
from tests.intake.test_later_files import say
from tests.intake.test_promises import AT, Yard, named
from tests.intake.test_publishing import REPLIED

SHAPE_1: dict[str, Any] = json.loads(
    (Path(__file__).parent / "shapes/complaint.1.json").read_text()
)
"""A row as the release stored it that knew files of submissions alone, by what is to be done."""


async def test_a_file_promised_before_is_fetched_for_the_submission() -> None:
    """It is awaited in the shape of before, and kept in today's."""
    yard = Yard()
    yard.put(lift(SHAPE_1["awaited"], SHAPE))
    yard.lies[f"{AT}/a"] = PDF
    await yard.pass_round()
    assert yard.ends == [("kept", None)]
    assert lower(yard.document, SHAPE)["schema"] == 2


def test_a_release_that_knows_no_later_files_leaves_them_alone() -> None:
    """It would take the first file of a reply for the first of the submission, and lose one."""
    yard = Yard(named(PDF))
    say(yard, REPLIED, named(PDF, f"{AT}/b"))
    earlier = lift(lower(yard.document, SHAPE), dataclasses.replace(SHAPE, lifts=()))
    with pytest.raises(Refused, match="stored by a newer release, in shape 2"):
        _ = earlier.state.promised
