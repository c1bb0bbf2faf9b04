"""Complaints in the store: found by their number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.intake.domain.complaint import Complaint
from shared.runtime.store import Shape


def _finds(state: Complaint) -> Mapping[str, Any]:
    return {"tracking_number": state.tracking_number}


SHAPE = Shape(state=Complaint, finds=_finds, unique={"tracking_number": ""})
