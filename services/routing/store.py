"""Dispositions in the store: the verification queue oldest first, and what was set aside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.routing.domain.disposition import Disposition
from shared.runtime.store import Shape


def _finds(state: Disposition) -> Mapping[str, Any]:
    return {"place": state.place, "aside": state.aside}


SHAPE = Shape(state=Disposition, finds=_finds, indexed={"place": "", "aside": ""})
