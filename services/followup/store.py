"""Cases in the store: which clocks run out when, and what lies on an agency's desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.followup.domain.case import Case, Cases
from shared.contracts.vocabulary import Clock
from shared.runtime.store import Shape
from shared.runtime.timing import micros


def shape_of(cases: Cases) -> Shape[Case]:
    """Give the shape of cases; when one is due depends on the calendar.

    Each clock has an index of its own, since what one waits for must not keep the other from
    being seen. On a desk the case due first comes first; the complaint makes the place unique,
    so that a page can begin after it.
    """

    def finds(state: Case) -> Mapping[str, Any]:
        ends = {clock: micros(cases.calendar.end_of(day)) for clock, day in state.running()}
        return {
            "due_at": ends.get(Clock.RESPOND),
            "verify_at": ends.get(Clock.VERIFY),
            "desk": state.place,
        }

    return Shape(state=Case, finds=finds, indexed={"due_at": 0, "verify_at": 0, "desk": ""})
