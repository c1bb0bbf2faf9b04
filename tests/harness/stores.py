"""A look into the five stores of a node, as nobody but a test has: does every view agree?

Beside the audit, which the product brings: what a test itself was promised (a 201, an accepted
receipt) is looked for here, by other code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from shared.contracts.fact import Pair
from shared.contracts.topics import SERVICES, STREAMS, Carries

Row = dict[str, Any]
ONCE = ("complaint.received.v1", "complaint.verified.v1")
"""Facts a history has at most once."""
PER_TURN = ("complaint.routed.v1", "case.opened.v1", "disposition.declined.v1")
"""Facts a history has at most once per disposition."""
PARTS = {"heard": 1, "facts": 1, "last": 1, "untold": 1, "held": 1, "dirty_at": 1, "astray": 1}


@dataclass
class Views:
    """What each service knows of each complaint, read at one moment."""

    rows: Mapping[str, Mapping[str, Row]]
    contacts: Mapping[str, Pair] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """Count complaints by store; a refused record is none."""
        return {
            service: sum(1 for key in rows if self.has(service, key))
            for service, rows in self.rows.items()
        }

    def has(self, service: str, complaint: str) -> bool:
        """Say whether a service knows a complaint: has facts of it, its own or heard."""
        row = self.rows[service].get(complaint)
        return row is not None and bool(row["facts"] or row["heard"])

    def lacking(self, accepted: Collection[str]) -> list[str]:
        """Say which of these complaints is missing where."""
        return [
            f"{complaint} is missing in {service}"
            for service in self.rows
            for complaint in accepted
            if not self.has(service, complaint)
        ]

    def behind(self) -> Iterator[str]:
        """Say what has not been heard, told, counted or let go yet."""
        for stream in STREAMS.values():
            if stream.carries is not Carries.HISTORY:
                continue
            for complaint, row in self.rows.get(stream.producer, {}).items():
                for reader in stream.readers:
                    yield from self._behind(stream.name, complaint, row["last"], reader)
        for complaint, pair in self.contacts.items():
            yield from self._behind("contacts", complaint, str(pair), "notification")
        for service, rows in self.rows.items():
            for complaint, row in rows.items():
                for mark in ("untold", "dirty_at", "held"):
                    if row.get(mark):
                        yield f"{service} has {complaint} marked {mark}: {row[mark]}"

    def _behind(self, stream: str, complaint: str, last: str, reader: str) -> Iterator[str]:
        if Pair.read(last).sequence == 0 or reader not in self.rows:
            return
        known = self.rows[reader].get(complaint, {}).get("heard", {}).get(stream, [0, 0])
        heard = str(Pair(known[0], known[1]))
        if heard != last:
            yield f"{reader} has heard {stream} of {complaint} up to {heard}, told is {last}"

    def twice(self) -> list[str]:
        """Say what happened twice, or is nobody's."""
        found = []
        known = self.rows["intake"].keys()
        for service, rows in self.rows.items():
            found += [f"{service} has {key}, intake has not" for key in rows.keys() - known]
            for complaint, row in rows.items():
                counted = Counter(_sameness(fact) for fact in row["facts"])
                found += [
                    f"{service} has {what} {times} times in {complaint}"
                    for what, times in counted.items()
                    if times > 1
                ]
        return found


def _sameness(fact: Row) -> str:
    kind = fact["type"]
    if kind in ONCE:
        return kind
    if kind in PER_TURN:
        return f"{kind} of turn {fact['data'].get('turn')}"
    if kind.startswith("notice."):
        return f"{kind} {fact['data'].get('notice')}"
    return f"{kind} by {fact['request'] or fact['cause']}"


class Stores:
    """Reads the databases of a node."""

    def __init__(self, address: str, node: str, services: Collection[str] = SERVICES) -> None:
        """Look at a store; nothing is ever written."""
        self._client: MongoClient[Row] = MongoClient(
            address, serverSelectionTimeoutMS=5_000, socketTimeoutMS=30_000
        )
        self._node, self._services = node, services

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def views(self) -> Views | None:
        """Read everything; nothing while the store is away."""
        try:
            rows = {service: self._rows(service) for service in self._services}
            contacts = self._contacts()
        except PyMongoError:
            return None
        return Views(rows, contacts)

    def row(self, service: str, complaint: str) -> Row:
        """Give one document as it is stored."""
        return self._client[self._name(service)]["complaints"].find_one({"_id": complaint}) or {}

    def quarantine(self) -> dict[str, int]:
        """Count what waits or was passed, by service."""
        return {
            service: sum(
                len(list(self._client[self._name(service)][name].find({}, {"_id": 1})))
                for name in ("waiting", "passed")
            )
            for service in self._services
        }

    def _rows(self, service: str) -> dict[str, Row]:
        found = self._client[self._name(service)]["complaints"].find({}, PARTS)
        return {row["_id"]: row for row in found.batch_size(500)}

    def _contacts(self) -> dict[str, Pair]:
        parts = {"state.contact_epoch": 1, "state.contact_version": 1}
        found = self._client[self._name("intake")]["complaints"].find({}, parts)
        return {
            row["_id"]: Pair(
                row["state"].get("contact_epoch", 0), row["state"].get("contact_version", 0)
            )
            for row in found.batch_size(500)
        }

    def _name(self, service: str) -> str:
        return f"kentongan_{self._node}_{service}"
