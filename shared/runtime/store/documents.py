"""The documents of one service at one node."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from operator import itemgetter
from typing import Any, Generic, cast

import bson
from bson.errors import BSONError
from pymongo import ASCENDING, DeleteOne, InsertOne, ReplaceOne, UpdateOne
from pymongo.errors import BulkWriteError

from shared.runtime.document import Document, State
from shared.runtime.ports import Change, Dirt, Written
from shared.runtime.shapes import newer
from shared.runtime.store.driver import Collection, Row, answering, counted, index, pages
from shared.runtime.store.rows import PARTS, lift, lower, states_of
from shared.runtime.store.shape import Shape
from shared.runtime.timing import FOREVER

DUPLICATE = 11000
LARGEST_ROW = 16 * 1024 * 1024
"""Bytes of a document that no store takes more of."""
UNWRITABLE = (BSONError, OverflowError, RecursionError, TypeError, ValueError)
"""What the driver raises, before anything is sent, where a document cannot be encoded."""


class MongoDocuments(Generic[State]):
    """The documents of one service at one node."""

    def __init__(self, collection: Collection, shape: Shape[State]) -> None:
        """Keep documents of a shape in a collection."""
        self._rows = collection
        self._shape = shape

    async def prepare(self) -> None:
        """Make the indexes that are missing. Raises Away."""
        for field, options in self._shape.indexes():
            await index(self._rows, field, **options)

    async def load(self, ids: Sequence[str]) -> dict[str, Document[State]]:
        """Read documents by id, in one query."""
        async with answering():
            cursor = self._rows.find({"_id": {"$in": list(ids)}}, batch_size=len(ids))
            return {row["_id"]: lift(row, self._shape) for row in await cursor.to_list(None)}

    async def write(self, changes: Sequence[Change[State]]) -> Written:
        """Write each change under its guard, unordered, durably."""
        changes = sorted(changes, key=lambda change: change.document.id)
        try:
            operations = [self._operation(change) for change in changes]
            async with answering():
                done = await self._rows.bulk_write(operations, ordered=False)
        except BulkWriteError as partly:
            return Written(complete=False, refused=_refused(partly, changes, self._shape.unique))
        except UNWRITABLE:
            refused = self._unwritable(changes)
            if not refused:
                raise
            return Written(complete=False, refused=refused)
        return Written(complete=done.inserted_count + done.matched_count == len(changes))

    async def untold(self, until: int, limit: int) -> list[Document[State]]:
        """Give the oldest documents marked as untold up to a time in microseconds."""
        return await self._window("untold", 0, until, limit)

    async def dirty(self, since: int, until: int, limit: int) -> list[Dirt]:
        """Give what documents marked in [since, until) have made stale, oldest first."""
        async with answering():
            wanted = {"dirty_at": {"$gte": since, "$lt": until}}
            parts = {"dirty": 1, "dirty_at": 1}
            cursor = self._rows.find(wanted, parts).sort("dirty_at", ASCENDING).limit(limit)
            return [
                Dirt(row["_id"], row["dirty_at"], tuple(row["dirty"]))
                for row in await cursor.to_list(None)
            ]

    async def oldest_untold(self) -> int | None:
        """Give the time of the oldest mark, in microseconds."""
        async with answering():
            wanted = {"untold": {"$gte": 0, "$lt": FOREVER}}
            cursor = self._rows.find(wanted, {"untold": 1}).sort("untold", ASCENDING).limit(1)
            return next((int(row["untold"]) for row in await cursor.to_list(None)), None)

    async def held(self, most: int) -> int:
        """Count the documents of which a stream is held, up to ``most``."""
        return await counted(self._rows, "held_at", most)

    async def changed(self, since: int, until: int, limit: int) -> list[Document[State]]:
        """Give documents by ``changed_at`` in [since, until), oldest first."""
        return await self._window("changed_at", since, until, limit)

    async def archived(self, since: int, until: int, limit: int) -> list[Document[State]]:  # noqa: ARG002
        """Give nothing: these have no archive."""
        return []

    async def remove(self, resting: Sequence[Document[State]]) -> None:
        """Delete documents that are still of this version, and not to be told."""
        await self._delete(
            [{"_id": each.id, "version": each.version, "untold": None} for each in resting]
        )

    async def window(
        self, field: str, low: Any, high: Any, limit: int, **equal: Any
    ) -> list[Document[State]]:
        """Give documents with a field in [low, high), in its order, at most ``limit``.

        One that a newer release has stored is left out: the others on the list must not wait.
        """
        found = await self._window(field, low, high, limit, **equal)
        return [each for each in found if newer(each) is None]

    async def _window(
        self, field: str, low: Any, high: Any, limit: int, **equal: Any
    ) -> list[Document[State]]:
        async with answering():
            wanted = {**equal, field: {"$gte": low, "$lt": high}}
            cursor = self._rows.find(wanted).sort(field, ASCENDING).limit(limit)
            return [lift(row, self._shape) for row in await cursor.to_list(None)]

    async def matching(self, field: str, value: Any, limit: int) -> list[Document[State]]:
        """Give documents by one value of an indexed field, at most ``limit``."""
        async with answering():
            cursor = self._rows.find({field: value}).limit(limit)
            return [lift(row, self._shape) for row in await cursor.to_list(None)]

    async def number(self, field: str, value: Any) -> int:
        """Count documents by one value of an indexed field; walks their ids, a page at a time."""
        return sum([len(page) async for page in pages(self._rows, {field: value}, {"_id": 1})])

    async def states(self, field: str, value: Any) -> AsyncIterator[list[State]]:
        """Give the states of documents by one value of an indexed field, a page at a time."""
        async for page in pages(self._rows, {field: value}, PARTS):
            yield list(states_of(page, self._shape))

    async def mark(self, documents: Sequence[Document[State]], at: int) -> int:
        """Have documents told again; give how many were marked: those that did not change since.

        Its version goes up, so that nobody who read it before takes the mark away by a write.
        """
        guards = [(each.id, {"version": each.version}) for each in documents]
        return await self._update(guards, {"$set": {"untold": at}, "$inc": {"version": 1}})

    async def unmark(self, told: Sequence[Document[State]]) -> None:
        """Take the mark from documents whose history is still as long as it was told."""
        guards = [(each.id, {"last": str(each.last), "untold": each.untold}) for each in told]
        await self._update(guards, {"$unset": {"untold": ""}})

    async def clean(self, dirt: Sequence[Dirt]) -> None:
        """Say that what these documents made stale was computed again, unless they changed.

        The time of a document's change only grows, so one that has this mark is as it was.
        """
        guards = [(each.id, {"dirty_at": each.at}) for each in dirt]
        await self._update(guards, {"$unset": {"dirty": "", "dirty_at": ""}})

    async def _update(self, guards: Iterable[tuple[str, Row]], change: Row) -> int:
        """Change rows while their guards hold, those of one guard at once.

        That takes a store a quarter of the time. The others go in the order of their ids, or two
        who meet would wait for each other: the store then lets one go, which tries again.
        """
        alike: dict[tuple[tuple[str, Any], ...], list[str]] = {}
        for name, guard in guards:
            alike.setdefault(tuple(guard.items()), []).append(name)
        alone = sorted(
            ((ids[0], dict(guard)) for guard, ids in alike.items() if len(ids) == 1),
            key=itemgetter(0),
        )
        changed = 0
        async with answering():
            for held, ids in alike.items():
                if len(ids) > 1:
                    wanted = {"_id": {"$in": sorted(ids)}, **dict(held)}
                    changed += (await self._rows.update_many(wanted, change)).modified_count
            if alone:
                updates = [UpdateOne({"_id": name, **guard}, change) for name, guard in alone]
                done = await self._rows.bulk_write(updates, ordered=False)
                changed += done.modified_count
        return changed

    async def _delete(self, guards: Sequence[Row]) -> None:
        """Delete rows under their guards, in the same order."""
        ordered = sorted(guards, key=itemgetter("_id"))
        async with answering():
            await self._rows.bulk_write([DeleteOne(guard) for guard in ordered], ordered=False)

    def _operation(self, change: Change[State]) -> InsertOne[Row] | ReplaceOne[Row]:
        row = lower(change.document, self._shape)
        if change.expected == 0:
            return InsertOne(row)
        return ReplaceOne({"_id": row["_id"], "version": change.expected}, row)

    def _unwritable(self, changes: Sequence[Change[State]]) -> dict[str, str]:
        """Find, one by one, the documents that cannot be encoded: neighbours must not wait."""
        refused = {}
        for change in changes:
            try:
                if len(bson.encode(lower(change.document, self._shape))) > LARGEST_ROW:
                    refused[change.document.id] = f"it takes more than {LARGEST_ROW} bytes"
            except UNWRITABLE as why:
                refused[change.document.id] = f"{type(why).__name__}: {why}"[:300]
        return refused


def _refused(
    partly: BulkWriteError, changes: Sequence[Change[Any]], unique: Iterable[str]
) -> dict[str, str]:
    """Tell a lost race (a duplicate ``_id``) from what the store will never take."""
    details = cast("dict[str, Any]", partly.details)
    refused = {}
    for error in details.get("writeErrors", ()):
        said = str(error.get("errmsg", ""))
        fields = set(error.get("keyPattern") or (field for field in unique if field in said))
        if error.get("code") == DUPLICATE and fields <= {"_id"}:
            continue
        refused[changes[error["index"]].document.id] = said[:300]
    return refused
