"""A case may be opened before its complaint is heard: the date that was told is put right."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.followup.domain.policy import Term
from shared.contracts import routing
from shared.contracts.fact import read_fact
from shared.contracts.vocabulary import Kind
from tests.followup.doubles import COMPLAINT, Room


def told(room: Room, began: str) -> list[dict[str, Any]]:
    """Give what was told, of the facts whose type begins so."""
    rows = room.documents.kept[COMPLAINT].facts
    return [row["data"] for row in rows if row["type"].startswith(began)]


def test_23_a_date_told_before_the_kind_was_heard_is_moved() -> None:
    """Statement 23: an information request is due in 5 working days, whatever is heard first."""
    room = Room()
    room.route()
    room.receive(kind=Kind.INFORMATION_REQUEST)
    [opened], [moved] = told(room, "case.opened"), told(room, "due_date.moved")
    assert moved == {
        "clock": "complete",
        "was": opened["complete_by"],
        "due_on": room.due(Term.COMPLETE),
        "because": "kind",
        "agency": "dinas-pu",
    }
    assert (opened["complete_by"], moved["due_on"]) == ("2026-04-14", "2026-03-31")


def test_23_a_date_told_of_what_turns_out_to_be_an_aspiration_is_lifted() -> None:
    """Statement 23: an aspiration has no date to be done by, whatever is heard first."""
    room = Room()
    room.route()
    room.receive(kind=Kind.ASPIRATION)
    [lifted] = told(room, "due_date")
    assert (lifted["was"], lifted["because"]) == ("2026-04-14", "kind")
    assert room.due(Term.COMPLETE) is None


def test_23_a_date_moved_before_the_kind_was_heard_does_not_come_back() -> None:
    """Statement 23: built anew with the receipt first, an aspiration has no date either."""
    room, own = Room(), ("complaints", "dispositions")
    room.route()
    room.hear(COMPLAINT, "dispositions", routing.ComplaintMerged(main="main"))
    room.clock.pass_by(timedelta(days=30))
    apart = routing.ComplaintUnmerged(main="main", because="officer", words="Ruas lain.")
    room.hear(COMPLAINT, "dispositions", apart)
    room.receive(kind=Kind.ASPIRATION)
    assert "due_date.moved.v1" in room.types(COMPLAINT)
    state = room.cases.begin(COMPLAINT)
    heard = [row for stream in own for row in room.told[COMPLAINT, stream]]
    for row in [*heard, *room.documents.kept[COMPLAINT].facts]:
        state = room.cases.fold(state, read_fact(row, room.cases.known))
    assert state.due_on(Term.COMPLETE) is room.case.due_on(Term.COMPLETE) is None


@pytest.mark.parametrize("kind", Kind)
def test_a_date_that_was_told_right_is_not_told_again(kind: Kind) -> None:
    """Where the complaint was heard first, or is an ordinary one, nothing is corrected."""
    room = Room()
    room.receive(kind=kind)
    room.route()
    assert told(room, "due_date") == []


def test_an_ordinary_complaint_heard_late_has_the_date_that_was_told() -> None:
    """What was told before its complaint was heard stands for an ordinary one."""
    room = Room()
    room.route()
    room.receive()
    assert told(room, "due_date") == []
