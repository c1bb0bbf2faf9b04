"""The archive of one service at one node, and documents that may lie in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from operator import itemgetter
from typing import Any

from msgspec.structs import replace
from pymongo import ASCENDING, InsertOne, ReplaceOne
from pymongo.errors import BulkWriteError

from shared.runtime.archiving import Archived, Archivist, Copy
from shared.runtime.document import Document, State
from shared.runtime.ports import Change, Tally, Time, Written
from shared.runtime.store.documents import DUPLICATE, MongoDocuments
from shared.runtime.store.driver import Collection, Row, answering, index
from shared.runtime.store.rows import lower
from shared.runtime.store.shape import Shape

LOOSE = {"partialFilterExpression": {"loose": {"$gte": 0}}}


class MongoArchive(MongoDocuments[State]):
    """Documents that are closed, as they were when they were live."""

    async def prepare(self) -> None:
        """Make the indexes that are missing. Raises Away."""
        await index(self._rows, "changed_at")
        await index(self._rows, "loose", **LOOSE)
        for field, least in self._shape.unique.items():
            await index(self._rows, field, partialFilterExpression={field: {"$gte": least}})

    async def taken(self, new: Sequence[Document[State]]) -> dict[str, str]:
        """Say of which new documents a unique value stands here, and why they cannot have it."""
        found: dict[str, str] = {}
        for field in self._shape.unique:
            wanted = {self._shape.finds(each.state).get(field): each.id for each in new}
            wanted.pop(None, None)
            if wanted:
                async with answering():
                    cursor = self._rows.find({field: {"$in": list(wanted)}}, {field: 1})
                    rows = await cursor.to_list(None)
                owners = [row for row in rows if row["_id"] != wanted[row[field]]]
                found |= {wanted[row[field]]: f"{field} stands in the archive" for row in owners}
        return found

    async def put(self, documents: Sequence[Document[State]], at: int) -> None:
        """Insert documents, or put them in the place of older copies; each is loose then."""
        rows = [{**lower(each, self._shape), "loose": at} for each in documents]
        rows.sort(key=itemgetter("_id"))  # bulks that meet must not deadlock
        async with answering():
            try:
                await self._rows.bulk_write([InsertOne(row) for row in rows], ordered=False)
            except BulkWriteError as partly:
                errors = partly.details["writeErrors"] if partly.details else []
                if not errors or any(error["code"] != DUPLICATE for error in errors):
                    raise
                copies = [rows[error["index"]] for error in errors]
                await self._rows.bulk_write(
                    [ReplaceOne({"_id": row["_id"]}, row) for row in copies], ordered=False
                )

    async def loosen(self, returning: Sequence[Change[State]]) -> None:
        """Mark the copies of documents that are about to return as loose."""
        documents = [change.document for change in returning]
        guards = [(each.id, {"version": each.version - 1}) for each in documents]
        at = max((each.changed_at for each in documents), default=0)
        await self._update(guards, {"$set": {"loose": at}})

    async def loose(self, until: int, limit: int) -> list[Copy]:
        """Give copies that have been loose since before a time, oldest first."""
        async with answering():
            cursor = self._rows.find(
                {"loose": {"$gte": 0, "$lt": until}}, {"version": 1, "loose": 1}
            )
            rows = await cursor.sort("loose", ASCENDING).limit(limit).to_list(None)
        return [Copy(row["_id"], row["version"], row["loose"]) for row in rows]

    async def settle(self, copies: Sequence[Copy]) -> None:
        """Take the mark from copies that are still marked so."""
        guards = [(each.id, _guard(each)) for each in copies]
        await self._update(guards, {"$unset": {"loose": ""}})

    async def drop(self, copies: Sequence[Copy]) -> None:
        """Delete copies that are still of this version, and marked so."""
        await self._delete([{"_id": each.id, **_guard(each)} for each in copies])


class MongoArchived(MongoDocuments[State]):
    """The documents of one service at one node, those in its archive included.

    By id and by a unique value a document is found wherever it lies. The windows of the other
    indexes have the live ones alone: they are of work that is still to be done.
    """

    def __init__(
        self, live: Collection, archive: Collection, shape: Shape[State], tally: Tally
    ) -> None:
        """Keep documents of a shape in two collections."""
        super().__init__(live, shape)
        self._archive = MongoArchive(archive, shape)
        self._both = Archived(MongoDocuments(live, shape), self._archive, tally)

    def archivist(self, age: timedelta, time: Time) -> Archivist[State]:
        """Give who moves documents that are closed and lay unchanged for a time."""
        closed = self._shape.closed or _never
        return Archivist(self._both, closed, age, time, self._both.tally)

    async def prepare(self) -> None:
        """Make the indexes that are missing. Raises Away."""
        await super().prepare()
        await self._archive.prepare()

    async def load(self, ids: Sequence[str]) -> dict[str, Document[State]]:
        """Read documents by id; what is not live is looked for in the archive."""
        return await self._both.load(ids)

    async def write(self, changes: Sequence[Change[State]]) -> Written:
        """Write each change under its guard, durably; an archived document comes back."""
        return await self._both.write(changes)

    async def archived(self, since: int, until: int, limit: int) -> list[Document[State]]:
        """Give the archive by ``changed_at``; some of it may be live again, in a later version."""
        return await self._both.archived(since, until, limit)

    async def matching(self, field: str, value: Any, limit: int) -> list[Document[State]]:
        """Give documents by one value of an indexed field, the live ones first."""
        found = await super().matching(field, value, limit)
        if len(found) == limit or field not in self._shape.unique:
            return found
        live = {each.id for each in found}
        archived = await self._archive.matching(field, value, limit)
        found += [replace(each, archived=True) for each in archived if each.id not in live]
        return found[:limit]

    async def mark(self, documents: Sequence[Document[State]], at: int) -> int:
        """Have documents told again; one from the archive comes back for it."""
        back = [each for each in documents if each.archived]
        live = [each for each in documents if not each.archived]
        marked = await super().mark(live, at) if live else 0
        if back:
            changes = [Change(_to_tell(each, at), each.expected) for each in back]
            marked += len(back) * (await self.write(changes)).complete
        return marked


def _never(_state: object) -> bool:
    return False


def _to_tell(document: Document[State], at: int) -> Document[State]:
    return replace(
        document,
        version=document.version + 1,
        archived=False,
        untold=at,
        changed_at=max(at, document.changed_at + 1),
    )


def _guard(copy: Copy) -> Row:
    return {"version": copy.version, "loose": copy.loose}
