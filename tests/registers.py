"""A register of agencies that stands where those of all days do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.routing.domain.register import Register


@dataclass(frozen=True, slots=True)
class Always:
    """One register, in force at any time."""

    today: Register

    def at(self, now: datetime) -> Register:
        return self.today
