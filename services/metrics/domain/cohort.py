"""What became of the complaints that were received in one hour, by agency, category and area.

The figures of a day (``figures.py``) count steps on the day on which they happen. A rate needs
something else: of those received then, how many have been followed up by now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import NamedTuple

from services.metrics.domain.milestone import Milestone
from services.metrics.domain.spread import Spread, bucket_of
from shared.contracts.metrics import Dimension, Measure

MARK = "@"
"""What the name of a cohort's cell begins with among the marks of a timeline."""
DISTRICT = 3
"""Parts of an area code that are told apart: province, city, district (kecamatan)."""

RECEIVED, FOLLOWED_UP, RESOLVED, OVERDUE = "received", "followed_up", "resolved", "overdue"
COUNTS = (RECEIVED, FOLLOWED_UP, RESOLVED, OVERDUE)
RESPONSE, HANDLING, RESOLUTION = "response", "handling", "resolution"
SPREADS = (RESPONSE, HANDLING, RESOLUTION)

GROUPS = ((FOLLOWED_UP, RESPONSE, HANDLING), (RESOLVED, RESOLUTION), (OVERDUE,))
"""What all but tells of each other: how many got there, and of how many it is known how long."""

Parts = Mapping[str, int]
"""What is counted of a cohort: ``received``, ``response 17`` (a bucket), ``response minutes``."""


class Cell(NamedTuple):
    """One row of a table in one hour of receipt: the hour in UTC, ``2026-11-21T07``."""

    dimension: str
    value: str
    hour: str

    @classmethod
    def read(cls, name: str) -> Cell:
        """Read what ``name`` gives."""
        dimension, value, hour = name.removeprefix(MARK).split("|")
        return cls(dimension, value, hour)

    @property
    def name(self) -> str:
        """Name the cell among the marks of a timeline."""
        return f"{MARK}{self.dimension}|{self.value}|{self.hour}"

    def place(self, zone: tzinfo) -> tuple[str, str]:
        """Give where it stands: the key of its local day, and the local hour in it."""
        local = datetime.fromisoformat(f"{self.hour}:00").replace(tzinfo=UTC).astimezone(zone)
        return f"{self.dimension}|{self.value}|{local.date().isoformat()}", f"{local:%H}"


def hour_of(milestones: Iterable[Milestone]) -> str | None:
    """Give the hour of receipt in UTC; None while the receipt has not been heard of."""
    received = _first(milestones, Measure.RECEIVED)
    return received.minute[:13] if received else None


def cells_of(
    milestones: Iterable[Milestone], category: str | None, area: str | None
) -> tuple[Cell, ...]:
    """Give the cells a complaint counts in: one of each dimension, so rows add up to the whole.

    The agency is the one that has it now. A value that is not known is an empty text.
    """
    milestones = tuple(milestones)
    hour = hour_of(milestones)
    if hour is None:
        return ()
    routed = _first(milestones, Measure.ROUTED)
    district = ".".join((area or "").split(".")[:DISTRICT])
    return (
        Cell(Dimension.AGENCY, (routed.agency if routed else None) or "", hour),
        Cell(Dimension.CATEGORY, category or "", hour),
        Cell(Dimension.AREA, district, hour),
    )


def parts_of(milestones: Iterable[Milestone]) -> dict[str, int]:
    """Give what one complaint adds to each of its cells.

    Followed up (ditindaklanjuti) is what has an answer or is done. ``response`` and
    ``resolution`` take from the receipt on, whoever had it meanwhile; ``handling`` (waktu tindak
    lanjut) takes from the disposition to the agency that has it.
    """
    milestones = tuple(milestones)
    received, routed, answered, resolved, overdue = (
        _first(milestones, measure)
        for measure in (
            *(Measure.RECEIVED, Measure.ROUTED, Measure.ANSWERED),
            *(Measure.RESOLVED, Measure.OVERDUE),
        )
    )
    if received is None:
        return {}
    followed = min((each for each in (answered, resolved) if each), key=_minute, default=None)
    parts = {RECEIVED: 1}
    for name, reached in ((FOLLOWED_UP, followed), (RESOLVED, resolved), (OVERDUE, overdue)):
        if reached is not None:
            parts[name] = 1
    for name, start, end in (
        (RESPONSE, received, followed),
        (HANDLING, routed, followed),
        (RESOLUTION, received, resolved),
    ):
        if start is not None and end is not None and end.minute >= start.minute:
            minutes = end.minutes_since(start)
            parts |= {f"{name} {bucket_of(minutes)}": 1, f"{name} minutes": minutes}
    return parts


def spread_of(parts: Parts, name: str) -> Spread:
    """Read one of ``SPREADS`` out of parts."""
    front = f"{name} "
    counts = {key.removeprefix(front): n for key, n in parts.items() if key.startswith(front)}
    minutes = counts.pop("minutes", 0)
    return Spread(minutes, {int(bucket): n for bucket, n in counts.items()})


def reached(parts: Parts) -> dict[str, int]:
    """Count how many are behind each part of a row, of whatever group."""
    counts = {name: parts.get(name, 0) for name in COUNTS if name != RECEIVED}
    return counts | {name: spread_of(parts, name).count for name in SPREADS}


def added(many: Iterable[Parts]) -> dict[str, int]:
    """Add up parts."""
    total: dict[str, int] = {}
    for parts in many:
        for name, count in parts.items():
            total[name] = total.get(name, 0) + count
    return total


def _first(milestones: Iterable[Milestone], measure: str) -> Milestone | None:
    return next((each for each in milestones if each.measure == measure), None)


def _minute(reached: Milestone) -> str:
    return reached.minute
