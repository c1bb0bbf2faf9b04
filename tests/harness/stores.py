"""A look into the five stores of a node, as nobody but a test has: whether all views agree.

Beside the audit, which the product brings: what a test itself was promised (a 201, an accepted
receipt) is looked for here, by other code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from shared.contracts.fact import Pair
from shared.contracts.topics import SERVICES, STREAMS, Carries

Document = dict[str, Any]
ONCE = ("complaint.received.v1",)
"""Facts a history has at most once."""
PER_TURN = ("complaint.routed.v1", "case.opened.v1", "disposition.declined.v1")
"""Facts a history has at most once per disposition."""
MARKS = ("untold", "dirty_at", "held", "astray")
"""What a document carries while something is still to be done, or went astray."""
PARTS = {
    **dict.fromkeys(("heard", "last", *MARKS), 1),
    **{f"facts.{part}": 1 for part in ("type", "cause", "request", "data.turn", "data.notice")},
    "state.contact_epoch": 1,
    "state.contact_version": 1,
    **{f"state.pending.{part}": 1 for part in ("notice", "audience", "about")},
    **dict.fromkeys(("due_at", "state.agency", "state.owed.merged", "state.owed.stage"), 1),
}
NONE = str(Pair(0, 0))
LIVE, ARCHIVE = "complaints", "archive"


@dataclass(frozen=True, slots=True)
class View:
    """What one service knows of one complaint, as far as a test compares it."""

    last: str
    heard: Mapping[str, str]
    contact: str
    facts: int
    marks: tuple[str, ...]
    repeated: tuple[str, ...]

    @classmethod
    def of(cls, row: Document) -> View:
        """Keep of a document what is compared."""
        state, facts = row.get("state", {}), row.get("facts", ())
        counted = Counter(_sameness(fact) for fact in facts)
        return cls(
            last=row["last"],
            heard={name: str(Pair(*said[:2])) for name, said in row["heard"].items()},
            contact=str(Pair(state.get("contact_epoch", 0), state.get("contact_version", 0))),
            facts=len(facts),
            marks=(
                *(mark for mark in MARKS if row.get(mark)),
                *(f"notice {each['notice']} pending" for each in _sendable(row)),
            ),
            repeated=tuple(what for what, times in counted.items() if times > 1),
        )

    @property
    def knows(self) -> bool:
        """Say whether it has facts, its own or heard; a refused record has none."""
        return bool(self.facts or self.heard)


@dataclass(frozen=True)
class Views:
    """What each service knows of each complaint, read at about one moment."""

    of: Mapping[str, Mapping[str, View]]

    def counts(self) -> dict[str, int]:
        """Count complaints by store."""
        return {
            service: sum(view.knows for view in views.values())
            for service, views in self.of.items()
        }

    def facts(self) -> int:
        """Count the facts that were told."""
        return sum(view.facts for views in self.of.values() for view in views.values())

    def lacking(self, accepted: Collection[str]) -> Iterator[str]:
        """Say which of these complaints is missing where."""
        for service, views in self.of.items():
            for complaint in accepted:
                if complaint not in views or not views[complaint].knows:
                    yield f"{complaint} is missing in {service}"

    def behind(self) -> Iterator[str]:
        """Say what has not been heard, told, counted or let go yet."""
        for stream in STREAMS.values():
            if stream.carries is Carries.HISTORY:
                for complaint, view in self.of.get(stream.producer, {}).items():
                    yield from self._unheard(stream.name, complaint, view.last, stream.readers)
        for complaint, view in self.of["intake"].items():
            yield from self._unheard("contacts", complaint, view.contact, ("notification",))
        for service, views in self.of.items():
            for complaint, view in views.items():
                if view.marks:
                    yield f"{service} has marked {complaint}: {', '.join(view.marks)}"

    def _unheard(
        self, stream: str, complaint: str, last: str, readers: Collection[str]
    ) -> Iterator[str]:
        if last == NONE:
            return
        for reader in readers:
            view = self.of[reader].get(complaint)
            heard = view.heard.get(stream, NONE) if view else NONE
            if heard != last:
                yield f"{reader} has heard {stream} of {complaint} up to {heard}, told is {last}"

    def twice(self) -> Iterator[str]:
        """Say what happened twice, or is nobody's."""
        known = self.of["intake"].keys()
        for service, views in self.of.items():
            yield from (f"{service} has {key}, intake has not" for key in views.keys() - known)
            for complaint, view in views.items():
                if view.repeated:
                    yield f"{service} has twice in {complaint}: {', '.join(view.repeated)}"


def _sendable(row: Document) -> Iterator[Document]:
    """Give the notices that can be sent, or that nothing known keeps from it.

    What is for an agency waits until there is one, and what rests is not due: while its report
    follows another, and of who is asked for a part while the answer stands.
    """
    state = row.get("state", {})
    owed = state.get("owed", {})
    for each in state.get("pending", ()):
        answered = each["about"] == "contribution.asked.v1" and owed.get("stage") != "open"
        rests = (owed.get("merged") or answered) and not row.get("due_at")
        if not rests and (each["audience"] != "agency" or state.get("agency")):
            yield each


def _sameness(fact: Document) -> str:
    """Name what must not happen twice."""
    kind, said = fact["type"], fact.get("data", {})
    if kind in ONCE:
        return str(kind)
    if kind in PER_TURN:
        return f"{kind} of turn {said.get('turn')}"
    if kind.startswith("notice."):
        return f"a notice's end: {said.get('notice')}"
    return f"{kind} by {fact.get('request') or fact['cause']}"


class Stores:
    """Reads the databases of a node; nothing is written but what a test plants."""

    def __init__(self, address: str, node: str) -> None:
        """Look at a store."""
        self._client: MongoClient[Document] = MongoClient(
            address, serverSelectionTimeoutMS=5_000, socketTimeoutMS=60_000
        )
        self._node = node

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def views(self) -> Views | None:
        """Read everything; nothing while the store is away."""
        try:
            return Views({service: dict(self._views(service)) for service in SERVICES})
        except PyMongoError:
            return None

    def document(self, service: str, complaint: str, place: str = LIVE) -> Document:
        """Give one document as it is stored."""
        return self._database(service)[place].find_one({"_id": complaint}) or {}

    def places(self, service: str, complaint: str) -> list[str]:
        """Name the collections in which a complaint lies, the live one first."""
        return [name for name in (LIVE, ARCHIVE) if self.document(service, complaint, name)]

    def plant(self, service: str, row: Document, place: str = LIVE) -> None:
        """Put a row there as another release, or a process that died, would have left it."""
        self._database(service)[place].replace_one({"_id": row["_id"]}, row, upsert=True)

    def indexes(self, service: str, place: str = LIVE) -> dict[str, Any]:
        """Give the indexes of a collection, by name."""
        found: dict[str, Any] = self._database(service)[place].index_information()
        return found

    def spoil_index(self, service: str, field: str, place: str = LIVE, **options: Any) -> None:
        """Have an index lacking, or made with other options, as an older release made it."""
        rows = self._database(service)[place]
        rows.drop_index([(field, 1)])
        if options:
            rows.create_index([(field, 1)], **options)

    def keeping(self, word: str) -> Iterator[str]:
        """Say in which rows of which services' collections a word stands."""
        for service in SERVICES:
            database = self._database(service)
            for name in database.list_collection_names():
                for row in database[name].find({}):
                    if word in str(row):
                        yield f"{service}'s {name} {row['_id']}"

    def note(self, service: str, name: str) -> Document:
        """Give one of the things a service remembers about itself."""
        return self._database(service)["notes"].find_one({"_id": name}) or {}

    def quarantined(self) -> list[str]:
        """List what waits or was passed, by service, with the reason."""
        return [
            f"{service} {name}: {row['_id']} ({row.get('reason')})"
            for service in SERVICES
            for name in ("waiting", "passed")
            for row in self._database(service)[name].find({}, {"reason": 1})
        ]

    def _views(self, service: str) -> Iterator[tuple[str, View]]:
        live = dict(self._rows(service, LIVE))
        yield from ({**dict(self._rows(service, ARCHIVE)), **live}).items()

    def _rows(self, service: str, place: str) -> Iterator[tuple[str, View]]:
        for row in self._database(service)[place].find({}, PARTS).batch_size(1000):
            yield row["_id"], View.of(row)

    def _database(self, service: str) -> Any:
        return self._client[f"kentongan_{self._node}_{service}"]
