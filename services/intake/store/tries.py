"""Counts of wrong PINs and of what is asked for, shared by all processes and readable by nobody.

A row is named by a keyed digest and says how many since when. Each one more adds to it by ``_id``,
whoever else does at that moment; rows go by themselves once they say nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pymongo import DeleteOne, UpdateOne
from pymongo.errors import BulkWriteError

from services.intake.domain.tries import Count, Line, Wrong
from shared.runtime.store.driver import Collection, answering, index

TAKEN = 11000
"""How the store says that another has made the row in this very moment."""


class Counts:
    """The counts of one node. Each method raises Away."""

    def __init__(self, rows: Collection) -> None:
        """Keep counts in a collection."""
        self._rows = rows

    async def prepare(self) -> None:
        """Make the index by which rows go."""
        await index(self._rows, "until", expireAfterSeconds=0)

    async def read(self, names: Sequence[str], whose: str | None = None) -> Mapping[str, Count]:
        """Read counts, with the turn that somebody has, in one query."""
        parts = {"wrong": 1, "since": 1, **({f"turns.{whose}": 1} if whose else {})}
        async with answering():
            rows = await self._rows.find({"_id": {"$in": list(names)}}, parts).to_list(None)
        return {
            row["_id"]: Count(row["wrong"], row["since"], row.get("turns", {}).get(whose or ""))
            for row in rows
        }

    async def add(self, wrong: Sequence[Wrong]) -> None:
        """Count wrong PINs, durably, in one write."""
        left = [operation for each in wrong for operation in _operations(each)]
        while left:
            left = left[await self._write(left) :]

    async def line(self, name: str) -> Line | None:
        """Read who has turns at a number."""
        async with answering():
            row = await self._rows.find_one({"_id": name})
        if row is None:
            return None
        return Line(row["wrong"], row["since"], row["version"], row.get("turns", {}))

    async def give(self, name: str, seen: Line, turns: Mapping[str, float], until: float) -> bool:
        """Write who has turns, unless something was counted or given meanwhile."""
        guard = {"_id": name, "wrong": seen.wrong, "version": seen.version}
        change = {"$set": {"turns": dict(turns), "version": seen.version + 1}}
        async with answering():
            done = await self._rows.update_one(guard, {**change, "$max": {"until": _date(until)}})
        return bool(done.matched_count)

    async def _write(self, operations: list[Any]) -> int:
        """Write in order; say how many were, up to one that another's stood in the way of."""
        async with answering():
            try:
                await self._rows.bulk_write(operations, ordered=True)
            except BulkWriteError as partly:
                errors = partly.details.get("writeErrors") or [{}]
                if errors[0].get("code") != TAKEN:
                    raise
                return int(errors[0]["index"])
        return len(operations)


def _operations(wrong: Wrong) -> Sequence[Any]:
    """Add one to a row, or begin it; where none of it counts any more, the old one goes first."""
    change: dict[str, Any] = {
        "$inc": {"wrong": 1},
        "$setOnInsert": {"since": wrong.at, "version": 0},
        "$max": {"until": _date(wrong.until)},
    }
    if wrong.whose is not None and wrong.seen.turn is not None:
        change["$unset"] = {f"turns.{wrong.whose}": ""}
    old = [DeleteOne({"_id": wrong.name, "since": wrong.seen.since})] if wrong.anew else []
    return [*old, UpdateOne({"_id": wrong.name}, change, upsert=True)]


def _date(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
