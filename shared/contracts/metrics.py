"""What metrics tells: one snapshot per cell, the higher version wins."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
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


class Dimension(StrEnum):
    """By what complaints are told apart in tables of performance."""

    AGENCY = "agency"
    """By the agency that has them now (instansi)."""
    CATEGORY = "category"
    """By what they are about (kategori)."""
    AREA = "area"
    """By where it happened, down to the district (kecamatan)."""


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


class Lengths(BaseModel):
    """How long something took, of many (sebaran waktu): adds up over cells, days and nodes.

    Bucket 0 is less than a minute. Each next one begins at the least whole number of minutes
    above 21/19 of where the one before began: 1, 2 ... 9, 10, 12, 14, 16, 18, 20, 23 ... A length
    read from a bucket as 2 l g / (l + g), of its least and greatest, is at most 5 % off.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    minutes: int
    """All lengths together, in minutes."""
    buckets: Mapping[str, int]
    """How many lie in each bucket, by its number; buckets without any are left out."""


class PerformanceCounted(BaseModel):
    """What has become by now of the complaints received on one local day (kinerja).

    Rows of one dimension add up to the whole. ``value`` is an agency, a category or an area code
    down to the district; empty where that is not known, and ``~`` for a category that the register
    did not name when it first came up on that day: a stranger's word, which is not told. Several
    rows of a day can have that; each has a key of its own.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    type: ClassVar[str] = "performance.counted.v1"

    node: str
    dimension: str
    """``agency``, ``category`` or ``area``; a reader passes others."""
    value: str
    day: date
    """Local day of receipt, in the time zone of the node."""
    received: int
    followed_up: int
    """Answered, or done (ditindaklanjuti)."""
    resolved: int
    """Done (selesai)."""
    overdue: int
    """Of which a deadline was missed, whether it was answered later or not."""
    response: Lengths
    """From receipt to the first response, or to the end if there was none."""
    handling: Lengths
    """From the disposition to the agency that has it, to the first response."""
    resolution: Lengths
    """From receipt to the end."""
    epoch: int
    version: int


class WindowsCompleted(BaseModel):
    """Up to when windows are complete: what happened until then is counted and told.

    It is evidence by the beats of the services, not proof: what is held in quarantine is counted
    when it is let go, and its windows are told again. A window is complete where it ends at
    ``through`` or before.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    type: ClassVar[str] = "windows.completed.v1"

    node: str
    through: datetime
    streams: Mapping[str, datetime]
    """By stream, the time up to which it had been heard; ``through`` is the earliest."""
