"""What one process of a service does for all, under a lease.

It tells what was left untold, lets go what was held, tells everything again to a bus that forgot.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic

from shared.contracts.beat import Beat
from shared.runtime.document import Document, Domain, State, blank, changed
from shared.runtime.folding import Told, adopt, newest, release
from shared.runtime.hearing import patiently
from shared.runtime.ports import Change, Documents, Notes, Quarantine, Tally, Time
from shared.runtime.shapes import newer
from shared.runtime.telling import Teller
from shared.runtime.timing import FOREVER, micros, moment
from shared.runtime.walking import walked

PAGE = 500
"""Documents per query of a walk."""
RELEASED_TOGETHER = 50
"""Histories per query of a release: each is as long as a message may be."""
LEFT_ALONE = timedelta(seconds=3)
"""How long a mark is left to the process that set it."""
SECOND_ROUND = timedelta(minutes=1)
"""When a retelling goes over what changed meanwhile."""
BEAT_BEHIND = timedelta(minutes=1)
"""How far a beat's time lies back at least."""
log = logging.getLogger(__name__)

Read = Callable[[int, int, int], Awaitable[list[Document[State]]]]
"""Reads a page of documents by ``changed_at``."""
Ends = Callable[[], Awaitable[dict[int, int]]]
"""Reads, per partition of a stream, the offset after its last record."""


@dataclass(frozen=True, slots=True)
class Relay(Generic[State]):
    """The duties of the holder of a service's lease."""

    domain: Domain[State]
    documents: Documents[State]
    quarantine: Quarantine
    notes: Notes
    teller: Teller[State]
    time: Time
    tally: Tally

    async def tell(self, documents: Sequence[Document[State]]) -> None:
        """Tell documents, and take their marks when everything is acknowledged."""
        voice = self.teller.voice
        await self.teller.tell([new for each in documents for new in voice.utterances(each)])
        marked = [each for each in documents if each.untold is not None and not newer(each)]
        if marked:
            await patiently(self.time, self.documents.unmark, marked)

    async def tell_untold(self) -> int:
        """Tell what has been marked for a while; give how many were found."""
        until = micros(self.time.under().now - LEFT_ALONE)
        found = await patiently(self.time, self.documents.untold, until, PAGE)
        if found:
            await self.tell(found)
        return len(found)

    async def tell_all_untold(self) -> None:
        """Tell what has been marked for a while, page by page: the bus may have been away long."""
        while await self.tell_untold() == PAGE:
            pass

    async def release(self) -> int:
        """Try everything that waits in quarantine again; give how many were folded."""
        folded, until = 0, micros(self.time.under().now)
        async for told in self._waiting(until):
            folded += await self._release(told)
        return folded

    async def _waiting(self, until: int) -> AsyncIterator[Told]:
        """Go over what has waited since before a time; what comes in later waits for the next."""

        async def read(since: int, limit: int) -> list[tuple[int, Told]]:
            return await patiently(self.time, self.quarantine.waiting, since, until, limit)

        async for page in walked(read, _waits, 0, RELEASED_TOGETHER):
            for _, told in page:
                yield told

    async def _release(self, told: Told) -> bool:
        while True:
            loaded = await patiently(self.time, self.documents.load, [told.complaint])
            stored = loaded.get(told.complaint) or blank(self.domain, told.complaint)
            under = self.time.under()
            after = release(self.domain, stored, told, under)
            if after.blocked is not None:
                return False
            if after.document == stored:
                break  # folded before; only the deleting was left
            ready = changed(self.domain, stored, after.document, marked=True, at=micros(under.now))
            outcome = await patiently(
                self.time, self.documents.write, [Change(ready, stored.expected)]
            )
            if outcome.complete:
                break
            if outcome.refused:  # it waits on, as where it could not be folded
                place = {"complaint": told.complaint, "stream": told.stream}
                log.warning("release_refused", extra=place)
                return False
        await patiently(self.time, self.quarantine.drop, told.complaint, told.stream, told.last)
        return True

    async def retell(self, incarnation: str) -> bool:
        """Tell a bus that forgot; say whether it is done.

        Resumable: called again after a crash it goes on where it was. The first round walks every
        document, the second, a minute after its end, what changed meanwhile and in the minute
        before; then the incarnation is noted, and until then positions start from the beginning.
        """
        noted = await patiently(self.time, self.notes.read, "bus")
        if noted is None and await self._holds_nothing():
            noted = {"incarnation": incarnation}
            await patiently(self.time, self.notes.write, "bus", noted)
        if noted and noted["incarnation"] == incarnation:
            return True
        now = micros(self.time.under().now)
        walk = await patiently(self.time, self.notes.read, "retelling")
        if walk is None or walk["incarnation"] != incarnation:
            walk = {
                "incarnation": incarnation,
                "since": 0,
                # a write judged just before now may land behind a page that is told already
                "then": micros(moment(now) - SECOND_ROUND),
                "round": 1,
            }
        if walk["round"] == 2 and now < walk["until"]:
            return False
        walk = await self._tell_round(walk)
        if walk["round"] == 1:
            later = micros(self.time.under().now + SECOND_ROUND)
            walk = {**walk, "since": walk["then"], "until": later, "round": 2, "shelf": "live"}
            await patiently(self.time, self.notes.write, "retelling", walk)
            return False
        await patiently(self.time, self.notes.write, "bus", {"incarnation": incarnation})
        return True

    async def retold(self, incarnation: str) -> bool:
        """Say whether a bus was told everything that there was before it."""
        noted = await patiently(self.time, self.notes.read, "bus")
        return bool(noted and noted["incarnation"] == incarnation)

    async def _holds_nothing(self) -> bool:
        """Say whether there is nothing to tell any bus."""
        shelves = (self.documents.changed, self.documents.archived)
        return not any([await patiently(self.time, read, 0, FOREVER, 1) for read in shelves])

    async def _tell_round(self, walk: dict[str, Any]) -> dict[str, Any]:
        """Tell what is live, then what is archived: what moves meanwhile is met at the latter."""
        if walk.get("shelf") != "archive":
            async for page in self.walk(walk["since"]):
                await self.tell(page)
                walk = {**walk, "since": page[-1].changed_at}
                await patiently(self.time, self.notes.write, "retelling", walk)
            begin = walk["then"] if walk["round"] == 2 else 0
            walk = {**walk, "since": begin, "shelf": "archive"}
        async for page in self._pages(self.documents.archived, walk["since"]):
            now = await patiently(self.time, self.documents.load, [each.id for each in page])
            await self.tell(list(now.values()))
            walk = {**walk, "since": page[-1].changed_at}
            await patiently(self.time, self.notes.write, "retelling", walk)
        return walk

    def walk(self, since: int) -> AsyncIterator[list[Document[State]]]:
        """Go over live documents by ``changed_at`` from a time to the end, in pages.

        What changes meanwhile moves behind what is still to come, and is met there.
        """
        return self._pages(self.documents.changed, since)

    async def _pages(self, read: Read[State], since: int) -> AsyncIterator[list[Document[State]]]:
        async def patient(since: int, limit: int) -> list[Document[State]]:
            return await patiently(self.time, read, since, FOREVER, limit)

        async for page in walked(patient, lambda each: (each.changed_at, each.id), since, PAGE):
            yield page
            if len(page) < PAGE:
                return

    async def adopt(self, histories: Sequence[Told], *, snapshot: bool = False) -> None:
        """Take back what a restored store lacks from what one of its own streams still carries.

        What cannot be read or folded, or is refused by the store, is left and counted; the audit
        finds what it lacks.
        """
        pending = newest(histories)
        while pending:
            loaded = await patiently(self.time, self.documents.load, list(pending))
            changes: list[Change[State]] = []
            under = self.time.under()
            for key, told in pending.items():
                stored = loaded.get(key) or blank(self.domain, key)
                try:
                    document = adopt(self.domain, stored, told, snapshot=snapshot)
                except Exception:  # noqa: BLE001 - whatever the fold raises, the others go on
                    self.tally.unadopted += 1
                    continue
                if document != stored:
                    at = micros(under.now) + len(changes)
                    ready = changed(self.domain, stored, document, marked=False, at=at)
                    changes.append(Change(ready, stored.expected))
            if not changes:
                return
            outcome = await patiently(self.time, self.documents.write, changes)
            if outcome.complete:
                return
            self.tally.unadopted += len(outcome.refused)
            left = [each.document.id for each in changes]
            pending = {key: pending[key] for key in left if key not in outcome.refused}

    async def beat(self, service: str, stream: str, ends: Ends, incarnation: str) -> Beat:
        """Say up to when everything this service did lies below the ends of its stream.

        ``ends`` reads the ends; whatever it raises, this raises.
        """
        # In this order: the clock, the oldest mark, the ends. What was marked by ``through`` was
        # stored a minute before the clock was read, so the store showed it either marked, and
        # then ``through`` lies before it, or unmarked, and then it had been told already and the
        # ends, read later still, lie above it. Ends read first could lie below what is told and
        # unmarked before the marks are read; a clock read last may be minutes later.
        through = self.time.under().now - BEAT_BEHIND
        oldest = await patiently(self.time, self.documents.oldest_untold)
        if oldest is not None:
            through = min(through, moment(oldest - 1))
        return Beat(
            service=service,
            stream=stream,
            through=through,
            ends=await ends(),
            incarnation=incarnation,
        )


def _waits(waiting: tuple[int, Told]) -> tuple[int, tuple[str, str]]:
    since, told = waiting
    return since, (told.complaint, told.stream)
