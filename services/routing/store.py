"""Dispositions in the store: the verification queue, oldest first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.routing.domain.disposition import Disposition
from shared.runtime.store import Shape
from shared.runtime.timing import micros


def _finds(state: Disposition) -> Mapping[str, Any]:
    waits = state.stage == "queue" and state.received_at is not None
    return {"queued_at": micros(state.received_at) if waits and state.received_at else None}


SHAPE = Shape(state=Disposition, finds=_finds, indexed=("queued_at",))
