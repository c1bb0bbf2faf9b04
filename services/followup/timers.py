"""What happens because time passed: clocks that run out are recorded."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.followup.domain.case import NEVER, Case, Cases
from shared.runtime.asking import Asks
from shared.runtime.document import Circumstances, Document, HistoryFull, Refused
from shared.runtime.ports import Away, Shelf
from shared.runtime.timing import micros

EVERY = 5.0
"""Seconds between two looks."""
PAGE = 200
MOST_PAGES = 5
"""Pages of one look, so that the lease is kept."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Timers:
    """Finds clocks that have run out, oldest first, and has each case judged again.

    How late it can be: with the node up, a first response that was not given is recorded within
    ``EVERY`` seconds, or 12 more where the holder of the lease has died, and one second more for
    each thousand that are due at once. The verify clock waits beside that until what routing did
    up to the deadline has been heard, which beats show: a minute back, every five seconds, so it
    comes some seventy seconds late, and later while routing or the bus is away; what routing then
    turns out to have done in time counts. Two timers at once do no harm: the fact is derived from
    clock and date.
    """

    cases: Cases
    clocks: Shelf[Case]
    ask: Asks[Case]
    now: Callable[[], datetime]
    views: Callable[[], Awaitable[Mapping[str, datetime]]]

    async def look(self) -> int:
        """Record what has run out; give how many cases were judged."""
        judged = 0
        try:
            judged += await self._look_at("due_at", self.now())
            heard = (await self.views()).get("dispositions")
            if heard is not None:
                judged += await self._look_at("verify_at", min(heard, self.now()), heard)
        except Away as away:
            log.warning("timers_waited", extra={"reason": str(away)})
        return judged

    async def _look_at(self, field: str, until: datetime, heard: datetime | None = None) -> int:
        judged = 0
        for _ in range(MOST_PAGES):
            due = await self.clocks.window(field, 0, micros(until) + 1, PAGE)
            answers = await asyncio.gather(
                *(self.ask(each.id, self._judge_with(heard)) for each in due),
                return_exceptions=True,
            )
            refused = [answer for answer in answers if isinstance(answer, BaseException)]
            judged += len(due) - len(refused)
            if refused:
                log.warning(
                    "timers_refused", extra={"cases": len(refused), "reason": str(refused[0])}
                )
            if len(due) < PAGE or refused:
                break
        return judged

    def _judge_with(
        self, heard: datetime | None
    ) -> Callable[[Document[Case], Circumstances, int], Document[Case]]:
        until = heard or NEVER  # what hangs on routing's silence is left alone

        def judge(document: Document[Case], under: Circumstances, _draw: int) -> Document[Case]:
            try:
                return self.cases.tick(document, under, until)
            except HistoryFull as full:
                raise Refused(409, "history_full", str(full)) from None

        return judge
