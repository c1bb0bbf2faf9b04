"""Small things a service remembers about itself, and the leases of its processes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pymongo.errors import DuplicateKeyError

from shared.runtime.ports import Notes
from shared.runtime.store.driver import Collection, answering


class MongoNotes:
    """Small things a service remembers about itself, and the lease of its relay."""

    def __init__(self, collection: Collection) -> None:
        """Keep notes in a collection."""
        self._rows = collection

    async def read(self, name: str) -> dict[str, Any] | None:
        """Read a note."""
        async with answering():
            row = await self._rows.find_one({"_id": name})
            return None if row is None else {key: row[key] for key in row if key != "_id"}

    async def write(self, name: str, note: dict[str, Any]) -> None:
        """Write a note."""
        async with answering():
            await self._rows.replace_one({"_id": name}, {"_id": name, **note}, upsert=True)

    async def add(self, name: str, part: dict[str, Any]) -> None:
        """Write some fields of a note and leave the others; no name of a field has a dot."""
        async with answering():
            await self._rows.update_one({"_id": name}, {"$set": part}, upsert=True)

    async def lease(self, name: str, holder: str, now: int, until: int) -> bool:
        """Take or keep a lease; say whether this holder has it."""
        async with answering():
            mine = await self._rows.update_one(
                {"_id": name, "holder": holder}, {"$set": {"until": until}, "$inc": {"version": 1}}
            )
            if mine.matched_count:
                return True
            row = await self._rows.find_one({"_id": name})
            if row is None:
                try:
                    await self._rows.insert_one(
                        {"_id": name, "holder": holder, "until": until, "version": 1}
                    )
                except DuplicateKeyError:
                    return False
                return True
            if row["until"] > now:
                return False
            done = await self._rows.replace_one(
                {"_id": name, "version": row["version"]},
                {"_id": name, "holder": holder, "until": until, "version": row["version"] + 1},
            )
            return bool(done.matched_count)


@dataclass(frozen=True, slots=True)
class Own:
    """The notes of one relay of a service that has several."""

    notes: Notes
    name: str

    async def read(self, name: str) -> dict[str, Any] | None:
        """Read a note."""
        return await self.notes.read(f"{self.name}.{name}")

    async def write(self, name: str, note: dict[str, Any]) -> None:
        """Write a note."""
        await self.notes.write(f"{self.name}.{name}", note)
