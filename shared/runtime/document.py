"""One document per complaint and service: its state, what it heard, what it tells.

Pure. Every change, whether by what another service told, by a person's request or by the clock,
gives a new document that takes one guarded write.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from shared.contracts.fact import (
    LONGEST_FACT,
    LONGEST_HISTORY,
    MOST_FACTS,
    NOTHING,
    Fact,
    Pair,
    Payload,
    Row,
    as_told,
    fact_id,
    instant,
    last_pair,
)
from shared.runtime.measuring import length, together
from shared.runtime.redacting import redacted

State = TypeVar("State")

SURELY_FIT = LONGEST_HISTORY // LONGEST_FACT
"""Facts that need no measuring together, however long each is: nearly every history has fewer."""
BYTES = "A letter from a to z is one byte; letters of other scripts and signs are two to four."


class HistoryFull(Exception):
    """A history has no room left for what would be told."""


class Refused(Exception):
    """A request is turned away; nothing has changed.

    ``status`` is an HTTP status, ``code`` names the reason for machines, ``field`` the part of
    the request that is wrong.
    """

    def __init__(self, status: int, code: str, detail: str, field: str | None = None) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.field = status, code, detail, field


class FactTooLong(Refused):
    """One fact would be so many bytes longer than a fact may be."""

    def __init__(self, over: int) -> None:
        said = f"Shorten the text: with all that comes with it, it is {over:,} bytes too long."
        super().__init__(422, "too_long", f"{said} {BYTES}", "text")


class Heard(Struct, frozen=True, omit_defaults=True):
    """How far one stream was folded, and which facts: those of a restored line are recognised."""

    pair: Pair = NOTHING
    ids: tuple[str, ...] = ()


class Held(Struct, frozen=True, omit_defaults=True):
    """A stream that waits for one complaint: the newest pair in quarantine, and why."""

    pair: Pair
    reason: str


class Document(Struct, Generic[State], frozen=True, omit_defaults=True):
    """What one service knows of one complaint.

    ``version`` guards every write; ``revision`` counts what an officer can see and is what
    ``If-Match`` carries. ``untold`` and ``changed_at`` are microseconds since 1970. ``dirty``
    names other documents to compute again. ``astray`` lists, by stream, facts that were heard and
    that the restored line of their producer lacks. ``archived`` says that it was found in the
    archive, and is not stored.
    """

    id: str
    state: State
    schema: int = 1
    version: int = 0
    revision: int = 0
    heard: Mapping[str, Heard] = field(default_factory=dict)
    facts: tuple[Row, ...] = ()
    untold: int | None = None
    held: Mapping[str, Held] = field(default_factory=dict)
    dirty: tuple[str, ...] = ()
    astray: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    changed_at: int = 0
    archived: bool = False

    @property
    def expected(self) -> int:
        """Give the version that its next write finds live: of an archived document, none."""
        return 0 if self.archived else self.version

    @property
    def last(self) -> Pair:
        """The pair of the newest fact told."""
        return last_pair(self.facts)

    def answered(self, request: str) -> Row | None:
        """Find the last fact that a request caused, if it was judged before."""
        return next((row for row in reversed(self.facts) if row["request"] == request), None)

    @property
    def mark(self) -> str:
        """Name the history as it stands: its last pair, and how much of it was redacted."""
        redacted = sum(len(row.get("redacted", ())) for row in self.facts)
        return f"{self.last}/{redacted}" if redacted else str(self.last)


class Domain(Protocol[State]):
    """What one service makes of facts. Pure; total over facts heard."""

    @property
    def stream(self) -> str:
        """What it tells; also how a redaction names its facts."""

    @property
    def schema(self) -> int:
        """The shape of its documents."""

    @property
    def known(self) -> Mapping[str, type[Payload]]:
        """Every fact type it can read, heard or its own."""

    def begin(self, complaint: str) -> State:
        """Give the state of a complaint of which nothing is known."""

    def fold(self, state: State, fact: Fact) -> State:
        """Take in one fact, heard or its own."""

    def react(self, state: State, fact: Fact, now: datetime) -> Iterable[Payload]:
        """Say what this service decides because of a fact it heard; ``state`` has it folded."""

    def dirties(self, before: State, after: State) -> Iterable[str]:
        """Name the other documents that a change of state makes stale."""


class Circumstances(Struct, frozen=True, omit_defaults=True):
    """What a decision is made under: the time, and the epoch of the store."""

    now: datetime
    epoch: int = 0


class Cause(Struct, frozen=True, omit_defaults=True):
    """What brings facts about: a fact heard, a request or a clock; ``named``: by who asks."""

    id: str
    request: str | None = None
    by: str | None = None
    trace: str | None = None
    named: bool = True


def blank(domain: Domain[State], complaint: str) -> Document[State]:
    """Give the document of a complaint of which nothing is known; version 0 is not stored."""
    return Document(id=complaint, state=domain.begin(complaint), schema=domain.schema)


def record(
    domain: Domain[State],
    document: Document[State],
    payloads: Iterable[Payload],
    cause: Cause,
    under: Circumstances,
) -> Document[State]:
    """Lengthen the history by facts and fold them; one made before is recognised by its id.

    Raises HistoryFull or FactTooLong, and then nothing has changed.
    """
    state, rows = document.state, list(document.facts)
    made = {row["id"] for row in rows}
    at = as_told(under.now)
    why = (cause.id, cause.request, cause.by, cause.trace)
    counts: dict[str, int] = {}
    for payload in payloads:
        nth = counts[payload.type] = counts.get(payload.type, -1) + 1
        identity = fact_id(document.id, payload.type, cause.id, nth)
        if identity in made:
            continue
        if len(rows) >= MOST_FACTS:
            raise HistoryFull(f"the history already has {MOST_FACTS} facts")
        pair = Pair(under.epoch, last_pair(rows).sequence + 1)
        fact = Fact(identity, pair, payload.type, at, *why, payload)
        rows.append(_row(fact, payload))
        state = domain.fold(state, fact)
        rows = list(redacted(domain.stream, domain.known, rows, payload))
    if len(rows) == len(document.facts):
        return document
    if len(rows) > SURELY_FIT and together(rows) > LONGEST_HISTORY:
        raise HistoryFull(f"the history would be longer than {LONGEST_HISTORY} bytes")
    return replace(document, state=state, facts=tuple(rows))


def _row(fact: Fact, payload: Payload) -> Row:
    row = Row(
        id=fact.id,
        pair=list(fact.pair),
        type=fact.type,
        at=instant(fact.at),
        cause=fact.cause,
        request=fact.request,
        by=fact.by,
        trace=fact.trace,
        data=payload.model_dump(mode="json", exclude_none=True),
    )
    if (over := length(row) - LONGEST_FACT) > 0:
        raise FactTooLong(over)
    return row


def fill(document: Document[Any]) -> float:
    """Say how full the history is, 0 to 1, by the fuller of its two bounds."""
    return max(len(document.facts) / MOST_FACTS, together(document.facts) / LONGEST_HISTORY)


def changed(
    domain: Domain[State], before: Document[State], after: Document[State], *, marked: bool, at: int
) -> Document[State]:
    """Make a change ready to be written: version, revision, marks.

    ``marked`` says that no offset brings this change back (a request, the clock): it stays marked
    as untold until it was told.
    """
    seen = after.state != before.state
    dirty = (*after.dirty, *(domain.dirties(before.state, after.state) if seen else ()))
    return replace(
        after,
        version=before.version + 1,
        revision=before.revision + seen,
        schema=domain.schema,
        untold=(before.untold or at) if marked else before.untold,
        dirty=tuple(dict.fromkeys(dirty)),
        changed_at=max(at, before.changed_at + 1),
        archived=False,
    )
