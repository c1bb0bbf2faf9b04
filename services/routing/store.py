"""Dispositions in the store: the verification queue oldest first, and what was set aside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.routing.domain.disposition import Disposition
from services.routing.domain.entry import Entry
from services.routing.domain.lifts import from_2
from shared.runtime.shapes import as_it_was
from shared.runtime.store import Shape
from shared.runtime.timing import FOREVER, micros


def _finds(state: Disposition) -> Mapping[str, Any]:
    placed = {"place": state.place, "aside": state.aside, "merged": state.merged}
    return {**placed, "acted": _acted(state), **_chosen(state)}


def _acted(state: Disposition) -> str | None:
    """Place the last act of an agency's officer among those of that agency, the newest first."""
    if state.acted is None or state.acted_at is None:
        return None
    return f"{state.acted}/{FOREVER - micros(state.acted_at):020d}"


def _chosen(state: Disposition) -> Mapping[str, Any]:
    """Place what a person decided, the newest first, among all and among those of its category.

    What was declined later is no example for anybody, and leaves both.
    """
    if state.chosen_at is None or state.stage not in ("routed", "resolved"):
        return {}
    back = f"{FOREVER - micros(state.chosen_at):020d}"
    return {"chosen": back, "chosen_of": f"{state.category}/{back}" if state.category else None}


def _closed(state: Disposition) -> bool:
    return state.stage in {"resolved", "withdrawn", "archived"}


ENTRIES = Shape(state=Entry)
"""Agencies of the register, by code."""
SHAPE = Shape(
    state=Disposition,
    finds=_finds,
    closed=_closed,
    indexed=dict.fromkeys(("place", "aside", "merged", "acted", "chosen", "chosen_of"), ""),
    lifts=(as_it_was, from_2),
)
