"""What an agency is told once a working day: its cases that are late, or due soon (ringkasan)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from msgspec import Struct

from shared.contracts.calendar import Calendar

MOST_LISTED = 20
"""Cases that one digest names."""
MOST_COUNTED = 100
"""Cases beyond those that it counts: there may be more still."""
_PREFIX = "digest:"


class DueCase(Struct, frozen=True):
    """One case as a digest names it: what people know it by, and when it is due."""

    number: str
    due_on: date


class Digest(Struct, frozen=True):
    """What one agency is told on one day: the cases due first, and how many more there are."""

    day: date
    until: datetime
    """When its day is over: what is not sent by then, the next one tells."""
    late: tuple[DueCase, ...]
    soon: tuple[DueCase, ...]
    more: int = 0
    """Cases that are counted and not named, up to ``MOST_COUNTED``."""


@dataclass(frozen=True, slots=True)
class Habit:
    """When agencies are written a digest, of what, and which are not."""

    at: time | None
    """The local time from which on it goes out on a working day; None: on no day."""
    ahead: int
    """Working days beyond today whose cases are due soon."""
    without: frozenset[str]
    """Agencies, by code, that get none."""

    def began(self, now: datetime, calendar: Calendar) -> datetime | None:
        """Give the hour of today's; None on a day off, and while it has not come."""
        local = now.astimezone(calendar.zone)
        if self.at is None or local.time() < self.at or not calendar.works(local.date()):
            return None
        return datetime.combine(local.date(), self.at, calendar.zone)


def digest_id(agency: str, day: date) -> str:
    """Name what an agency is told on a local day, whoever makes it and however often."""
    return f"{_PREFIX}{agency}:{day}"


def is_digest(key: str) -> bool:
    """Tell the id of a digest from that of a complaint."""
    return key.startswith(_PREFIX)


def digest_of(found: Iterable[DueCase], day: date, calendar: Calendar) -> Digest:
    """Say what is late and what is due soon, of cases in the order of their dates."""
    cases = list(found)
    listed = cases[:MOST_LISTED]
    return Digest(
        day=day,
        until=calendar.end_of(day),
        late=tuple(each for each in listed if each.due_on < day),
        soon=tuple(each for each in listed if each.due_on >= day),
        more=len(cases) - len(listed),
    )
