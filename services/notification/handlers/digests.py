"""Each agency is written once a working day what is due (ringkasan tenggat)."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from services.notification.domain.digests import (
    MOST_COUNTED,
    MOST_LISTED,
    Digest,
    DueCase,
    Habit,
    digest_id,
    digest_of,
    is_digest,
)
from services.notification.domain.ledger import Ledger
from services.notification.domain.notice import Notices
from services.notification.domain.offices import Office
from shared.contracts.calendar import Calendar
from shared.runtime.asking import Asks, Judge
from shared.runtime.document import Circumstances, Document, Refused
from shared.runtime.ports import Away, Notes, Shelf
from shared.runtime.timing import moment

EVERY = 30.0
"""Seconds between two looks whether the hour has come, or an operator has asked."""
ASKED, DONE = "digest", "digests"
"""Notes: the day for which an operator wants them at once, and the last day that is done."""
OWING = ("complaints", "dispositions", "cases")
"""The streams that say what an agency owes."""
PAGE = 200
"""Agencies of which it is asked at once who has had today's."""
MOST_MISSED = 31
"""Missed days that are named, the newest."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Digests:
    """Makes the digests of a day, each under its own id: made twice, it is one.

    Whoever dies between two agencies, or loses the note that a day is done, begins again and finds
    those that are there. Until all that was done up to the hour has been heard, which beats show a
    minute back, an agency might be called late that has answered: they wait. Who was away writes
    today's on coming back, and says which working days went by without any.
    """

    ledger: Ledger
    kept: Shelf[Notices]
    ask: Asks[Notices]
    notes: Notes
    offices: Mapping[str, Office]
    calendar: Calendar
    now: Callable[[], datetime]
    habit: Habit
    views: Callable[[], Awaitable[Mapping[str, datetime]]]

    async def look(self) -> int:
        """Make today's where the time has come; give for how many agencies."""
        now = self.now()
        day = self.calendar.local_day(now)
        try:
            asked = await self.notes.read(ASKED)
            wanted = asked if asked and asked["day"] == day.isoformat() else None
            since = moment(wanted["at"]) if wanted else self.habit.began(now, self.calendar)
            if since is None:
                return 0
            stamp = {
                "day": day.isoformat(),
                "asked": wanted["at"] if wanted else None,
                "agencies": len(self.offices),  # the register may be heard later than the hour
            }
            done = await self.notes.read(DONE)
            if done == stamp or not await self._heard(since):
                return 0
            made = await self._make(day)
            if done and (missed := self._missed(date.fromisoformat(done["day"]), day)):
                log.warning("digests_missed", extra={"days": [each.isoformat() for each in missed]})
            await self.notes.write(DONE, stamp)
        except (Away, Refused) as failed:
            log.warning("digests_waited", extra={"reason": str(failed)})
            return 0
        log.info("digests_made", extra={"agencies": made})
        return made

    def _missed(self, done: date, day: date) -> Sequence[date]:
        """Give the working days between two on which digests were made, at most the newest."""
        if self.habit.at is None:
            return ()
        missed: list[date] = []
        while (day := day - timedelta(days=1)) > done and len(missed) < MOST_MISSED:
            if self.calendar.works(day):
                missed.insert(0, day)
        return missed

    async def _heard(self, since: datetime) -> bool:
        views = await self.views()
        return all(stream in views and views[stream] >= since for stream in OWING)

    async def _make(self, day: date) -> int:
        agencies, made = sorted(self.offices.keys() - self.habit.without), 0
        for at in range(0, len(agencies), PAGE):
            made += await self._make_page(agencies[at : at + PAGE], day)
        return made

    async def _make_page(self, agencies: Sequence[str], day: date) -> int:
        made, last = 0, self.calendar.after(day, self.habit.ahead) + timedelta(days=1)
        keys = {digest_id(agency, day): agency for agency in agencies}
        there = await self.kept.load(list(keys))
        for key, agency in keys.items():
            digest = None if key in there else await self._digest(agency, day, last)
            if digest is not None:
                await self.ask(key, partial(self._begin, agency, digest))
                made += 1
        return made

    async def _digest(self, agency: str, day: date, last: date) -> Digest | None:
        most = MOST_LISTED + MOST_COUNTED
        found = await self.kept.window("owes", f"{agency}|", f"{agency}|{last}", most)
        cases = [due for each in found if (due := _due(each.state))]
        return digest_of(cases, day, self.calendar) if cases else None

    def _begin(
        self,
        agency: str,
        digest: Digest,
        document: Document[Notices],
        under: Circumstances,
        _draw: int,
    ) -> Document[Notices]:
        return self.ledger.digest(document, agency, digest, under)


def _due(known: Notices) -> DueCase | None:
    due_on = known.owed.due_on
    return DueCase(known.tracking_number, due_on) if known.tracking_number and due_on else None


def asks_by_id(complaints: Asks[Notices], digests: Asks[Notices]) -> Asks[Notices]:
    """Have requests about complaints and about digests judged where each lie: an id says which."""

    async def ask(complaint: str, judge: Judge[Notices]) -> Document[Notices]:
        return await (digests if is_digest(complaint) else complaints)(complaint, judge)

    return ask
