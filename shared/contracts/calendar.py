"""Working days (hari kerja): Monday to Friday without national holidays and cuti bersama.

Holidays and joint leave come from the ``holidays`` package; local amendments are data. Services
that count days of one complaint must agree about them, so the calendar is part of the contracts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

SATURDAY = 5


@lru_cache(maxsize=64)
def _days_off(year: int) -> frozenset[date]:
    import holidays  # takes most of a second, and only the first complaint of a process waits

    return frozenset(
        holidays.country_holidays("ID", years=year, categories=("public", "government"))
    )


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of one node; ``zone`` is where its clocks hang."""

    zone: ZoneInfo
    closed: frozenset[date] = frozenset()
    """Local days off beyond the national ones."""

    def works(self, day: date) -> bool:
        """Say whether a day is a working day."""
        return (
            day.weekday() < SATURDAY and day not in _days_off(day.year) and day not in self.closed
        )

    def local_day(self, moment: datetime) -> date:
        """Give the date on the node's wall at a moment."""
        return moment.astimezone(self.zone).date()

    def after(self, day: date, working_days: int) -> date:
        """Count working days from the next day on; day 0 is the day itself."""
        return _after(self, day, working_days)

    def end_of(self, day: date) -> datetime:
        """Give the moment a date is over here: what is due on it is late from then on."""
        return datetime.combine(day + timedelta(days=1), time(), self.zone).astimezone(UTC)


@lru_cache(maxsize=1024)
def _after(calendar: Calendar, day: date, working_days: int) -> date:
    """Count once per day: every complaint of that day asks for the same."""
    while working_days > 0:
        day += timedelta(days=1)
        working_days -= calendar.works(day)
    return day
