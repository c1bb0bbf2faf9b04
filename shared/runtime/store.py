"""Documents in MongoDB. The one module that knows the driver (Motor).

Asked only what scales: by ``_id``, by a unique key, or by a window bounded at both ends on an
index; writes filter on ``_id`` and plain equality. So it runs on any MongoDB, on FerretDB, and on
the embedded store.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Generic, cast

import msgspec
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection
from pymongo import ASCENDING, InsertOne, ReplaceOne, UpdateOne
from pymongo.errors import BulkWriteError, DuplicateKeyError, OperationFailure, PyMongoError

from shared.contracts.fact import Pair
from shared.runtime.document import Document, Heard, Held, State
from shared.runtime.folding import Told
from shared.runtime.ports import Away, Change, Dirt, Passed, Written

Row = dict[str, Any]
DUPLICATE = 11000
COUNTED_TOGETHER = 2_000
LONGEST_PASSED = 16 * 1024
"""Bytes kept of a record that was passed because its envelope cannot be read."""


@dataclass(frozen=True, slots=True)
class Shape(Generic[State]):
    """How one service's documents look in the store.

    ``finds`` gives the fields a document can be found by, beside its id; those that are None are
    left out, and each has an index of its own (``unique`` names the unique ones).
    """

    state: type[State]
    finds: Callable[[State], Mapping[str, Any]] = lambda _state: {}
    indexed: tuple[str, ...] = ()
    unique: tuple[str, ...] = ()

    def indexes(self) -> Sequence[tuple[str, Mapping[str, Any]]]:
        """Give every index: field and options."""
        return [
            ("untold", {"sparse": True}),
            ("dirty_at", {"sparse": True}),
            ("held_at", {"sparse": True}),
            ("changed_at", {}),
            *((field, {"sparse": True}) for field in self.indexed),
            *((field, {"sparse": True, "unique": True}) for field in self.unique),
        ]


class MongoDocuments(Generic[State]):
    """The documents of one service at one node."""

    def __init__(self, collection: AsyncIOMotorCollection[Row], shape: Shape[State]) -> None:
        """Keep documents of a shape in a collection."""
        self._rows = collection
        self._shape = shape

    async def prepare(self) -> None:
        """Make the indexes that are missing. Raises Away."""
        async with _answering():
            for field, options in self._shape.indexes():
                await self._rows.create_index([(field, ASCENDING)], **options)

    async def load(self, ids: Sequence[str]) -> dict[str, Document[State]]:
        """Read documents by id, in one query."""
        async with _answering():
            cursor = self._rows.find({"_id": {"$in": list(ids)}})
            return {row["_id"]: self._lift(row) for row in await cursor.to_list(None)}

    async def write(self, changes: Sequence[Change[State]]) -> Written:
        """Write each change under its guard, unordered, durably."""
        operations: list[InsertOne[Row] | ReplaceOne[Row]] = []
        for change in changes:
            row = self._lower(change.document)
            if change.expected == 0:
                operations.append(InsertOne(row))
            else:
                guard = {"_id": row["_id"], "version": change.expected}
                operations.append(ReplaceOne(guard, row))
        async with _answering():
            try:
                done = await self._rows.bulk_write(operations, ordered=False)
            except BulkWriteError as partly:
                return Written(False, _refused(partly, changes, self._shape.unique))
        return Written(done.inserted_count + done.matched_count == len(changes))

    async def untold(self, until: int, limit: int) -> list[Document[State]]:
        """Give the oldest documents marked as untold up to a time in microseconds."""
        return await self.window("untold", 0, until, limit)

    async def dirty(self, since: int, until: int, limit: int) -> list[Dirt]:
        """Give what documents marked in [since, until) have made stale, oldest first."""
        async with _answering():
            wanted = {"dirty_at": {"$gte": since, "$lt": until}}
            parts = {"version": 1, "dirty": 1, "dirty_at": 1}
            cursor = self._rows.find(wanted, parts).sort("dirty_at", ASCENDING).limit(limit)
            return [
                Dirt(row["_id"], row["version"], row["dirty_at"], tuple(row["dirty"]))
                for row in await cursor.to_list(None)
            ]

    async def held(self, limit: int) -> list[Document[State]]:
        """Give documents of which a stream is held."""
        return await self.window("held_at", 0, 2**62, limit)

    async def changed(self, since: int, until: int, limit: int) -> list[Document[State]]:
        """Give documents by ``changed_at`` in [since, until), oldest first."""
        return await self.window("changed_at", since, until, limit)

    async def window(
        self, field: str, low: Any, high: Any, limit: int, **equal: Any
    ) -> list[Document[State]]:
        """Give documents with a field in [low, high), in its order, at most ``limit``."""
        async with _answering():
            wanted = {**equal, field: {"$gte": low, "$lt": high}}
            cursor = self._rows.find(wanted).sort(field, ASCENDING).limit(limit)
            return [self._lift(row) for row in await cursor.to_list(None)]

    async def matching(self, field: str, value: Any, limit: int) -> list[Document[State]]:
        """Give documents by one value of an indexed field, at most ``limit``."""
        async with _answering():
            cursor = self._rows.find({field: value}).limit(limit)
            return [self._lift(row) for row in await cursor.to_list(None)]

    async def number(self, field: str, value: Any) -> int:
        """Count documents by one value of an indexed field; walks their ids, a page at a time."""
        async with _answering():
            cursor = self._rows.find({field: value}, {"_id": 1}).batch_size(COUNTED_TOGETHER)
            found = 0
            while page := await cursor.to_list(COUNTED_TOGETHER):
                found += len(page)
            return found

    async def unmark(self, told: Sequence[Document[State]]) -> None:
        """Take the mark from documents whose history is still as long as it was told."""
        async with _answering():
            await self._rows.bulk_write(
                [
                    UpdateOne(
                        {"_id": each.id, "last": str(each.last), "untold": each.untold},
                        {"$unset": {"untold": ""}},
                    )
                    for each in told
                ],
                ordered=False,
            )

    async def clean(self, dirt: Sequence[Dirt]) -> None:
        """Say that what these documents made stale was computed again, unless they changed."""
        async with _answering():
            await self._rows.bulk_write(
                [
                    UpdateOne(
                        {"_id": each.id, "version": each.version},
                        {"$unset": {"dirty": "", "dirty_at": ""}},
                    )
                    for each in dirt
                ],
                ordered=False,
            )

    def _lower(self, document: Document[State]) -> Row:
        row: Row = {
            "_id": document.id,
            "state": msgspec.to_builtins(document.state),
            "schema": document.schema,
            "version": document.version,
            "revision": document.revision,
            "heard": {
                stream: [*heard.pair, list(heard.ids)] for stream, heard in document.heard.items()
            },
            "facts": list(document.facts),
            "last": str(document.last),
            "changed_at": document.changed_at,
        }
        if document.untold is not None:
            row["untold"] = document.untold
        if document.held:
            row["held_at"] = document.changed_at
            row["held"] = {
                stream: [*held.pair, held.reason] for stream, held in document.held.items()
            }
        if document.dirty:
            row["dirty_at"] = document.changed_at
            row["dirty"] = list(document.dirty)
        if document.astray:
            row["astray"] = {stream: list(ids) for stream, ids in document.astray.items()}
        for field, value in self._shape.finds(document.state).items():
            if value is not None:
                row[field] = value
        return row

    def _lift(self, row: Row) -> Document[State]:
        return Document(
            id=row["_id"],
            state=msgspec.convert(row["state"], self._shape.state, strict=False),
            schema=row["schema"],
            version=row["version"],
            revision=row["revision"],
            heard={
                stream: Heard(Pair(epoch, sequence), tuple(ids))
                for stream, (epoch, sequence, ids) in row["heard"].items()
            },
            facts=tuple(row["facts"]),
            untold=row.get("untold"),
            held={
                stream: Held(Pair(epoch, sequence), reason)
                for stream, (epoch, sequence, reason) in row.get("held", {}).items()
            },
            dirty=tuple(row.get("dirty", ())),
            astray={stream: tuple(ids) for stream, ids in row.get("astray", {}).items()},
            changed_at=row["changed_at"],
        )


class MongoQuarantine:
    """What waits, and what was passed, in the service's own database."""

    def __init__(
        self, waiting: AsyncIOMotorCollection[Row], passed: AsyncIOMotorCollection[Row]
    ) -> None:
        """Keep histories that wait in one collection, unreadable records in another."""
        self._waiting, self._passed = waiting, passed

    async def prepare(self) -> None:
        """Make the indexes that are missing. Raises Away."""
        async with _answering():
            await self._waiting.create_index([("at", ASCENDING)])
            await self._passed.create_index([("at", ASCENDING)])

    async def keep(self, waiting: Sequence[tuple[Told, str]]) -> None:
        """Keep histories with the reason; each replaces only one of a lower pair."""
        for told, reason in waiting:
            await self._keep(told, reason)

    async def _keep(self, told: Told, reason: str) -> None:
        key = f"{told.complaint}/{told.stream}"
        row: Row = {
            "_id": key,
            "complaint": told.complaint,
            "stream": told.stream,
            "last": str(told.last),
            "body": told.body,
            "reason": reason[:300],
            "trace": told.trace,
        }
        async with _answering():
            while True:
                kept = await self._waiting.find_one({"_id": key})
                if kept is None:
                    try:
                        await self._waiting.insert_one({**row, "at": _tick()})
                    except DuplicateKeyError:
                        continue
                    return
                if kept["last"] >= row["last"]:
                    return
                row["at"] = kept["at"]
                done = await self._waiting.replace_one({"_id": key, "last": kept["last"]}, row)
                if done.matched_count:
                    return

    async def pass_by(self, passed: Sequence[Passed]) -> None:
        """Keep records without a readable envelope, by topic, partition and offset."""
        async with _answering():
            for each in passed:
                record = each.record
                place = f"{record.topic}/{record.partition}/{record.offset}/{record.timestamp}"
                row: Row = {
                    "_id": place,
                    "at": _tick(),
                    "reason": each.reason[:300],
                    "key": record.key,
                    "headers": [[name[:200], value] for name, value in record.headers][:50],
                    "value": (record.value or b"")[:LONGEST_PASSED],
                }
                await self._passed.replace_one({"_id": place}, row, upsert=True)

    async def waiting(self, limit: int) -> list[Told]:
        """Give what waits, oldest first."""
        async with _answering():
            cursor = self._waiting.find({"at": {"$gte": 0, "$lt": 2**62}}).sort("at", ASCENDING)
            return [
                Told(
                    row["stream"],
                    row["complaint"],
                    Pair.read(row["last"]),
                    row["body"],
                    row["trace"],
                )
                for row in await cursor.limit(limit).to_list(None)
            ]

    async def listed(self, limit: int) -> list[Row]:
        """List what waits and what was passed, for an operator."""
        async with _answering():
            window = {"at": {"$gte": 0, "$lt": 2**62}}
            rows: list[Row] = []
            for kind, collection in (("waiting", self._waiting), ("passed", self._passed)):
                cursor = collection.find(window).sort("at", ASCENDING).limit(limit)
                rows.extend({**row, "kind": kind} for row in await cursor.to_list(None))
            return rows

    async def drop(self, complaint: str, stream: str, pair: Pair) -> None:
        """Delete what waits, if it is still of this pair."""
        async with _answering():
            await self._waiting.delete_one({"_id": f"{complaint}/{stream}", "last": str(pair)})


class MongoNotes:
    """Small things a service remembers about itself, and the lease of its relay."""

    def __init__(self, collection: AsyncIOMotorCollection[Row]) -> None:
        """Keep notes in a collection."""
        self._rows = collection

    async def read(self, name: str) -> dict[str, Any] | None:
        """Read a note."""
        async with _answering():
            row = await self._rows.find_one({"_id": name})
            return None if row is None else {key: row[key] for key in row if key != "_id"}

    async def write(self, name: str, note: dict[str, Any]) -> None:
        """Write a note."""
        async with _answering():
            await self._rows.replace_one({"_id": name}, {"_id": name, **note}, upsert=True)

    async def lease(self, name: str, holder: str, now: int, until: int) -> bool:
        """Take or keep a lease; say whether this holder has it."""
        async with _answering():
            row = await self._rows.find_one({"_id": name})
            if row is None:
                try:
                    await self._rows.insert_one(
                        {"_id": name, "holder": holder, "until": until, "version": 1}
                    )
                except DuplicateKeyError:
                    return False
                return True
            if row["holder"] != holder and row["until"] > now:
                return False
            done = await self._rows.replace_one(
                {"_id": name, "version": row["version"]},
                {"_id": name, "holder": holder, "until": until, "version": row["version"] + 1},
            )
            return bool(done.matched_count)


class MongoStore:
    """The database of one service at one node."""

    def __init__(self, uri: str, node: str, service: str) -> None:
        """Connect lazily; nothing is sent before the first question."""
        self.client: AsyncIOMotorClient[Row] = AsyncIOMotorClient(
            uri,
            w="majority",
            journal=True,
            retryWrites=False,  # our guards make a repeat safe, and the embedded store slow with it
            serverSelectionTimeoutMS=5_000,
            connectTimeoutMS=5_000,
            socketTimeoutMS=20_000,
            maxPoolSize=16,
            appname=f"kentongan-{service}",
        )
        self.database = self.client[f"kentongan_{node}_{service}"]
        self.notes = MongoNotes(self.database["notes"])
        self.quarantine = MongoQuarantine(self.database["waiting"], self.database["passed"])

    def documents(self, name: str, shape: Shape[State]) -> MongoDocuments[State]:
        """Give the documents of one collection."""
        return MongoDocuments(self.database[name], shape)

    async def answers(self) -> bool:
        """Say whether the store answers."""
        try:
            await self.client.admin.command("ping")
        except PyMongoError:
            return False
        return True

    def close(self) -> None:
        """Let go of every connection."""
        self.client.close()


@asynccontextmanager
async def _answering() -> AsyncIterator[None]:
    """Turn whatever the driver raises for an absent or failing server into Away."""
    try:
        yield
    except (DuplicateKeyError, BulkWriteError):
        raise
    except OperationFailure as failed:
        raise Away(f"the store says: {failed.code} {str(failed)[:200]}") from failed
    except PyMongoError as failed:
        raise Away(f"the store does not answer: {type(failed).__name__}") from failed


def _refused(
    partly: BulkWriteError, changes: Sequence[Change[Any]], unique: Sequence[str]
) -> dict[str, str]:
    """Tell a lost race (a duplicate ``_id``) from what the store will never take."""
    details = cast("dict[str, Any]", partly.details)
    if details.get("writeConcernErrors"):
        raise Away("the store could not confirm the write") from partly
    refused = {}
    for error in details.get("writeErrors", ()):
        said = str(error.get("errmsg", ""))
        fields = set(error.get("keyPattern") or (field for field in unique if field in said))
        if error.get("code") == DUPLICATE and fields <= {"_id"}:
            continue
        refused[changes[error["index"]].document.id] = said[:300]
    return refused


def _tick() -> int:
    """Give a time for ordering what is kept, in microseconds since 1970."""
    return time.time_ns() // 1000
