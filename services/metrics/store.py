"""Timelines in the store, found by the windows they count in; and the figures of a day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.metrics.domain.figures import Figures
from services.metrics.domain.timeline import Timeline
from shared.runtime.store import Shape
from shared.runtime.timing import FOREVER, micros


def _places(state: Timeline) -> Mapping[str, Any]:
    shown = state.public and state.step is not None
    return {
        "windows": list(state.windows) or None,
        # Below zero, so that a window of this index begins with the newest.
        "newest": -micros(state.step.at) if shown and state.step else None,
    }


TIMELINES = Shape(state=Timeline, finds=_places, indexed={"windows": "", "newest": -FOREVER})
FIGURES = Shape(state=Figures, finds=lambda state: {"day": state.day}, indexed={"day": ""})
