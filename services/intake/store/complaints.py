"""Complaints in the store: found by number, and by when something is to be done about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.intake.domain.complaint import Complaint
from shared.runtime.shapes import as_it_was
from shared.runtime.store import Shape
from shared.runtime.timing import micros


def _finds(state: Complaint) -> Mapping[str, Any]:
    return {
        "tracking_number": state.tracking_number,
        "bury_at": micros(state.bury_at) if state.bury_at else None,
        "fetch": state.fetch,
    }


def _closed(state: Complaint) -> bool:
    ended = state.status in {"resolved", "withdrawn", "archived", "refused"}
    return ended and state.bury_at is None and not state.promised


SHAPE = Shape(
    state=Complaint,
    finds=_finds,
    indexed={"bury_at": 0, "fetch": ""},
    unique={"tracking_number": ""},
    closed=_closed,
    lifts=(as_it_was,),
)
