"""Cases that an earlier release has stored: read, worked on, and rewritten in today's shape."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from services.followup.domain.lifts import from_1
from services.followup.domain.policy import Term
from shared.contracts import intake
from shared.contracts.appeal import ReporterAppealed
from shared.runtime.document import Document
from shared.runtime.store.rows import lift, lower
from tests.desk import received
from tests.followup.doubles import COMPLAINT, Room, post

SHAPE_1: dict[str, Any] = json.loads((Path(__file__).parent / "shapes/case.1.json").read_text())
"""Rows as the release before clocks had a policy stored them, by stage."""
SHAPE_3: dict[str, Any] = json.loads((Path(__file__).parent / "shapes/case.3.json").read_text())
"""A row as the release stored it that had no list for oversight."""


def read(stage: str, room: Room) -> Document[Any]:
    """Read a row of shape 1 as the store does."""
    return lift(SHAPE_1[stage], room.documents.shape)


def test_dates_become_clocks() -> None:
    """The date to verify still runs where routing has not decided, and the one to respond after."""
    room = Room()
    waiting, opened = read("waiting", room).state, read("open", room).state
    assert list(waiting.running()) == [(Term.VERIFY, date(2026, 3, 27))]
    assert list(opened.running()) == [(Term.RESPOND, date(2026, 3, 31))]
    assert opened.routed_at == datetime(2026, 3, 17, 5, tzinfo=UTC)


def test_what_was_done_is_known_from_the_own_facts() -> None:
    """When it was first and last answered and when it was closed stand in the history."""
    state = read("resolved", Room()).state
    assert state.responded_at == datetime(2026, 3, 17, 18, tzinfo=UTC)
    assert state.answered_at == datetime(2026, 3, 17, 23, tzinfo=UTC)
    assert state.resolved_at == datetime(2026, 3, 18, 4, tzinfo=UTC)
    assert (state.stage, state.how, state.turn) == ("resolved", "officer", 2)
    assert not list(state.running())


def test_what_the_reporter_may_judge_is_known_from_the_own_facts() -> None:
    """An answer and an end from before are confirmed or rejected as later ones are."""
    answered, resolved = read("answered", Room()), read("resolved", Room())
    assert answered.state.answer == answered.facts[-1]["id"]
    assert answered.state.ending is None
    assert resolved.state.ending == resolved.facts[-1]["id"]
    assert resolved.state.answer in {row["id"] for row in resolved.facts}


async def test_a_lifted_case_is_worked_on_and_rewritten() -> None:
    """It is answered as any other, its further clocks start, and it is in today's shape then."""
    room = Room()
    room.documents.kept[COMPLAINT] = read("open", room)
    answer = await post(room, "responses", {"text": "Kami periksa.", "interim": True})
    assert answer.status_code == 200
    after = room.documents.kept[COMPLAINT]
    assert lower(after, room.documents.shape)["schema"] == room.cases.schema
    assert after.state.due_on(Term.RESPOND) == date(2026, 3, 31)
    assert after.state.due_on(Term.COMPLETE) is not None


def test_the_reporter_comes_back_to_a_lifted_case_in_time() -> None:
    """What an earlier release closed is reopened, and objected to, for as long as any other."""
    for said, follows in ((None, "case.reopened.v1"), ("Masih gelap.", "appeal.filed.v1")):
        room = Room()
        room.documents.kept[COMPLAINT] = lifted = read("resolved", room)
        room.clock.now = datetime(2026, 3, 19, 3, tzinfo=UTC)
        word = ReporterAppealed(about=str(lifted.state.ending), text=said) if said else None
        # after the one fact of its stream that the stored case has heard
        first = received(room.clock.now)
        room.hear(COMPLAINT, "complaints", first, word or intake.ReporterReplied(text="Belum."))
        assert room.types(COMPLAINT)[-1] == follows


@pytest.mark.parametrize("stage", SHAPE_1)
def test_lifting_leaves_the_row_as_it_is(stage: str) -> None:
    """A lift gives another row, so that what was read can be compared with what is stored."""
    before = json.dumps(SHAPE_1[stage])
    assert from_1(SHAPE_1[stage])["facts"] == SHAPE_1[stage]["facts"]
    assert json.dumps(SHAPE_1[stage]) == before
