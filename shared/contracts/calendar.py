"""Working days (hari kerja): Monday to Friday without national holidays and cuti bersama.

Holidays and joint leave come from the ``holidays`` package (the yearly joint decree of three
ministers); local amendments are data. Services that count days of one complaint must agree about
them, so the calendar is part of the contracts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from shared.contracts.fact import name_uuid

SATURDAY = 5
WEEKEND, CLOSED = "weekend", "closed"
"""Why a day does not count, where it is no holiday with a name."""


@lru_cache(maxsize=64)
def _days_off(year: int) -> frozenset[date]:
    import holidays  # takes most of a second, and only the first complaint of a process waits

    return frozenset(
        holidays.country_holidays("ID", years=year, categories=("public", "government"))
    )


@lru_cache(maxsize=64)
def _names(year: int, language: str) -> Mapping[date, str]:
    import holidays

    named = holidays.country_holidays(
        "ID", years=year, categories=("public", "government"), language=_LANGUAGES[language]
    )
    return dict(named.items())


_LANGUAGES = {"id": "id", "en": "en_US"}
"""How the package calls the languages that we speak."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of one node; ``zone`` is where its clocks hang."""

    zone: ZoneInfo
    closed: frozenset[date] = frozenset()
    """Local days off beyond the national ones."""
    opened: frozenset[date] = frozenset()
    """Days on which the node works although the nation rests; a weekend stays one."""

    def works(self, day: date) -> bool:
        """Say whether a day is a working day."""
        if day.weekday() >= SATURDAY or day in self.closed:
            return False
        return day in self.opened or day not in _days_off(day.year)

    def local_day(self, moment: datetime) -> date:
        """Give the date on the node's wall at a moment."""
        return moment.astimezone(self.zone).date()

    def after(self, day: date, working_days: int) -> date:
        """Count working days from the next day on; day 0 is the day itself."""
        return _after(self, day, working_days)

    def between(self, start: date, end: date) -> int:
        """Count the working days after one day up to and with another; 0 where there are none."""
        return sum(map(self.works, _days(start, end)))

    def end_of(self, day: date) -> datetime:
        """Give the moment a date is over here: what is due on it is late from then on."""
        return _end_of(self.zone, day)

    def skipped(self, start: date, end: date, language: str) -> Iterator[tuple[date, str]]:
        """Give the days after one day up to another that do not count, each with its reason.

        The reason is ``WEEKEND``, ``CLOSED`` or the holiday's name in Indonesian or English.
        """
        for day in _days(start, end):
            if day.weekday() >= SATURDAY:
                yield day, WEEKEND
            elif not self.works(day):
                yield day, CLOSED if day in self.closed else _names(day.year, language)[day]

    def fingerprint(self, year: int) -> str:
        """Name what this calendar says from a year before to two years after; costs a second."""
        local = sorted(self.closed), sorted(self.opened)
        national = [sorted(_days_off(each)) for each in range(year - 1, year + 3)]
        return name_uuid(f"{self.zone}/{local}/{national}")


def _days(start: date, end: date) -> Iterator[date]:
    return (start + timedelta(days=n) for n in range(1, (end - start).days + 1))


@lru_cache(maxsize=1024)
def _end_of(zone: ZoneInfo, day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


@lru_cache(maxsize=1024)
def _after(calendar: Calendar, day: date, working_days: int) -> date:
    """Count once per day: every complaint of that day asks for the same."""
    while working_days > 0:
        day += timedelta(days=1)
        working_days -= calendar.works(day)
    return day
