"""What a process shows of itself beside its tally: lag, age of views, what waits."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared.runtime.figures import Batches, Measures
from shared.runtime.ports import Away
from shared.runtime.timing import micros

if TYPE_CHECKING:
    from shared.runtime.process import Process

MOST_COUNTED = 1_000
"""Beyond this, what waits is not counted on: an operator has work enough."""


class Gauges:
    """Read from time to time, shown when asked for."""

    def __init__(self, process: Process[Any]) -> None:
        """Belong to a process."""
        self._process = process
        self.batches = Batches()
        self._known = False
        """Whether it was read what is untold."""
        self._untold: int | None = None
        self._held: int | None = None
        self._quarantined: int | None = None
        self._views: Mapping[str, datetime] = {}

    async def read(self) -> None:
        """Ask the store what waits; each answer is a number, from a bounded window."""
        process = self._process
        with contextlib.suppress(Away):
            self._untold = await process.documents.oldest_untold()
            self._known = True
            self._held = await process.documents.held(MOST_COUNTED)
            self._quarantined = await process.store.quarantine.size(MOST_COUNTED)
            self._views = await process.beats.views()

    def measures(self) -> Measures:
        """Give what renders these."""
        return Measures(
            lag=lambda: self._process.hearing.lag if self._process.hearing else {},
            view_age=self._ages,
            oldest_untold=self._untold_age,
            held=lambda: self._held,
            quarantined=lambda: self._quarantined,
            batches=self.batches,
        )

    def _ages(self) -> Mapping[str, float]:
        now = self._process.time.under().now
        return {stream: (now - at).total_seconds() for stream, at in self._views.items()}

    def _untold_age(self) -> float | None:
        if not self._known:
            return None
        return (self._now() - self._untold) / 1e6 if self._untold else 0.0

    def _now(self) -> int:
        return micros(self._process.time.under().now)
