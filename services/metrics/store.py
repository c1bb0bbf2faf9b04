"""Timelines in the store, found by the windows they count in; and what is counted of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.metrics.domain.cohort import hour_of
from services.metrics.domain.figures import Figures
from services.metrics.domain.lifts import from_1
from services.metrics.domain.performance import Performance
from services.metrics.domain.timeline import Timeline
from shared.runtime.shapes import as_it_was
from shared.runtime.store import Shape
from shared.runtime.timing import FOREVER, micros


def _places(state: Timeline) -> Mapping[str, Any]:
    shown = state.public and state.step is not None
    return {
        "windows": list(state.windows) or None,
        "arrived": hour_of(state.milestones),
        # Below zero, so that a window of this index begins with the newest.
        "newest": -micros(state.step.at) if shown and state.step else None,
    }


TIMELINES = Shape(
    state=Timeline,
    finds=_places,
    indexed={"windows": "", "arrived": "", "newest": -FOREVER},
    lifts=(from_1,),
)
FIGURES = Shape(state=Figures, finds=lambda state: {"day": state.day}, indexed={"day": ""})
PERFORMANCE = Shape(
    state=Performance,
    finds=lambda state: {
        "page": state.page,
        "undecided": state.page if state.undecided else None,
    },
    indexed={"page": "", "undecided": ""},
    lifts=(as_it_was,),
)
