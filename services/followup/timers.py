"""What happens because time passed, or because the calendar is another: it is recorded."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from services.followup.domain.case import Case
from services.followup.domain.cases import NOBODY, Cases
from services.followup.handlers import Outages
from services.followup.store import WAITS
from shared.runtime.alongside import alongside
from shared.runtime.asking import Asks, Gather, Judge, at_once
from shared.runtime.document import Circumstances, Document, Refused
from shared.runtime.ports import Away, Notes, Shelf, Time
from shared.runtime.timing import micros, moment

EVERY = 5.0
"""Seconds between two looks."""
SELDOM = 60.0
"""Seconds between two looks whether the calendar is still the one that dates were counted by."""
OVERLAP = timedelta(minutes=2)
"""How long a process with the calendar of before may still write."""
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
    turns out to have done in time counts. A silent reporter's clocks wait for intake in the same
    way. Two timers at once do no harm: the fact is derived from clock and date.

    A case that cannot be judged, since its history is full or what would end a silence is held,
    stays first: the look goes on behind up to ``PAGE * (MOST_PAGES - 1)`` of these.
    """

    cases: Cases
    clocks: Shelf[Case]
    ask: Asks[Case]
    now: Callable[[], datetime]
    views: Callable[[], Awaitable[Mapping[str, datetime]]]
    gather: Gather = at_once

    async def look(self) -> int:
        """Record what has run out; give how many cases were judged."""
        judged = 0
        try:
            judged += await self._look_at(WAITS[None], self.now(), NOBODY)
            for stream, heard in (await self.views()).items():
                if stream in WAITS:
                    until = min(heard, self.now())
                    judged += await self._look_at(WAITS[stream], until, {stream: heard})
        except Away as away:
            log.warning("timers_waited", extra={"reason": str(away)})
        return judged

    async def _look_at(self, field: str, until: datetime, heard: Mapping[str, datetime]) -> int:
        def judge(document: Document[Case], under: Circumstances, _draw: int) -> Document[Case]:
            return self.cases.tick(document, under, heard)

        judged, stay = 0, set[str]()
        for _ in range(MOST_PAGES):
            found = await self.clocks.window(field, 0, micros(until) + 1, PAGE + len(stay))
            due = [each for each in found if each.id not in stay]
            refused = await _refusals(self.ask, due, judge, self.gather)
            judged += len(due) - len(refused)
            if refused:
                reason = str(next(iter(refused.values())))
                log.warning("timers_refused", extra={"cases": len(refused), "reason": reason})
            if len(due) < PAGE or any(map(_later, refused.values())):
                break
            stay |= refused.keys() | {each.id for each in due if heard.keys() & each.held.keys()}
        return judged


@dataclass(frozen=True, slots=True)
class Amendments:
    """Counts open dates again after the working calendar was amended (perubahan hari libur).

    Excuses also what passed during an outage that was declared since.

    Goes over all cases by when they last changed, and a while later over what changed meanwhile:
    a process that was not yet restarted may have counted by the calendar of before. A case that
    is refused for the moment is waited for; one whose history is full is passed. Resumable, and
    harmless twice: a date that is right does not move. A new year is an amendment too, since the
    calendar is compared over the years around the present one.
    """

    cases: Cases
    walk: Callable[[int], AsyncIterator[list[Document[Case]]]]
    notes: Notes
    ask: Asks[Case]
    now: Callable[[], datetime]

    async def look(self) -> int:
        """Move what has to move; give how many cases did."""
        try:
            calendar = self.cases.fingerprint(self.now())
            noted = await self.notes.read("calendar")
            if noted is None or noted["calendar"] != calendar:
                now = micros(self.now())
                noted = {"calendar": calendar, "since": 0, "until": now, "last": False}
            if noted["until"] is None or noted["until"] > micros(self.now()):
                return 0
            moved = await self._go_over(noted)
        except Away as away:
            log.warning("amendments_waited", extra={"reason": str(away)})
            return 0
        if moved:
            log.info("due_dates_moved", extra={"cases": moved})
        return moved

    async def _go_over(self, noted: dict[str, Any]) -> int:
        moved, began = 0, noted["until"]
        async for page in self.walk(noted["since"]):
            stale = [each for each in page if self.cases.stale(each, self.now())]
            refused = await self._count_again(stale, noted["calendar"])
            moved += len(stale) - len(refused)
            left = [each for each in stale if each.id in refused and _later(refused[each.id])]
            noted = {**noted, "since": (left or page[-1:])[0].changed_at}
            await self.notes.write("calendar", noted)
            if left:  # the next look begins with it
                return moved
        again = None if noted["last"] else micros(moment(began) + OVERLAP)
        since = micros(moment(began) - OVERLAP)
        await self.notes.write("calendar", {**noted, "since": since, "until": again, "last": True})
        return moved

    async def _count_again(
        self, stale: Sequence[Document[Case]], calendar: str
    ) -> dict[str, BaseException]:
        def judge(document: Document[Case], under: Circumstances, _draw: int) -> Document[Case]:
            return self.cases.amend(document, calendar, under)

        refused = await _refusals(self.ask, stale, judge)
        for why in refused.values():
            log.warning("amendment_refused", extra={"reason": str(why)})
        return refused


async def _refusals(
    ask: Asks[Case],
    cases: Sequence[Document[Case]],
    judge: Judge[Case],
    gather: Gather = at_once,
) -> dict[str, BaseException]:
    """Have each case judged; give by id why some were not."""
    answers = await gather(ask(each.id, judge) for each in cases)
    return {
        each.id: answer
        for each, answer in zip(cases, answers, strict=True)
        if isinstance(answer, BaseException)
    }


def _later(why: BaseException) -> bool:
    """Say whether it was refused for the moment: the store is away, or the case is busy."""
    return isinstance(why, Refused) and why.status == HTTPStatus.SERVICE_UNAVAILABLE


@asynccontextmanager
async def outages_read(outages: Outages, time: Time) -> AsyncIterator[None]:
    """Know within ``EVERY`` seconds what was declared elsewhere, until the block is left."""

    async def go_on() -> None:
        await time.pause(EVERY)
        try:
            await outages.read()
        except Away as away:
            log.warning("outages_waited", extra={"reason": str(away)})

    async with alongside("outages", go_on):
        yield
