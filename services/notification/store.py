"""Notices in the store: what is to be sent next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.notification.domain.notice import Notices
from shared.runtime.store import Shape
from shared.runtime.timing import micros


def _finds(state: Notices) -> Mapping[str, Any]:
    return {
        "due_at": micros(state.due_at) if state.due_at else None,
        "lost_at": micros(state.lost_at) if state.lost_at else None,
        "letter_at": micros(state.letter_at) if state.letter_at else None,
    }


def _closed(state: Notices) -> bool:
    """Say that there is nothing to send, and nothing that an operator may have sent again."""
    return not state.pending and not state.lost


_TIMES = dict.fromkeys(("due_at", "lost_at", "letter_at"), 0)
SHAPE = Shape(state=Notices, finds=_finds, indexed=_TIMES, closed=_closed)
