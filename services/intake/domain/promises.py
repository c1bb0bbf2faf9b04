"""Files that a publisher named and that are still to be fetched (lampiran yang dijanjikan).

That there are some, and what became of each, are facts. Where they lie is in the document alone:
an address may open a file to whoever reads it. Lost with the store, it comes again with the
submission, or the file is given up in the end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from services.intake.domain.attachments import Attachment
from services.intake.domain.records import Published
from shared.contracts.attachment import (
    AttachmentAdded,
    AttachmentRefused,
    FileProgress,
    NamedFile,
)
from shared.contracts.fact import Fact, instant
from shared.runtime.document import (
    Cause,
    Circumstances,
    Document,
    Domain,
    HistoryFull,
    Refused,
    record,
)

Has = TypeVar("Has", bound="WithFiles")

PAUSES = tuple(timedelta(minutes=each) for each in (1, 5, 20, 60, 180, 360, 720))
"""How long after a try the next one is; after the last, once more."""
MOST_TRIES = len(PAUSES) + 1
LONGEST_WORDS = 200


class Promised(Struct, frozen=True, omit_defaults=True):
    """One file that is still to be fetched; ``named`` is its place in the submission, from 1.

    ``tries`` counts those begun: who dies in the middle of one has had it.
    """

    named: int
    fetch_at: datetime
    url: str | None = None
    sha256: str = ""
    media_type: str = ""
    size: int = 0
    tries: int = 0


class WithFiles(Published, frozen=True, omit_defaults=True):
    """What lies beside a report, and what is still to be fetched from its publisher."""

    attachments: tuple[Attachment, ...] = ()
    promised: tuple[Promised, ...] = ()

    @property
    def fetch_at(self) -> datetime | None:
        """Say when the next of its files is to be fetched."""
        return min((each.fetch_at for each in self.promised), default=None)

    @property
    def fetch(self) -> str | None:
        """Place it in the order in which files are fetched."""
        at = self.fetch_at
        return None if at is None else in_order(self.publisher or "", at)


def in_order(publisher: str, at: datetime) -> str:
    """Order what is to be fetched by its publisher, and then by time.

    So each publisher has a queue of its own, and a long one keeps no other waiting.
    """
    return f"{publisher}/{instant(at)}"


def promised(files: int | None, at: datetime) -> tuple[Promised, ...]:
    """Promise so many files, of which nothing is known yet."""
    return tuple(Promised(named, at) for named in range(1, (files or 0) + 1))


def addressed(state: Has, files: Sequence[NamedFile]) -> Has:
    """Say of promised files where they lie, unless that is known."""
    where: Mapping[int, NamedFile] = dict(enumerate(files, 1))
    known = tuple(
        replace(each, **where[each.named].model_dump())
        if each.url is None and each.named in where
        else each
        for each in state.promised
    )
    return state if known == state.promised else replace(state, promised=known)


def hear_file(state: Has, said: AttachmentAdded | AttachmentRefused, fact: Fact) -> Has:
    """Take in what became of a file; one that is there already is not there twice."""
    left = tuple(each for each in state.promised if each.named != said.named)
    state = state if left == state.promised else replace(state, promised=left)
    if isinstance(said, AttachmentRefused):
        return state
    if any(each.id == said.attachment for each in state.attachments):
        return state
    return replace(state, attachments=(*state.attachments, Attachment.of(said, fact)))


def promise_of(state: WithFiles, named: int) -> Promised | None:
    """Find what is still to be fetched by its place in the submission."""
    return next((each for each in state.promised if each.named == named), None)


def begin(document: Document[Has], seen: Promised, under: Circumstances) -> Document[Has]:
    """Count a try before it is made, and say when the next one is; raises Refused.

    Of two that see the same promise, one makes the try.
    """
    state = document.state
    if promise_of(state, seen.named) != seen or seen.fetch_at > under.now:
        raise Refused(409, "not_due", "This file is not to be fetched now.")
    pause = PAUSES[min(seen.tries, len(PAUSES) - 1)]
    begun = replace(seen, tries=seen.tries + 1, fetch_at=under.now + pause)
    promises = tuple(begun if each.named == seen.named else each for each in state.promised)
    return replace(document, state=replace(state, promised=promises))


def cause_of(document: Document[Has], named: int) -> Cause:
    """Name what brings about that a file is added or refused: its place in what was received."""
    received = document.facts[0]
    return Cause(f"{received['id']}/{named}", by=document.state.publisher, trace=received["trace"])


def refuse_file(
    domain: Domain[Has],
    document: Document[Has],
    named: int,
    why: Refused,
    cause: Cause,
    under: Circumstances,
) -> Document[Has]:
    """Give up a file, once, and say why; where nothing more can be told, without a word."""
    if promise_of(document.state, named) is None:
        return document
    said = AttachmentRefused(named=named, reason=why.code, words=why.detail[:LONGEST_WORDS])
    try:
        return record(domain, document, [said], cause, under)
    except HistoryFull:
        left = tuple(each for each in document.state.promised if each.named != named)
        return replace(document, state=replace(document.state, promised=left))


def progress_of(document: Document[Has]) -> tuple[FileProgress, ...] | None:
    """Say what became of each file that the submission names; nothing where it names none."""
    files = document.facts[0]["data"].get("files") if document.facts else None
    if files is None:
        return None
    ended = {
        row["data"]["named"]: row["data"]
        for row in document.facts
        if row["type"] in (AttachmentAdded.type, AttachmentRefused.type) and "named" in row["data"]
    }
    return tuple(_progress(document.state, ended.get(each), each) for each in range(1, files + 1))


def _progress(state: WithFiles, ended: Mapping[str, Any] | None, named: int) -> FileProgress:
    if ended is None:
        awaited = promise_of(state, named) is not None
        return FileProgress(named=named, outcome="awaited" if awaited else "dropped")
    if "reason" in ended:
        why = {"reason": ended["reason"], "words": ended["words"]}
        return FileProgress(named=named, outcome="refused", **why)
    there = any(each.id == ended["attachment"] for each in state.attachments)
    return FileProgress(named=named, outcome="kept" if there else "dropped")
