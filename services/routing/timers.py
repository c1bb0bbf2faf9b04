"""What happens because time passed: what no reporter completed in time is archived."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.routing.domain.aside import Window, lapse
from services.routing.domain.disposition import Disposition
from services.routing.domain.dispositions import Dispositions
from shared.runtime.asking import Asks, Gather, at_once
from shared.runtime.document import Circumstances, Document, HistoryFull, Refused
from shared.runtime.ports import Away, Shelf

EVERY = 5.0
"""Seconds between two looks."""
PAGE = 200
MOST_PAGES = 5
"""Pages of one look, so that the lease is kept; the next takes those that are left."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Timers:
    """Finds deferred complaints whose date is over, oldest first, and has each judged again.

    How late it can be: it waits until what reporters did up to the end of that date has been
    heard, which beats show a minute back, and takes ``MOST_PAGES`` pages each ``EVERY`` seconds.
    What cannot be judged stays where it is, and those behind it are judged all the same, for as
    many pages. Two timers at once do no harm: the fact is derived from the date.
    """

    dispositions: Dispositions
    window: Window
    deferred: Shelf[Disposition]
    ask: Asks[Disposition]
    now: Callable[[], datetime]
    views: Callable[[], Awaitable[Mapping[str, datetime]]]
    gather: Gather = at_once

    async def look(self) -> int:
        """Archive what has run out; give how many complaints were judged."""
        judged = 0
        try:
            heard = (await self.views()).get("complaints")
            if heard is None:
                return 0
            low, today = "deferred/", self.window.calendar.local_day(min(heard, self.now()))
            for _ in range(MOST_PAGES):
                due = await self.deferred.window("aside", low, f"deferred/{today}", PAGE)
                judged += await self._judge(due, heard)
                if len(due) < PAGE:
                    break
                low = f"{due[-1].state.aside}!"  # the first text beyond it
        except Away as away:
            log.warning("timers_waited", extra={"reason": str(away)})
        return judged

    async def _judge(self, due: Sequence[Document[Disposition]], heard: datetime) -> int:
        answers = await self.gather(self.ask(each.id, self._judge_with(heard)) for each in due)
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
