"""What happens because time passed: what no reporter completed in time is archived."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.routing.domain.aside import Window, lapse
from services.routing.domain.disposition import Disposition
from services.routing.domain.dispositions import Dispositions
from shared.runtime.asking import Asks
from shared.runtime.document import Circumstances, Document, HistoryFull, Refused
from shared.runtime.ports import Away, Shelf

EVERY = 5.0
"""Seconds between two looks."""
PAGE = 200
"""Complaints of one look; the next takes those that are left."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Timers:
    """Finds deferred complaints whose date is over, oldest first, and has each judged again.

    How late it can be: it waits until what reporters did up to the end of that date has been
    heard, which beats show a minute back, and takes ``PAGE`` complaints each ``EVERY`` seconds.
    Two timers at once do no harm: the fact is derived from the date.
    """

    dispositions: Dispositions
    window: Window
    deferred: Shelf[Disposition]
    ask: Asks[Disposition]
    now: Callable[[], datetime]
    views: Callable[[], Awaitable[Mapping[str, datetime]]]

    async def look(self) -> int:
        """Archive what has run out; give how many complaints were judged."""
        try:
            heard = (await self.views()).get("complaints")
            if heard is None:
                return 0
            today = self.window.calendar.local_day(min(heard, self.now()))
            due = await self.deferred.window("aside", "deferred/", f"deferred/{today}", PAGE)
        except Away as away:
            log.warning("timers_waited", extra={"reason": str(away)})
            return 0
        asked = (self.ask(each.id, self._judge_with(heard)) for each in due)
        answers = await asyncio.gather(*asked, return_exceptions=True)
        refused = [answer for answer in answers if isinstance(answer, BaseException)]
        if refused:
            log.warning(
                "timers_refused", extra={"complaints": len(refused), "reason": str(refused[0])}
            )
        return len(due) - len(refused)

    def _judge_with(
        self, heard: datetime
    ) -> Callable[[Document[Disposition], Circumstances, int], Document[Disposition]]:
        def judge(
            document: Document[Disposition], under: Circumstances, _draw: int
        ) -> Document[Disposition]:
            try:
                return lapse(self.dispositions, self.window, document, heard, under)
            except HistoryFull as full:
                raise Refused(409, "history_full", str(full)) from None

        return judge
