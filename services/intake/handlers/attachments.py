"""Files beside a report: kept whole or not at all, and shown on record.

What makes a file somebody's is the fact in its complaint's history. Its parts are kept before that,
under a mark that is taken away after it: a mark that stays says that the file may be nobody's.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import IO, NamedTuple, Protocol

from services.intake.domain.acts import attach, not_withdrawn
from services.intake.domain.attachments import (
    LONGEST_PART,
    Attachment,
    Kind,
    Mark,
    parts_of,
    same,
)
from services.intake.domain.complaint import Complaint, Complaints
from services.intake.domain.promises import Place
from services.intake.handlers.arriving import Arrivals, Busy
from services.intake.handlers.locking import new_key, open_part, seal_part
from shared.contracts.attachment import AttachmentAdded
from shared.runtime.asking import Asks, once
from shared.runtime.document import Cause, Circumstances, Document, Refused
from shared.runtime.looking import Look, Looks
from shared.runtime.ports import Away, Shelf, Time
from shared.runtime.timing import micros

KEPT_WITHIN = timedelta(minutes=10)
"""From the mark to the fact: what takes longer is refused, long before the mark is looked into."""
SWEPT_AFTER = timedelta(hours=1)
SWEPT_AT_ONCE = 100


class Viewer(NamedTuple):
    """Who looks, for which agency, and what for (tujuan)."""

    by: str
    agency: str | None
    purpose: str


class Files(Protocol):
    """Where parts of files are kept. Each method raises Away."""

    async def mark(self, mark: Mark) -> None:
        """Note, before its first part is there, that a file may belong to nothing."""

    async def unmark(self, file: str, at: int) -> None:
        """Say that a file belongs to its complaint, unless it was marked again since."""

    async def marked(self, until: int, limit: int) -> list[Mark]:
        """Give what was marked before a time, the oldest first."""

    async def put(self, file: str, nth: int, content: bytes) -> None:
        """Write one part."""

    async def part(self, file: str, nth: int) -> bytes | None:
        """Read one part; None where there is none."""

    async def drop(self, file: str, parts: int) -> None:
        """Delete a file's parts, and then its mark."""


@dataclass(frozen=True, slots=True)
class Attachments:
    """The folder of files beside the reports (berkas lampiran)."""

    complaints: Complaints
    documents: Shelf[Complaint]
    ask: Asks[Complaint]
    arrivals: Arrivals
    files: Files
    looks: Looks
    time: Time

    async def add(
        self,
        document: Document[Complaint],
        body: AsyncIterator[bytes],
        request: Cause,
        *,
        keep_location: bool = False,
        place: Place | None = None,
    ) -> tuple[Document[Complaint], Attachment]:
        """Put a file beside a report; sent again, it is the same one. Raises Refused.

        ``place`` says which of those that its publisher named it is.
        """
        not_withdrawn(document.state)
        arriving = self.arrivals.take(document.id, body, keep_location=keep_location)
        async with arriving as (file, kind):
            said = await asyncio.to_thread(_told, file, kind, place)
            return await self._keep(document, file, said, request)

    async def _keep(
        self, document: Document[Complaint], file: IO[bytes], said: AttachmentAdded, request: Cause
    ) -> tuple[Document[Complaint], Attachment]:
        began, key, stored = self.time.under().now, new_key(), False
        if same(document.state.attachments, said.sha256) is None:
            awaited = len(document.state.promised) if said.named is None else 0
            self.arrivals.limits.room(document.state.attachments, said.size, awaited)
            await self._store(document.id, file, said, key, micros(began))
            stored = True

        def decide(found: Document[Complaint], under: Circumstances) -> Document[Complaint]:
            late = not stored or under.now > began + KEPT_WITHIN
            if late and same(found.state.attachments, said.sha256) is None:
                raise Busy
            limits = self.arrivals.limits
            return attach(self.complaints, found, said, key, limits, request, under)

        judge = once(request.id, said.type, {"sha256": said.sha256}, decide)
        try:
            after = await self.ask(document.id, judge)
        except Refused:
            await self._done_with(said, micros(began), belongs=False)
            raise
        kept = same(after.state.attachments, said.sha256)
        if stored:
            belongs = kept is not None and kept.id == said.attachment
            await self._done_with(said, micros(began), belongs=belongs)
        if kept is None:
            raise _gone()
        return after, kept

    async def _store(
        self, complaint: str, file: IO[bytes], said: AttachmentAdded, key: str, at: int
    ) -> None:
        name, parts = said.attachment, parts_of(said.size)
        await self.files.mark(Mark(name, complaint, at, parts))
        for nth in range(parts):
            file.seek(nth * LONGEST_PART)
            await self.files.put(name, nth, seal_part(key, name, nth, file.read(LONGEST_PART)))

    async def _done_with(self, said: AttachmentAdded, at: int, *, belongs: bool) -> None:
        with suppress(Away):  # the mark stays, and is looked into later
            if belongs:
                await self.files.unmark(said.attachment, at)
            else:
                await self.files.drop(said.attachment, parts_of(said.size))

    async def show(
        self, complaint: str, sees: Callable[[Document[Complaint]], bool]
    ) -> Document[Complaint]:
        """Give a complaint to who may see its files; to others there is none. Raises Refused."""
        document = (await self.documents.load([complaint])).get(complaint)
        if document is None or not document.facts or not sees(document):
            raise Refused(404, "not_found", "There is no such complaint.")
        return document

    async def fetch(
        self, document: Document[Complaint], attachment: str, viewer: Viewer
    ) -> tuple[Attachment, AsyncIterator[bytes]]:
        """Give a file, once it is written down who looks at it. Raises Refused."""
        found = next((each for each in document.state.attachments if each.id == attachment), None)
        if found is None:
            raise Refused(404, "not_found", "This complaint has no such file.")
        first = await self._part(found, 0)
        if first is None:
            raise _gone()
        await self.looks.add(Look(document.id, found.id, *viewer, self.time.under().now))
        return found, self._read(found, first)

    async def _read(self, found: Attachment, part: bytes | None) -> AsyncIterator[bytes]:
        nth, left = 0, found.size
        while part is not None:
            yield part
            nth, left = nth + 1, left - len(part)
            if left <= 0:
                return
            part = await self._part(found, nth)
        raise Away(f"part {nth} of a file is missing")

    async def _part(self, found: Attachment, nth: int) -> bytes | None:
        """Give what is in a part; None where there is none that can be opened."""
        kept = await self.files.part(found.id, nth)
        if kept is not None and found.key is not None:
            return open_part(found.key, found.id, nth, kept)
        whole = min(found.size - nth * LONGEST_PART, LONGEST_PART)
        locked = kept is not None and len(kept) > whole
        return None if locked else kept

    async def give_up(self, document: Document[Complaint]) -> None:
        """Have every file a complaint ever had deleted, unless it belongs to it when that is seen.

        To be called before the fact that erases the reporter, so that no crash leaves one behind.
        """
        now = micros(self.time.under().now)
        for said in (row["data"] for row in document.facts if row["type"] == AttachmentAdded.type):
            parts = parts_of(said["size"])
            await self.files.mark(Mark(said["attachment"], document.id, now, parts))

    async def sweep(self) -> None:
        """Delete marked files that belong to nothing: half-kept, lost, erased. Raises Away."""
        until = micros(self.time.under().now - SWEPT_AFTER)
        marks = await self.files.marked(until, SWEPT_AT_ONCE)
        there = await self.documents.load(sorted({mark.complaint for mark in marks}))
        belong = {each.id for found in there.values() for each in found.state.attachments}
        for mark in marks:
            if mark.file in belong:
                await self.files.unmark(mark.file, mark.at)
            else:
                await self.files.drop(mark.file, mark.parts)


def _told(file: IO[bytes], kind: Kind, place: Place | None) -> AttachmentAdded:
    file.seek(0)
    digest, size = sha256(), 0
    while piece := file.read(LONGEST_PART):
        digest.update(piece)
        size += len(piece)
    return AttachmentAdded(
        **(place._asdict() if place else {}),
        attachment=secrets.token_hex(16),
        media_type=kind.media_type,
        size=size,
        sha256=digest.hexdigest(),
    )


def _gone() -> Refused:
    return Refused(410, "gone", "This file is no longer kept; its complaint still is.")
