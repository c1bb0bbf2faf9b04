"""Closed documents that nobody has changed for long lie in an archive, and come back to be changed.

A document moves by an insert there and a guarded delete here. To be changed it is inserted here
again, one version on; its copy there goes later. Where both have it, the live one wins. So whatever
is looked for here first and there second is found, wherever a process has died.

One thing rests on time alone: nobody takes as long between reading a document and writing it as a
document lies unchanged before it is moved, which is a day at least (decision 0043).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Generic, Protocol

from msgspec import Struct
from msgspec.structs import replace

from shared.runtime.document import Document, State
from shared.runtime.ports import Change, Documents, Tally, Time, Written
from shared.runtime.shapes import newer
from shared.runtime.timing import micros

EVERY = 60.0
"""Seconds between two looks for what may be archived."""
PAGE = 200
MOST_PAGES = 5
"""Pages of one look, so that the lease is kept."""
LEFT_ALONE = timedelta(hours=1)
"""How long a copy is left that may lie here too: whoever looks here and then there finds it."""
OVER_AGAIN = timedelta(days=1)
"""How often what was passed over is looked at again."""


class Copy(Struct, frozen=True):
    """A document in the archive that may be live too. ``loose`` is since when, in microseconds."""

    id: str
    version: int
    loose: int


class Live(Documents[State], Protocol[State]):
    """Where documents are live. Each method raises Away."""

    async def remove(self, resting: Sequence[Document[State]]) -> None:
        """Delete documents that are still of this version, and not to be told."""


class Archive(Protocol[State]):
    """Where documents lie that are closed. Each method raises Away."""

    async def load(self, ids: Sequence[str]) -> dict[str, Document[State]]:
        """Read documents by id, in one query."""

    async def changed(self, since: int, until: int, limit: int) -> list[Document[State]]:
        """Give documents by ``changed_at`` in [since, until), oldest first."""

    async def taken(self, new: Sequence[Document[State]]) -> dict[str, str]:
        """Say of which new documents a unique value stands here, and why they cannot have it."""

    async def put(self, documents: Sequence[Document[State]], at: int) -> None:
        """Insert documents, or put them in the place of older copies; each is loose then."""

    async def loosen(self, returning: Sequence[Change[State]]) -> None:
        """Mark the copies of documents that are about to return as loose."""

    async def loose(self, until: int, limit: int) -> list[Copy]:
        """Give copies that have been loose since before a time, oldest first."""

    async def settle(self, copies: Sequence[Copy]) -> None:
        """Take the mark from copies that are still marked so."""

    async def drop(self, copies: Sequence[Copy]) -> None:
        """Delete copies that are still of this version, and marked so."""


@dataclass(frozen=True, slots=True)
class Archived(Generic[State]):
    """Documents, live or archived: what the live ones lack is looked for in the archive."""

    live: Live[State]
    archive: Archive[State]
    tally: Tally = field(default_factory=Tally)

    async def load(self, ids: Sequence[str]) -> dict[str, Document[State]]:
        """Read documents by id: in one query the live ones, in one more what these lack."""
        found = await self.live.load(ids)
        if lacking := [each for each in ids if each not in found]:
            archived = await self.archive.load(lacking)
            found |= {key: replace(each, archived=True) for key, each in archived.items()}
        return found

    async def write(self, changes: Sequence[Change[State]]) -> Written:
        """Write each change under its guard; one of an archived document brings it back."""
        returning = [each for each in changes if each.returns]
        if returning:
            await self.archive.loosen(returning)
        new = [each.document for each in changes if not (each.expected or each.returns)]
        taken = await self.archive.taken(new) if new else {}
        left = [each for each in changes if each.document.id not in taken]
        written = await self.live.write(left) if left else Written(complete=True)
        if written.complete:
            self.tally.returned += len(returning)
        return replace(
            written,
            complete=written.complete and not taken,
            refused={**written.refused, **taken},
        )

    async def untold(self, until: int, limit: int) -> list[Document[State]]:
        """Give the oldest documents marked as untold; none of them is archived."""
        return await self.live.untold(until, limit)

    async def oldest_untold(self) -> int | None:
        """Give the time of the oldest mark, in microseconds."""
        return await self.live.oldest_untold()

    async def unmark(self, told: Sequence[Document[State]]) -> None:
        """Take the mark from documents whose history is still as long as it was told."""
        await self.live.unmark(told)

    async def changed(self, since: int, until: int, limit: int) -> list[Document[State]]:
        """Give live documents by ``changed_at`` in [since, until), oldest first."""
        return await self.live.changed(since, until, limit)

    async def archived(self, since: int, until: int, limit: int) -> list[Document[State]]:
        """Give the archive by ``changed_at``; some of it may be live again, in a later version."""
        return await self.archive.changed(since, until, limit)


@dataclass(slots=True)
class Archivist(Generic[State]):
    """Moves what is closed and lay unchanged for ``age``, oldest first, in bounded pages."""

    documents: Archived[State]
    closed: Callable[[State], bool]
    age: timedelta
    time: Time
    tally: Tally
    left_alone: timedelta = LEFT_ALONE
    _since: int = 0
    _begun: int = 0

    async def look(self) -> None:
        """Clear up what earlier moves have left; then move some pages, from where the last ended.

        Whatever comes of age does so behind the rest, so only once in a while is there anything to
        find before: what still had to be told then, or was held.
        """
        for _ in range(MOST_PAGES):
            if await self.resolve() < PAGE:
                break
        now = self.time.under().now
        until = micros(now - self.age)
        if micros(now - OVER_AGAIN) > self._begun:
            self._since, self._begun = 0, micros(now)
        for _ in range(MOST_PAGES):
            page = await self.documents.changed(self._since, until, PAGE)
            if page:
                await self.move(page)
                self._since = page[-1].changed_at + 1
            if len(page) < PAGE:
                return

    async def move(self, page: Sequence[Document[State]]) -> None:
        """Move what may rest: into the archive, and then, under its guard, out of here."""
        resting = [each for each in page if self.rests(each)]
        if resting:
            await self.documents.archive.put(resting, micros(self.time.under().now))
            await self.documents.live.remove(resting)
            self.tally.archived += len(resting)

    def rests(self, document: Document[Any]) -> bool:
        """Say whether a document is closed, and nothing waits to be done with it."""
        waits = document.untold is not None or document.held or document.dirty
        return not waits and newer(document) is None and self.closed(document.state)

    async def resolve(self) -> int:
        """Look at copies that may be live too: in the end a document lies in one place.

        Gives how many there were, of one page.
        """
        until = micros(self.time.under().now - self.left_alone)
        copies = await self.documents.archive.loose(until, PAGE)
        if not copies:
            return 0
        live = await self.documents.live.load([each.id for each in copies])
        alone = [each for each in copies if each.id not in live]
        unmoved = [each for each in copies if each.id in live and _same(each, live[each.id])]
        stale = [each for each in copies if each.id in live and not _same(each, live[each.id])]
        if alone:
            await self.documents.archive.settle(alone)
        if unmoved:  # whoever moved it died between the two steps
            await self.documents.live.remove([live[each.id] for each in unmoved])
        if stale:
            await self.documents.archive.drop(stale)
        return len(copies)


def _same(copy: Copy, live: Document[Any]) -> bool:
    return copy.version == live.version
