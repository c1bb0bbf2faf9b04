"""What the deciding parts need of the world; production and the simulation each provide it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol

from msgspec import Struct, field

from shared.contracts.envelope import Headers
from shared.contracts.fact import Pair
from shared.runtime.document import Circumstances, Document, State
from shared.runtime.folding import Told


class Away(Exception):
    """The store or the bus does not answer; what was asked of it may or may not have happened."""


class Record(Struct, frozen=True, omit_defaults=True):
    """One record of the bus, unread. ``timestamp`` is milliseconds since 1970.

    ``fault`` says why it could not be decoded; then nothing but its place is known.
    """

    topic: str
    partition: int
    offset: int
    key: bytes | None
    headers: Sequence[tuple[str, bytes | None]]
    value: bytes | None
    timestamp: int = 0
    fault: str | None = None


class Message(Struct, frozen=True, omit_defaults=True):
    """One record to be told."""

    topic: str
    key: bytes
    headers: Headers
    value: bytes | None


class Change(Struct, Generic[State], frozen=True, omit_defaults=True):
    """A guarded write: an insert where ``expected`` is 0, else an update of that version."""

    document: Document[State]
    expected: int

    @property
    def returns(self) -> bool:
        """Say whether it brings a document back from the archive."""
        return self.expected == 0 and self.document.version > 1


class Written(Struct, frozen=True, omit_defaults=True):
    """What a write did. ``refused`` gives, by document, why the store will never take it."""

    complete: bool
    refused: Mapping[str, str] = field(default_factory=dict)


class Passed(Struct, frozen=True, omit_defaults=True):
    """A record without a readable envelope, kept and passed."""

    record: Record
    reason: str


class Dirt(Struct, frozen=True):
    """What a document has made stale, and when in microseconds; a later change has a later time."""

    id: str
    at: int
    names: tuple[str, ...]


class Documents(Protocol[State]):
    """The documents of one service. Each method raises Away."""

    async def load(self, ids: Sequence[str]) -> dict[str, Document[State]]:
        """Read documents by id, in one query."""

    async def write(self, changes: Sequence[Change[State]]) -> Written:
        """Write each change under its guard, unordered, durably."""

    async def untold(self, until: int, limit: int) -> list[Document[State]]:
        """Give the oldest documents marked as untold up to a time in microseconds."""

    async def oldest_untold(self) -> int | None:
        """Give the time of the oldest mark, in microseconds."""

    async def unmark(self, told: Sequence[Document[State]]) -> None:
        """Take the mark from documents whose history is still as long as it was told."""

    async def changed(self, since: int, until: int, limit: int) -> list[Document[State]]:
        """Give documents by ``changed_at`` in [since, until), oldest first."""

    async def archived(self, since: int, until: int, limit: int) -> list[Document[State]]:
        """Give the archive by ``changed_at``; some of it may be live again, in a later version."""


class Shelf(Protocol[State]):
    """Where a service's handlers find documents. Each method raises Away."""

    async def load(self, ids: Sequence[str]) -> dict[str, Document[State]]:
        """Read documents by id, in one query."""

    async def window(
        self, field: str, low: str | int, high: str | int, limit: int
    ) -> list[Document[State]]:
        """Read [low, high) of an index, in its order."""


class Quarantine(Protocol):
    """What waits: one history per complaint and stream. Each method raises Away."""

    async def keep(self, waiting: Sequence[tuple[Told, str]]) -> None:
        """Keep histories with the reason; each replaces one whose pair is not higher."""

    async def pass_by(self, passed: Sequence[Passed]) -> None:
        """Keep records without a readable envelope, by topic, partition and offset."""

    async def waiting(self, since: int, until: int, limit: int) -> list[tuple[int, Told]]:
        """Give what has waited since a time in [since, until) in microseconds, oldest first."""

    async def drop(self, complaint: str, stream: str, pair: Pair) -> None:
        """Delete what waits, if it is still of this pair."""


class Bus(Protocol):
    """Where messages are told."""

    async def send(self, messages: Sequence[Message]) -> Sequence[Message]:
        """Send, and give back those that were not acknowledged; raises Away."""


class Notes(Protocol):
    """Small things a service remembers about itself. Each method raises Away."""

    async def read(self, name: str) -> dict[str, Any] | None:
        """Read a note."""

    async def write(self, name: str, note: dict[str, Any]) -> None:
        """Write a note."""


class Time(Protocol):
    """The wall clock, and patience."""

    def under(self) -> Circumstances:
        """Give the time now and the epoch of the store."""

    async def pause(self, seconds: float) -> None:
        """Let time pass."""


@dataclass(slots=True)
class Tally:
    """What a process has done since it started; shown as Prometheus figures."""

    heard: int = 0
    repeats: int = 0
    conflicts: int = 0
    held: int = 0
    passed: int = 0
    unadopted: int = 0
    told: int = 0
    resent: int = 0
    accepted: int = 0
    refused: int = 0
    answered_again: int = 0
    archived: int = 0
    returned: int = 0
