"""The institutions of the register as they stand now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Protocol
from zoneinfo import ZoneInfo

from services.metrics.domain.institutions import Institutions
from services.metrics.handlers.tables import Local
from shared.contracts.register import AgencyEdition
from shared.runtime.ports import Time


class Told(Protocol):
    """What the register told, one entry per agency: as many as a register has, and no more."""

    def __iter__(self) -> Iterator[str]:
        """Name each."""

    def __getitem__(self, code: str) -> AgencyEdition:
        """Give one as it stands today."""

    def active_on(self, code: str) -> date | None:
        """Say when one was last active."""

    def codes(self) -> frozenset[str] | None:
        """Give None while the register was not heard through."""


class Census(Local):
    """Counts institutions when asked, out of the register in memory: nothing of it is stored.

    It is of this node alone; what its cities have is added up where figures of nodes are.
    """

    def __init__(self, told: Told, zone: ZoneInfo, time: Time) -> None:
        """Count what was told, on the local days of a zone."""
        super().__init__(zone, time)
        self._told = told

    @property
    def complete(self) -> bool:
        """Say whether the register was heard through, so that none is missing."""
        return self._told.codes() is not None

    def now(self) -> Institutions:
        """Count them today."""
        told = self._told
        return Institutions.of(((told[code], told.active_on(code)) for code in told), self.today())
