"""What a reader takes of a fact, and what it does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from shared.contracts import followup, intake, routing
from shared.contracts.fact import LONGEST_NAME, Payload, Row, UnreadableFact, read_fact
from tests.contracts.test_examples import example


def a_fact(kind: str, data: dict[str, Any], **frame: object) -> Row:
    """Build a fact as it comes over the wire."""
    row = Row(
        id="6a0c2c7e-0000-5000-8000-000000000001",
        pair=[0, 1],
        type=kind,
        at="2026-03-17T03:00:00.000Z",
        cause="clock/first/2026-03-17",
        request=None,
        by=None,
        trace=None,
        data=data,
    )
    row.update(frame)  # type: ignore[typeddict-item]
    return row


TURNS: list[tuple[Any, dict[str, Any]]] = [
    (routing.ComplaintRouted, {"agency": "dinkes"}),
    (followup.CaseOpened, {"agency": "dinkes", "respond_by": "2026-03-20"}),
    (followup.DispositionDeclined, {"agency": "dinkes", "reason": "bukan"}),
]


@pytest.mark.parametrize(("kind", "data"), TURNS)
@pytest.mark.parametrize(("turn", "taken"), [(0, False), (1, True), (10_000, True), (2**63, False)])
def test_a_turn_is_a_number_that_a_store_can_keep(
    kind: Any,
    data: dict[str, Any],
    turn: int,
    taken: bool,  # noqa: FBT001
) -> None:
    """Dispositions are counted from 1, and nobody comes to ten thousand."""
    row = a_fact(kind.type, {**data, "turn": turn})
    if taken:
        assert read_fact(row, {kind.type: kind}).data is not None
    else:
        with pytest.raises(UnreadableFact, match="turn"):
            read_fact(row, {kind.type: kind})


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("id", 5),
        ("id", ""),
        ("id", None),
        ("id", "x" * (LONGEST_NAME + 1)),
        ("cause", ["clock"]),
        ("cause", "x" * (LONGEST_NAME + 1)),
        ("type", 5),
        ("by", 5),
        ("request", {}),
        ("trace", 5),
        ("trace", "x" * (LONGEST_NAME + 1)),
        ("at", 5),
        ("at", "2026-03-17T03:00:00"),
        ("at", "2026-03-17"),
        ("pair", 7),
        ("pair", [0]),
    ],
)
def test_a_frame_is_checked_whatever_its_fact_says(name: str, said: object) -> None:
    """Also of a type that the reader does not know: what is broken must not be stored or told."""
    readers: list[Mapping[str, type[Payload]]] = [{}, routing.FACTS]
    for known in readers:
        with pytest.raises(UnreadableFact):
            read_fact(a_fact("complaint.verified.v1", {}, **{name: said}), known)


def test_a_frame_may_leave_out_what_is_optional() -> None:
    """Who, the request and the trace are not always known."""
    row: dict[str, Any] = {**a_fact("complaint.verified.v1", {})}
    for name in ("by", "request", "trace"):
        del row[name]
    fact = read_fact(row, routing.FACTS)
    assert (fact.by, fact.request, fact.trace) == (None, None, None)


def test_when_a_complaint_came_in_is_a_moment() -> None:
    """A time without a zone is a different moment to every reader."""
    kind = intake.ComplaintReceived.type
    said = example(kind)
    assert read_fact(a_fact(kind, said), intake.FACTS).data is not None
    with pytest.raises(UnreadableFact, match="received_at"):
        read_fact(a_fact(kind, {**said, "received_at": "2026-03-17T03:00:00"}), intake.FACTS)
