"""Complaints in the store: found by their number, and by when a tombstone is told again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.intake.domain.complaint import Complaint
from shared.runtime.store import Shape
from shared.runtime.timing import micros


def _finds(state: Complaint) -> Mapping[str, Any]:
    return {
        "tracking_number": state.tracking_number,
        "bury_at": micros(state.bury_at) if state.bury_at else None,
    }


def _closed(state: Complaint) -> bool:
    ended = state.status in {"resolved", "withdrawn", "archived", "refused"}
    return ended and state.bury_at is None


SHAPE = Shape(
    state=Complaint,
    finds=_finds,
    indexed={"bury_at": 0},
    unique={"tracking_number": ""},
    closed=_closed,
)
