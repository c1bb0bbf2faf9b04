"""Dispositions in the store: the verification queue, oldest first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.routing.domain.disposition import Disposition
from shared.runtime.store import Shape


def _finds(state: Disposition) -> Mapping[str, Any]:
    return {"place": state.place}


SHAPE = Shape(state=Disposition, finds=_finds, indexed={"place": ""})
