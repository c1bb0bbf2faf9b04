"""Files that a publisher named and that are still to be fetched (lampiran yang dijanjikan).

That there are some, and what became of each, are facts. Where they lie is in the document alone:
an address may open a file to whoever reads it. Lost with the store, it comes again with the
submission, or the file is given up in the end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from services.intake.domain.attachments import MOST_ATTACHMENTS, Attachment, Limits
from services.intake.domain.records import Published
from shared.contracts.attachment import (
    AttachmentAdded,
    AttachmentRefused,
    NamedFile,
)
from shared.contracts.fact import Fact, Row, instant
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


class Place(NamedTuple):
    """Which of the named files one is: its place in its record, from 1.

    ``about`` is the fact of that record; none where it is the submission.
    """

    named: int
    about: str | None = None

    @classmethod
    def of(cls, said: AttachmentAdded | AttachmentRefused) -> Place | None:
        """Read it from what became of a file; none where no record named it."""
        return None if said.named is None else cls(said.named, said.about)


class Promised(Struct, frozen=True, omit_defaults=True):
    """One file that is still to be fetched; ``named`` and ``about`` are its place.

    ``tries`` counts those begun: who dies in the middle of one has had it.
    """

    named: int
    fetch_at: datetime
    url: str | None = None
    sha256: str = ""
    media_type: str = ""
    size: int = 0
    tries: int = 0
    about: str | None = None

    @property
    def place(self) -> Place:
        """Say which of the named files it is."""
        return Place(self.named, self.about)


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


def promised(files: int | None, at: datetime, about: str | None = None) -> tuple[Promised, ...]:
    """Promise so many files, of which nothing is known yet."""
    return tuple(Promised(nth, at, about=about) for nth in range(1, (files or 0) + 1))


def promise_more(state: Has, files: int | None, fact: Fact) -> Has:
    """Promise the files that came with an amendment or a reply."""
    if not files:
        return state
    return replace(state, promised=(*state.promised, *promised(files, fact.at, fact.id)))


def room_for(document: Document[Has], files: int, limits: Limits) -> None:
    """Refuse a record with more files than still fit, those awaited counted; raises Refused."""
    state = document.state
    together = len(state.attachments) + len(state.promised) + files
    if together > limits.most:
        raise Refused(
            409,
            "too_many_attachments",
            f"A complaint has {limits.most} files at most; with these it would have {together}, "
            "those on their way counted. Send the record without files, or with fewer.",
            "attachments",
        )
    if sum(files_of(row) for row in document.facts) + files > MOST_ATTACHMENTS:
        raise Refused(
            409,
            "too_many_named",
            f"Of one complaint {MOST_ATTACHMENTS} files can be named, whatever became of them. "
            "Send the record without files, or with fewer.",
            "attachments",
        )


def addressed(state: Has, files: Sequence[NamedFile], about: str | None = None) -> Has:
    """Say of files that one record promised where they lie, unless that is known."""
    where: Mapping[Place, NamedFile] = {
        Place(nth, about): file for nth, file in enumerate(files, 1)
    }
    known = tuple(
        replace(each, **where[each.place].model_dump())
        if each.url is None and each.place in where
        else each
        for each in state.promised
    )
    return state if known == state.promised else replace(state, promised=known)


def hear_file(state: Has, said: AttachmentAdded | AttachmentRefused, fact: Fact) -> Has:
    """Take in what became of a file; one that is there already is not there twice."""
    left = tuple(each for each in state.promised if each.place != Place.of(said))
    state = state if left == state.promised else replace(state, promised=left)
    if isinstance(said, AttachmentRefused):
        return state
    if any(each.id == said.attachment for each in state.attachments):
        return state
    return replace(state, attachments=(*state.attachments, Attachment.of(said, fact)))


def promise_of(state: WithFiles, place: Place) -> Promised | None:
    """Find what is still to be fetched by its place."""
    return next((each for each in state.promised if each.place == place), None)


def begin(document: Document[Has], seen: Promised, under: Circumstances) -> Document[Has]:
    """Count a try before it is made, and say when the next one is; raises Refused.

    Of two that see the same promise, one makes the try.
    """
    state = document.state
    if promise_of(state, seen.place) != seen or seen.fetch_at > under.now:
        raise Refused(409, "not_due", "This file is not to be fetched now.")
    pause = PAUSES[min(seen.tries, len(PAUSES) - 1)]
    begun = replace(seen, tries=seen.tries + 1, fetch_at=under.now + pause)
    promises = tuple(begun if each.place == seen.place else each for each in state.promised)
    return replace(document, state=replace(state, promised=promises))


def cause_of(document: Document[Has], place: Place) -> Cause:
    """Name what brings about that a file is added or refused: its place in what was received."""
    received = document.facts[0]
    row = next((row for row in document.facts if row["id"] == place.about), received)
    return Cause(f"{row['id']}/{place.named}", by=document.state.publisher, trace=row["trace"])


def refuse_file(
    domain: Domain[Has],
    document: Document[Has],
    place: Place,
    why: Refused,
    cause: Cause,
    under: Circumstances,
) -> Document[Has]:
    """Give up a file, once, and say why; where nothing more can be told, without a word."""
    if promise_of(document.state, place) is None:
        return document
    words = why.detail[:LONGEST_WORDS]
    said = AttachmentRefused(**place._asdict(), reason=why.code, words=words)
    try:
        return record(domain, document, [said], cause, under)
    except HistoryFull:
        left = tuple(each for each in document.state.promised if each.place != place)
        return replace(document, state=replace(document.state, promised=left))


def files_of(row: Row) -> int:
    """Say how many files came with what a fact tells."""
    return int(row["data"].get("files", 0))
