"""Merging reports of the same matter, and having them follow the one that is handled."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.routing.domain import merging
from services.routing.domain.disposition import Disposition
from services.routing.domain.dispositions import Dispositions
from shared.contracts import routing
from shared.contracts.calendar import Calendar
from shared.runtime.asking import Asks, Gather, at_once, once
from shared.runtime.document import Cause, Circumstances, Document, HistoryFull, Refused
from shared.runtime.ports import Away, Dirt, Shelf
from shared.runtime.timing import micros
from shared.runtime.walking import walked

PAGE = 200
MOST_PAGES = 5
"""Pages of one look, so that the lease is kept."""
log = logging.getLogger(__name__)


class Marked(Shelf[Disposition], Protocol):
    """Dispositions, and which of them concern others. Each method raises Away."""

    async def dirty(self, since: int, until: int, limit: int) -> list[Dirt]:
        """Give what documents marked in [since, until) have made stale, oldest first."""

    async def clean(self, dirt: Sequence[Dirt]) -> None:
        """Say that what these documents made stale was looked at again, unless they changed."""


@dataclass(frozen=True, slots=True)
class Mergers:
    """Merges and separates reports of the same matter (penggabungan laporan)."""

    dispositions: Dispositions
    calendar: Calendar
    kept: Marked
    ask: Asks[Disposition]
    now: Callable[[], datetime]
    gather: Gather = at_once

    async def followers(self, main: str, after: str, limit: int) -> list[Document[Disposition]]:
        """List the complaints that follow one, by id; ``after`` is where a page ended."""
        low = f"{main}/{after}!" if after else f"{main}/"
        return await self.kept.window("merged", low, f"{main}0", min(limit, PAGE))

    async def merge(
        self, complaint: str, main: str, request: Cause, seen: int
    ) -> Document[Disposition]:
        """Have a complaint follow another; raises Refused.

        First the other is noted to have followers, so that from then on what becomes of it is
        looked at: a crash between the two leaves a note without followers, which does no harm.
        """
        followed = bool(await self.followers(complaint, "", 1))
        found = await self.kept.load([complaint, main])
        if complaint in found and complaint != main and not found[complaint].answered(request.id):
            merging.check(found[complaint], followed=followed)
            await self.ask(main, self._joining(complaint, request))
            found = await self.kept.load([complaint, main])
        other = found[main].state if main in found else Disposition(complaint=main)
        judge = once(
            request.id,
            routing.ComplaintMerged.type,
            {"main": main},
            lambda document, under: merging.merge(
                self.dispositions, document, other, request, under, followed=followed
            ),
            seen=seen,
        )
        return await self.ask(complaint, judge)

    async def unmerge(
        self, complaint: str, words: str, request: Cause, seen: int
    ) -> Document[Disposition]:
        """Give a merged complaint back whole; raises Refused."""
        judge = once(
            request.id,
            routing.ComplaintUnmerged.type,
            {"because": merging.OFFICER, "words": words},
            lambda document, under: merging.unmerge(
                self.dispositions, self.calendar, document, words, request, under
            ),
            seen=seen,
        )
        return await self.ask(complaint, judge)

    async def look(self) -> int:
        """Have all who follow what has changed be told; give how many complaints were judged.

        Who cannot be judged keeps nobody else from being told, for ``MOST_PAGES`` pages, and is
        looked at again. Two at once do no harm: each fact is derived from what became of the main
        complaint.
        """
        judged, pages, until = 0, 0, micros(self.now()) + 1
        failed = set[str]()

        async def dirty(since: int, limit: int) -> list[Dirt]:
            return await self.kept.dirty(since, until, limit)

        try:
            async for dirt in walked(dirty, lambda each: (each.at, each.id), 0, PAGE):
                judged, pages = judged + await self._look_at(dirt, failed), pages + 1
                if len(dirt) < PAGE or pages == MOST_PAGES:
                    break
        except Away as away:
            log.warning("mergers_waited", extra={"reason": str(away)})
        return judged

    async def _look_at(self, dirt: Sequence[Dirt], failed: set[str]) -> int:
        """Have those told who follow what is named; add those of whom not all could be."""
        judged = 0
        for main in dict.fromkeys(name for each in dirt for name in each.names):
            if main in failed:
                continue
            asked, refused = await self._follow(main)
            judged += asked - len(refused)
            if refused:
                failed.add(main)
                reason = f"{len(refused)} complaints could not follow: {refused[0]}"
                log.warning("mergers_waited", extra={"reason": reason})
        done = [each for each in dirt if failed.isdisjoint(each.names)]
        if done:
            await self.kept.clean(done)
        return judged

    async def _follow(self, main: str) -> tuple[int, list[BaseException]]:
        found = (await self.kept.load([main])).get(main)
        asked, after, refused = 0, "", list[BaseException]()
        while found is not None:
            page = await self.followers(main, after, PAGE)
            asked += len(page)
            refused += await self._tell(page, found.state)
            if len(page) < PAGE:
                break
            after = page[-1].id
        return asked, refused

    async def _tell(
        self, page: Sequence[Document[Disposition]], main: Disposition
    ) -> list[BaseException]:
        def judge(
            document: Document[Disposition], under: Circumstances, _draw: int
        ) -> Document[Disposition]:
            try:
                return merging.follow(self.dispositions, self.calendar, document, main, under)
            except HistoryFull:
                return document  # it follows in silence; the page of the main one says it all

        asked = (self.ask(each.id, judge) for each in page)
        answers = await self.gather(asked)
        return [each for each in answers if isinstance(each, BaseException)]

    def _joining(
        self, first: str, request: Cause
    ) -> Callable[[Document[Disposition], Circumstances, int], Document[Disposition]]:
        def judge(
            document: Document[Disposition], under: Circumstances, _draw: int
        ) -> Document[Disposition]:
            try:
                return merging.join(self.dispositions, document, first, request, under)
            except HistoryFull as full:
                raise Refused(409, "history_full", str(full), "main") from None

        return judge
