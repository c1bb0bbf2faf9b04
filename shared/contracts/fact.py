"""Facts, and the histories that carry them.

A fact is something that happened to one complaint, told by the service that decided it. A history
is every fact one service has told about one complaint, numbered; a message always carries all of
it, so that a later message makes up for every earlier one.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple, NotRequired, TypedDict

from msgspec import Struct
from pydantic import BaseModel, ConfigDict, ValidationError

NAMESPACE = uuid.UUID("5f0c1a52-3f0e-5a5c-9c0b-6b656e746f6e")
"""Under which every name-derived id (UUIDv5) of the platform is made."""
_NAMESPACE_BYTES = NAMESPACE.bytes

LONGEST_FACT = 8 * 1024
"""Bytes of one fact on the wire."""
MOST_FACTS = 200
"""Facts of one history."""
LONGEST_HISTORY = 400 * 1024
"""Bytes of one history on the wire."""
BLANKED = "[dihapus]"
"""What stands where words were redacted; a fact can still be read with it."""
LONGEST_NAME = 1024
"""Characters of each text in a fact's frame: its id, its cause, who decided."""
LOCAL_ID = 13
"""Characters of a fact's id that tell it from the other facts of one complaint (48 bits)."""
_PAIR = re.compile(r"([0-9]{13})-([0-9]{6})")


class Pair(NamedTuple):
    """Where a fact stands in its history: compared as a pair, so a restored line outranks.

    ``epoch`` is the time, in milliseconds since 1970, at which the producer's store was last put
    back from a backup when the fact was made; 0 if never. ``sequence`` counts from 1.
    """

    epoch: int
    sequence: int

    def __str__(self) -> str:
        return _text(self)

    @classmethod
    def read(cls, text: str) -> Pair:
        """Read the text form; raise ValueError where it is none."""
        found = _PAIR.fullmatch(text)
        if found is None:
            raise ValueError(f"{text[:40]!r} is not <13 digits>-<6 digits>")
        return cls(int(found[1]), int(found[2]))


@lru_cache(maxsize=1024)
def _text(pair: Pair) -> str:
    """Write a pair once: nearly every history has one of the first few."""
    return f"{pair.epoch:013d}-{pair.sequence:06d}"


NOTHING = Pair(0, 0)
"""Below every fact."""


class Row(TypedDict):
    """A fact as it is stored and as it goes over the wire."""

    id: str
    pair: list[int]
    type: str
    at: str
    cause: str
    request: str | None
    by: str | None
    trace: str | None
    data: dict[str, Any]
    redacted: NotRequired[list[str]]
    """Fields of ``data`` that were blanked, because they named a person who was erased."""


class Payload(BaseModel):
    """What a fact says beyond that it happened. Readers ignore fields they do not know."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    type: ClassVar[str]
    """Wire name with its major version: ``complaint.received.v1``."""
    inner: ClassVar[str | None] = None
    """The field with words of officers to officers: every erasure blanks it, unnamed."""
    blanks: ClassVar[Mapping[str, str | None]] = {}
    """By field, what is left of it once blanked, where ``BLANKED`` could not be read."""


class Redaction(BaseModel):
    """One field of one fact that must be forgotten, by stream and pair."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    stream: str
    pair: Pair
    field: str


ERASABLE: Mapping[str, frozenset[str]] = {
    "dispositions": frozenset({"words", "note"}),
    "cases": frozenset({"text", "reason", "note"}),
}
"""By stream, the fields in which an officer may have named the reporter."""


class UnreadableFact(ValueError):
    """A fact of a known type, or a history, that cannot be read."""


class Fact(Struct, frozen=True, omit_defaults=True):
    """One fact, read.

    ``cause`` is what brought it about: the id of another fact, a request, or a clock. ``id`` is
    derived from it, so that a fact made again after a restore is recognised. ``data`` is None
    where the reader does not know the type. ``by`` says who decided, ``trace`` is the W3C
    traceparent of the request it all began with.
    """

    id: str
    pair: Pair
    type: str
    at: datetime
    cause: str
    request: str | None
    by: str | None
    trace: str | None
    data: Payload | None

    def said(self, field: str) -> Any:  # noqa: ANN401
        """Give a field that not every kind of fact has; None where this one has none.

        Many are asked of each fact, and for ``getattr`` pydantic would word an error every time.
        """
        return None if self.data is None else self.data.__dict__.get(field)


def fact_id(complaint: str, kind: str, cause: str, nth: int = 0) -> str:
    """Derive a fact's id from its cause; ``nth`` tells apart facts of one type and cause."""
    return name_uuid(f"{complaint}/{kind}/{cause}/{nth}")


def name_uuid(name: str) -> str:
    """Give the UUIDv5 (RFC 9562) of a name, by the shortest way: it is made for every message."""
    digest = hashlib.sha1(_NAMESPACE_BYTES + name.encode(), usedforsecurity=False).hexdigest()
    variant = "89ab"[int(digest[16], 16) & 3]
    return f"{digest[:8]}-{digest[8:12]}-5{digest[13:16]}-{variant}{digest[17:20]}-{digest[20:32]}"


@lru_cache(maxsize=4096)
def instant(moment: datetime) -> str:
    """Write a moment as UTC with milliseconds: every such text sorts by time.

    Written once, for many ask for the same: a batch has one moment, a complaint a few.
    """
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def as_told(moment: datetime) -> datetime:
    """Give a moment as its text has it, so that a state follows from the facts that are told."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def read_fact(row: Mapping[str, Any], known: Mapping[str, type[Payload]]) -> Fact:
    """Read one fact; raise UnreadableFact where its frame, or a known type's data, is broken."""
    try:
        kind = _named(row["type"])
        payload = known.get(kind)
        epoch, sequence = row["pair"]
        return Fact(
            id=_named(row["id"]),
            pair=Pair(int(epoch), int(sequence)),
            type=kind,
            at=_moment(row["at"]),
            cause=_named(row["cause"]),
            request=_perhaps(row.get("request")),
            by=_perhaps(row.get("by")),
            trace=_perhaps(row.get("trace")),
            data=payload.model_validate(row["data"]) if payload else None,
        )
    except ValidationError as broken:
        first = broken.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UnreadableFact(f"{row.get('type')}: {where}: {first['msg']}") from None
    except (KeyError, TypeError, ValueError, AttributeError) as broken:
        raise UnreadableFact(f"a fact's frame is broken: {type(broken).__name__}") from None


def _named(said: object) -> str:
    if isinstance(said, str) and 0 < len(said) <= LONGEST_NAME:
        return said
    raise ValueError(f"not a text of 1 to {LONGEST_NAME} characters")


def _perhaps(said: object) -> str | None:
    return said if said is None or said == "" else _named(said)


def _moment(said: str) -> datetime:
    at = datetime.fromisoformat(said)
    if at.tzinfo is None:
        raise ValueError("a time without a zone is a different moment to every reader")
    return at


def last_pair(rows: Sequence[Row]) -> Pair:
    """Give the pair of the newest fact of a history, NOTHING of an empty one."""
    return Pair(*rows[-1]["pair"]) if rows else NOTHING


def rows_above(rows: Sequence[Any], heard: Pair) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of a history that lie above what was heard; raise UnreadableFact."""
    previous = NOTHING
    for row in rows:
        try:
            epoch, sequence = row["pair"]
            pair = Pair(int(epoch), int(sequence))
        except (KeyError, TypeError, ValueError):
            raise UnreadableFact("a fact of the history has no pair") from None
        if pair <= previous:
            raise UnreadableFact("the history is not in order")
        previous = pair
        if pair > heard:
            yield row
