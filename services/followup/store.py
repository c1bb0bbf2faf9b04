"""Cases in the store: which clocks run out when, and what lies on an agency's desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.followup.domain.case import Case
from services.followup.domain.cases import Cases
from services.followup.domain.contributing import BESIDE, places
from services.followup.domain.declared import Declared
from services.followup.domain.lifts import LIFTS
from services.followup.domain.passing import awaits
from shared.runtime.shapes import as_it_was
from shared.runtime.store import Shape
from shared.runtime.timing import micros

WAITS: Mapping[str | None, str] = {
    None: "due_at",
    "dispositions": "verify_at",
    "complaints": "silent_at",
}
"""By the stream on whose silence a clock hangs, the index in which it is found."""


def shape_of(cases: Cases) -> Shape[Case]:
    """Give the shape of cases; when one is due depends on the calendar.

    What waits for another stream has an index of its own, since what one waits for must not keep
    the other from being seen. On a desk the case due first comes first; the complaint makes the
    place unique, so that a page can begin after it.
    """

    def finds(state: Case) -> Mapping[str, Any]:
        found: dict[str, Any] = dict.fromkeys(WAITS.values()) | {
            "desk": state.place,
            "watched": state.place and state.place.partition("/")[2],
            "unit": state.unit_place,
            "rung": state.rung,
            "rung_of": state.rung_of,
            "approval": state.approval,
            "appeal": state.appeal_place,
            "appeal_of": state.appeal_place and f"{state.agency}/{state.appeal_place}",
            **dict(zip(BESIDE, places(state), strict=False)),
        }
        for clock, day in state.running():
            index, end = WAITS[awaits(state, clock)], micros(cases.calendar.end_of(day))
            found[index] = min(end, found[index] or end)
        return found

    shelves = ("desk", "watched", "unit", "rung", "rung_of", "approval", "appeal", "appeal_of")
    indexed = {**dict.fromkeys(WAITS.values(), 0), **dict.fromkeys((*shelves, *BESIDE), "")}
    lifts = (*LIFTS, as_it_was)
    return Shape(state=Case, finds=finds, indexed=indexed, closed=_closed, lifts=lifts)


OUTAGES = Shape(state=Declared)


def _closed(state: Case) -> bool:
    ended = state.stage == "resolved" or state.rest is not None or state.archived
    waits = state.appeal is not None or state.draft is not None or any(state.running())
    return ended and not waits
