"""What a reader takes of a fact, and what it does not."""

from __future__ import annotations

from typing import Any

import pytest

from shared.contracts import followup, routing
from shared.contracts.fact import Row, UnreadableFact, read_fact


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
