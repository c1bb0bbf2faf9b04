"""On which day each agency was last active, noted in the register once a day and agency."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import date

from services.routing.handlers.registrar import Registrar
from shared.runtime.access import Officer
from shared.runtime.ports import Away

EVERY = 300.0
"""Seconds between two looks. What is noted is told, and whoever hears the register reads it whole
where it has grown: so it grows by many agencies at once, and seldom."""
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Activity:
    """Sees which agencies are active (keaktifan).

    Counted is who of an agency signs in here, and the acts on cases that are heard. An agency that
    was noted today is not looked at before tomorrow, of the others one document is read by an
    index: it costs nothing for each act or complaint. What another agency did later on the same
    complaint covers an act until the next look; calls that nobody looked at are lost with their
    process. Either way it is the next act that counts.
    """

    registrar: Registrar
    _called: dict[str, date] = field(default_factory=dict)
    """By agency, the day of the last call that is not noted."""

    def called(self, who: Officer) -> None:
        """See that an officer signed in: one of an agency of this node, and no one from above."""
        book = self.registrar.book
        if who.agency is None or who.sight.above or book.entry(who.agency) is None:
            return
        self._called[who.agency] = book.day

    async def keep_noted(self) -> None:
        """Rest, then look."""
        await self.registrar.book.time.pause(EVERY)
        try:
            await self.look()
        except Away as away:
            log.warning("activity_waited", extra={"reason": str(away)})

    async def look(self) -> None:
        """Note what came to be known since the last look. Raises Away."""
        book = self.registrar.book
        days, today = dict(self._called), book.day
        for entry in book.entries():
            if today not in (entry.state.active_on, days.get(entry.id)):
                at = await self.registrar.active_at(entry.id)
                if at is not None:
                    days[entry.id] = max(book.calendar.local_day(at), days.get(entry.id, date.min))
        await self.registrar.registry.note(days)
        for code, day in days.items():
            if self._called.get(code) == day and self._is_noted(code, day):
                del self._called[code]

    def _is_noted(self, code: str, day: date) -> bool:
        entry = self.registrar.book.entry(code)
        return entry is not None and (entry.state.active_on or date.min) >= day
