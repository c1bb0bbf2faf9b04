"""The register in the store: taken over from its file, changed, read again, and told."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from msgspec.structs import replace

from services.routing.domain.entry import Entries, Entry
from services.routing.domain.filed import GONE, adopt_file, said_of
from services.routing.domain.register import RegisterFile
from services.routing.registry.book import Book
from shared.contracts.fact import instant
from shared.contracts.register import MOST_COMING, AgencyRegistered
from shared.contracts.topics import topic
from shared.runtime.asking import Ask, Desk, Judge
from shared.runtime.document import Circumstances, Document, Refused
from shared.runtime.ports import Away, Change, Documents
from shared.runtime.telling import Utterance, Voice
from shared.runtime.timing import FOREVER, micros, moment
from shared.runtime.walking import walked

EVERY = 2.0
"""Seconds after which a process knows what another one changed."""
OVERLAP = int(timedelta(seconds=30) / timedelta(microseconds=1))
"""How far behind, in microseconds, a change may be written that is looked for."""
PAGE = 500
MOST_EDITIONS = 1 + MOST_COMING
"""The edition in force and those to come, however large, that surely are one message."""
log = logging.getLogger(__name__)


class Agencies(Documents[Entry], Protocol):
    """Where agencies are kept. Each method raises Away."""

    async def prepare(self) -> None:
        """Make the indexes that are missing."""


class Registry:
    """Keeps the book of one process as current as the store.

    Two processes may take over one file at once; the second finds it done.
    """

    def __init__(self, book: Book, file: RegisterFile, agencies: Agencies) -> None:
        """Keep agencies in a store; ``file`` is what the operator wrote."""
        self.book, self.entries = book, Entries()
        self._file, self._agencies = file, agencies
        self._desk = Desk(self.entries, agencies, book.time)
        self._since = 0

    async def prepare(self) -> None:
        """Take over the file and read what there is. Raises Away, and may then be called again."""
        await self._agencies.prepare()
        await self.read()
        said: dict[str, Mapping[str, Any]] = {**said_of(self._file)}
        for known in self.book.entries():
            if known.state.file is not None:
                said.setdefault(known.id, GONE)
        await self._settle([Ask(code, self._adopting(parts)) for code, parts in said.items()])

    async def read(self) -> None:
        """Read what was changed since the last time. Raises Away."""

        async def changed(since: int, limit: int) -> list[Document[Entry]]:
            return await self._agencies.changed(since, FOREVER, limit)

        since = max(0, self._since - OVERLAP)
        async for page in walked(changed, lambda each: (each.changed_at, each.id), since, PAGE):
            self.book.take(page)
            self._since = max(self._since, page[-1].changed_at)
            if len(page) < PAGE:
                return

    async def keep_current(self) -> None:
        """Rest, then read."""
        await self.book.time.pause(EVERY)
        try:
            await self.read()
        except Away as away:
            log.warning("register_waited", extra={"reason": str(away)})

    async def ask(self, code: str, judge: Judge[Entry]) -> Document[Entry]:
        """Have a change judged and stored durably; it is told within seconds. Raises Refused."""
        ask = Ask(code, judge)
        try:
            await self._settle([ask])
        except Away:
            raise Refused(503, "store_away", "Nothing can be stored now; try again.") from None
        assert ask.after is not None  # noqa: S101  # the desk leaves one or the other
        return ask.after

    async def note(self, days: Mapping[str, date]) -> None:
        """Note the day on which agencies were last active, where it is a later one. Raises Away.

        What another process changes at that moment is read, and left for the next time.
        """
        changes = list(self._noting(days))
        for start in range(0, len(changes), PAGE):
            page = changes[start : start + PAGE]
            written = await self._agencies.write(page)
            if written.complete:
                self.book.take(change.document for change in page)
            else:
                await self.read()

    def _noting(self, days: Mapping[str, date]) -> Iterable[Change[Entry]]:
        now, today = micros(self.book.time.under().now), self.book.day
        for code, said in days.items():
            known, day = self.book.entry(code), min(said, today)  # clocks of others may be ahead
            if known is None or (known.state.active_on or date.min) >= day:
                continue
            now += 1  # apart, as whatever is written together
            at = max(now, known.changed_at + 1)
            state = replace(known.state, active_on=day)
            # No fact, and no other revision: who changes the agency was not overtaken by it.
            ready = replace(known, state=state, version=known.version + 1, untold=at, changed_at=at)
            yield Change(ready, known.version)

    async def _settle(self, asks: Sequence[Ask[Entry]]) -> None:
        for start in range(0, len(asks), PAGE):
            page = asks[start : start + PAGE]
            await self._desk.settle(page)
            self.book.take(each.after for each in page if each.after is not None)
            for each in page:
                if each.failure is not None:
                    raise each.failure

    def _adopting(self, parts: Mapping[str, Any]) -> Judge[Entry]:
        def judge(document: Document[Entry], under: Circumstances, _draw: int) -> Document[Entry]:
            day = self.book.calendar.local_day(under.now)
            return adopt_file(self.entries, document, parts, day, under)

        return judge


@dataclass(frozen=True, slots=True)
class RegisterVoice(Voice[Entry]):
    """Tells snapshots alone: what was changed by whom is for those who ask here."""

    def utterances(self, document: Document[Entry]) -> list[Utterance]:
        """Give everything there is to tell of an agency now."""
        return list(self.derive(document))


def voice_of(node: str, book: Book) -> RegisterVoice:
    """Say how routing tells the register of a node."""
    where = topic(node, "register")

    def derive(document: Document[Entry]) -> Iterable[Utterance]:
        editions = document.state.editions(book.day)
        if not editions:
            return
        if len(editions) > MOST_EDITIONS:  # stored before the desk had a bound
            left = len(editions) - MOST_EDITIONS
            log.warning("editions_left_out", extra={"agency": document.id, "editions": left})
            editions = editions[:MOST_EDITIONS]
        (epoch, version), active_on = document.last, document.state.active_on
        told = AgencyRegistered(
            node=node,
            code=document.id,
            editions=editions,
            epoch=epoch,
            version=version,
            active_on=active_on,
        )
        yield Utterance(
            topic=where,
            key=document.id,
            mark=f"{document.last}/{active_on}" if active_on else str(document.last),
            type=AgencyRegistered.type,
            subject=document.id,
            pair=document.last,
            time=instant(moment(document.changed_at)),
            body=lambda: told.model_dump_json().encode(),
        )

    return RegisterVoice(f"/node/{node}/routing", where, AgencyRegistered.type, derive)
