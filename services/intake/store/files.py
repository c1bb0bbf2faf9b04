"""Files in parts, beside the complaints they belong to.

A part is read and written by its ``_id``, which follows from its file and its number: so no index,
no order and no transaction is needed, and it runs on whatever the complaints run on (GridFS wants
an index and a sort over the parts). Nothing here says whether a file counts: its complaint does.
"""

from __future__ import annotations

from pymongo import ASCENDING

from services.intake.domain.attachments import Mark
from shared.runtime.store.driver import Collection, answering, index


class Files:
    """Parts of files, and the marks of those that are not yet, or no longer, anybody's."""

    def __init__(self, parts: Collection, marks: Collection) -> None:
        """Keep parts in one collection, marks in another."""
        self._parts, self._marks = parts, marks

    async def prepare(self) -> None:
        """Make the index that is missing. Raises Away."""
        await index(self._marks, "at")

    async def mark(self, mark: Mark) -> None:
        """Note, before its first part is there, that a file may belong to nothing. Raises Away."""
        row = {"complaint": mark.complaint, "at": mark.at, "parts": mark.parts}
        async with answering():
            await self._marks.replace_one(
                {"_id": mark.file}, {"_id": mark.file, **row}, upsert=True
            )

    async def unmark(self, file: str, at: int) -> None:
        """Say that a file belongs to its complaint, unless it was marked again. Raises Away."""
        async with answering():
            await self._marks.delete_one({"_id": file, "at": at})

    async def marked(self, until: int, limit: int) -> list[Mark]:
        """Give what was marked before a time, the oldest first. Raises Away."""
        async with answering():
            cursor = self._marks.find({"at": {"$gte": 0, "$lt": until}})
            rows = await cursor.sort("at", ASCENDING).limit(limit).to_list(None)
        return [Mark(row["_id"], row["complaint"], row["at"], row["parts"]) for row in rows]

    async def put(self, file: str, nth: int, content: bytes) -> None:
        """Write one part; written twice, it is the same. Raises Away."""
        key = _key(file, nth)
        async with answering():
            await self._parts.replace_one({"_id": key}, {"_id": key, "of": content}, upsert=True)

    async def part(self, file: str, nth: int) -> bytes | None:
        """Read one part; None where there is none. Raises Away."""
        async with answering():
            row = await self._parts.find_one({"_id": _key(file, nth)})
        return None if row is None else bytes(row["of"])

    async def drop(self, file: str, parts: int) -> None:
        """Delete a file's parts, and then its mark. Raises Away."""
        async with answering():
            await self._parts.delete_many({"_id": {"$in": [_key(file, n) for n in range(parts)]}})
            await self._marks.delete_one({"_id": file})


def _key(file: str, nth: int) -> str:
    return f"{file}/{nth}"
