"""Timelines in the store, found by the windows they count in; and the figures of a day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.metrics.domain.timeline import Timeline
from shared.runtime.store import Shape


def _finds(state: Timeline) -> Mapping[str, Any]:
    return {"windows": list(state.windows) or None}


TIMELINES = Shape(state=Timeline, finds=_finds, indexed=("windows",))
