"""Who looked at what people sent or wrote, when and what for: on record before it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

MOST_LOOKS = 200
"""Looks of one page."""


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked at something of a complaint (akses data pribadi)."""

    complaint: str
    about: str
    """The file, or what else it was."""
    by: str
    agency: str | None
    purpose: str
    at: datetime
    place: str = ""
    """Where it stands in the record of its complaint."""


class Looks(Protocol):
    """Where it is written down who looked (catatan akses). Each method raises Away."""

    async def add(self, look: Look) -> None:
        """Write down a look, durably."""

    async def of(self, complaint: str, after: str, limit: int) -> Sequence[Look]:
        """Give who looked at what of a complaint after a place, oldest first."""
