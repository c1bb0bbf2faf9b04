"""How many institutions have a decree in force, and how many are active (monitoring)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from services.metrics.domain.share import Share
from shared.contracts.register import AgencyEdition

ACTIVE_WITHIN = timedelta(days=30)
"""How far back the last activity of an institution may lie that counts as active."""

Institution = tuple[AgencyEdition, date | None]
"""An agency as it stands, and the day on which it was last active."""


class Institutions(NamedTuple):
    """The institutions of a node on one day, each of them counted once.

    An agency that has not come yet, or to which nothing may be routed any more, is none.
    """

    connected: Share
    """Those with a decree in force (keterhubungan, kepemilikan SK): signed, and not ended."""
    active: Share
    """Those of which an officer was active in the last 30 days (keaktifan)."""

    @property
    def inactive(self) -> Share:
        """Give the others (belum aktif mengelola)."""
        return Share(self.active.denominator - self.active.numerator, self.active.denominator)

    @classmethod
    def of(cls, many: Iterable[Institution], today: date) -> Institutions:
        """Count them on a local day."""
        there = [each for each in many if each[0].active and each[0].valid_from <= today]
        connected = sum(_has_decree(edition, today) for edition, _ in there)
        active = sum(
            active_on is not None and active_on >= today - ACTIVE_WITHIN for _, active_on in there
        )
        return cls(Share(connected, len(there)), Share(active, len(there)))


def _has_decree(edition: AgencyEdition, today: date) -> bool:
    decree = edition.decree
    if decree is None or decree.signed_on > today:
        return False
    return decree.valid_until is None or decree.valid_until >= today
