"""Files that publishers named, fetched after their records were taken, never while they are heard.

A try is counted before it is made, so that a file on which a process dies is given up in the end.
Two processes that fetch the same file do no harm: one of them finds that it is there.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Protocol

from services.intake.domain.acts import not_withdrawn
from services.intake.domain.complaint import Complaint, Complaints
from services.intake.domain.hosts import Host, Hosts, Mendable, NotNow, agreed
from services.intake.domain.promises import (
    MOST_TRIES,
    Promised,
    begin,
    cause_of,
    in_order,
    refuse_file,
)
from services.intake.handlers.attachments import Attachments
from shared.runtime.asking import Asks
from shared.runtime.document import Circumstances, Document, Refused
from shared.runtime.ports import Away, Shelf

FETCHED_EVERY = 5.0
"""Seconds between two looks for files that are to be fetched."""
PAGE = 20
"""Complaints of one publisher that are looked at together."""
AT_ONCE = 8
"""Files that are fetched at once, each from another publisher."""
PATIENCE = 300.0
"""Seconds that one file may take, until it is kept."""
LATER = frozenset({408, 429, 503})
"""Refusals that are about this moment and not about the file."""
NEVER = "not_fetched"
"""Why a file is refused that could not be fetched in all its tries."""
_MOMENT = timedelta(milliseconds=1)
log = logging.getLogger(__name__)


class Fetch(Protocol):
    """Gives what lies at an address, for the length of a block; raises NotNow and Refused."""

    def __call__(
        self, url: str, host: Host
    ) -> AbstractAsyncContextManager[AsyncIterator[bytes]]: ...


def _in_time() -> AbstractAsyncContextManager[object]:
    return asyncio.timeout(PATIENCE)


@dataclass(frozen=True, slots=True)
class Promises:
    """Sees to it that of each file that a publisher named it is known what became of it."""

    complaints: Complaints
    kept: Shelf[Complaint]
    ask: Asks[Complaint]
    attachments: Attachments
    hosts: Hosts
    fetch: Fetch
    now: Callable[[], datetime]
    in_time: Callable[[], AbstractAsyncContextManager[object]] = _in_time
    """Ends what is within it with TimeoutError once it takes too long."""
    _lanes: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def look(self) -> None:
        """Have a lane begun for each publisher with files that are due, unless it has one.

        So a host that is slow keeps only its own publisher waiting. Raises Away.
        """
        after = "a"
        while found := await self.kept.window("fetch", after, "~", 1):
            state = found[0].state
            publisher = state.publisher or ""
            lane = self._lanes.get(publisher)
            due = state.fetch_at is not None and state.fetch_at <= self.now()
            if due and (lane is None or lane.done()):
                self._lanes[publisher] = asyncio.create_task(self._lane(publisher))
            after = f"{publisher}0"  # what comes behind all of this one's

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Let lanes go on until the block is left; what is under way then is tried again."""
        try:
            yield
        finally:
            for lane in self._lanes.values():
                lane.cancel()
            await asyncio.gather(*self._lanes.values(), return_exceptions=True)

    async def _lane(self, publisher: str) -> None:
        try:
            while await self.fetch_page(publisher) == PAGE:
                pass
        except Away as away:
            log.warning("fetching_broken_off", extra={"reason": str(away)})
        except Exception:
            log.exception("fetching_failed", extra={"publisher": publisher})

    async def fetch_page(self, publisher: str) -> int:
        """Fetch what is due of a page of complaints; say how many got their try. Raises Away."""
        until = in_order(publisher, self.now() + _MOMENT)
        found = await self.kept.window("fetch", f"{publisher}/", until, PAGE)
        return sum([await self._fetch_all(document) for document in found])

    async def _fetch_all(self, document: Document[Complaint]) -> bool:
        tried = True
        for promised in document.state.promised:
            if promised.fetch_at <= self.now():
                async with self._turns:
                    tried &= await self._guarded(document, promised)
        return tried

    async def _guarded(self, document: Document[Complaint], promised: Promised) -> bool:
        try:
            await self.keep(document, promised)
        except (Away, Refused) as later:
            log.info("file_waits", extra={"complaint": document.id, "reason": str(later)})
            return False
        except Exception:  # one file must not keep the others waiting
            log.exception("file_not_fetched", extra={"complaint": document.id})
            return False
        return True

    async def keep(self, document: Document[Complaint], promised: Promised) -> None:
        """Make one try: have the file kept, given up, or tried again later.

        Raises Refused where another process makes it, or the store takes nothing.
        """
        if promised.tries >= MOST_TRIES:  # whoever made the last one died of it
            await self._give_up(document, promised, _never("we came to no end"))
            return
        begun = await self.ask(document.id, partial(_begin, promised))
        try:
            await self._take(begun, promised)
        except TimeoutError:
            why: Refused = _never("it took too long")
        except NotNow as away:
            why = _never(str(away))
        except Refused as refused:
            why = _never("we had no room for it") if refused.status in LATER else refused
        else:
            return
        if not isinstance(why, Mendable) or promised.tries + 1 >= MOST_TRIES:
            await self._give_up(begun, promised, why)
        else:
            log.info("file_waits", extra={"complaint": document.id, "reason": why.code})

    async def _take(self, document: Document[Complaint], promised: Promised) -> None:
        not_withdrawn(document.state)
        if promised.url is None:
            raise NotNow("its address was lost with the store")
        host = agreed(self.hosts, document.state.publisher, promised.url)
        self.attachments.arrivals.limits.one(promised.size)
        async with self.in_time(), self.fetch(promised.url, host) as body:
            whole = _as_named(body, promised)
            cause = cause_of(document, promised.place)
            await self.attachments.add(document, whole, cause, place=promised.place)

    async def _give_up(
        self, document: Document[Complaint], promised: Promised, why: Refused
    ) -> None:
        cause = cause_of(document, promised.place)

        def judge(
            found: Document[Complaint], under: Circumstances, _draw: int
        ) -> Document[Complaint]:
            return refuse_file(self.complaints, found, promised.place, why, cause, under)

        await self.ask(document.id, judge)


def _begin(
    seen: Promised, document: Document[Complaint], under: Circumstances, _draw: int
) -> Document[Complaint]:
    return begin(document, seen, under)


async def _as_named(body: AsyncIterator[bytes], promised: Promised) -> AsyncIterator[bytes]:
    """Give a file on, piece by piece, as far as it can be the one that was named."""
    digest, size = sha256(), 0
    async for piece in body:
        digest.update(piece)
        size += len(piece)
        if size > promised.size:
            break
        yield piece
    if size != promised.size or digest.hexdigest() != promised.sha256:
        sentence = "What lies at its address is another file than the one that was named."
        raise Refused(422, "wrong_digest", sentence)


def _never(why: str) -> Mendable:
    return Mendable(504, NEVER, f"It was tried {MOST_TRIES} times; the last time, {why}.")
