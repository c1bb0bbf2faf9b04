"""Cases in the store: what is due, and what lies with an agency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.followup.domain.case import Case, Cases
from shared.runtime.store import Shape
from shared.runtime.timing import micros


def shape_of(cases: Cases) -> Shape[Case]:
    """Give the shape of cases; when one is due depends on the calendar."""

    def finds(state: Case) -> Mapping[str, Any]:
        due_at = cases.due_at(state)
        open_ = state.agency is not None and state.stage in ("open", "answered")
        return {
            "due_at": micros(due_at) if due_at else None,
            "desk": f"{state.agency}/{state.respond_by}" if open_ else None,
        }

    return Shape(state=Case, finds=finds, indexed=("due_at", "desk"))
