"""What a complaint has reached, and when."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from msgspec import Struct


class Milestone(Struct, frozen=True, omit_defaults=True):
    """One measure reached: by which agency's doing, and in which minute."""

    measure: str
    agency: str | None
    minute: str
    """Start of the minute in UTC, ``2026-11-21T07:12``."""

    @property
    def window(self) -> str:
        """Name the window it counts in: the timelines with this name are what is counted."""
        return f"{self.measure}|{self.agency or ''}|{self.minute}"

    def minutes_since(self, earlier: Milestone) -> int:
        """Give the minutes from another milestone to this one, negative if it came later."""
        length = datetime.fromisoformat(self.minute) - datetime.fromisoformat(earlier.minute)
        return int(length.total_seconds()) // 60


@lru_cache(maxsize=4096)
def minute_of(at: datetime) -> str:
    """Name the minute of a moment, in UTC; a batch has few moments."""
    return at.astimezone(UTC).isoformat(timespec="minutes")[:16]
