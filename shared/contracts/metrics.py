"""What metrics tells: one snapshot per cell, the higher version wins."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Measure(StrEnum):
    """What is counted."""

    RECEIVED = "received"
    ROUTED = "routed"
    ANSWERED = "answered"
    RESOLVED = "resolved"
    OVERDUE = "overdue"


class CellCounted(BaseModel):
    """How many complaints reached a milestone in one window, as of now; never a difference.

    ``agency`` is None where no agency is concerned yet. ``window`` is the start of the minute or
    of the local day, ``seconds`` its length (60, or the length of that day).
    """

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    type: ClassVar[str] = "cell.counted.v1"

    node: str
    measure: Measure
    agency: str | None
    window: datetime
    seconds: int
    count: int
    epoch: int
    version: int
