"""When a clock runs out, and why nobody is blamed for a date that passed."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct


class Due(Struct, frozen=True, omit_defaults=True):
    """When a clock runs out, and by what count: so many working days after a local date.

    ``paused`` counts the working days for which the clock stood still, ``moved_from`` is the date
    before an amendment of the calendar moved it.
    """

    due_on: date
    started_on: date | None = None
    days: int = 0
    paused: int = 0
    moved_from: date | None = None

    def has(self, started_on: date, days: int) -> bool:
        """Say whether it was counted like this."""
        return self.started_on == started_on and self.days == days


class Excuse(Struct, frozen=True):
    """Why nobody is blamed for a date that passed: a link was down (keterlambatan dimaklumi)."""

    link: str
    since: datetime
    until: datetime
    because: str
