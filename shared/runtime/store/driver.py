"""The one module that knows the driver (Motor); the day it is replaced, it is replaced here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection
from pymongo import ASCENDING
from pymongo.errors import BulkWriteError, DuplicateKeyError, OperationFailure, PyMongoError

from shared.runtime.ports import Away
from shared.runtime.timing import FOREVER

Row = dict[str, Any]
Client = AsyncIOMotorClient[Row]
Collection = AsyncIOMotorCollection[Row]

__all__ = ["Client", "Collection", "PyMongoError", "Row", "answering", "counted", "index", "pages"]

STANDS_OTHERWISE = frozenset({85, 86})
"""An index of this name stands with other options: IndexOptionsConflict, IndexKeySpecsConflict."""
PASSING = frozenset({24, 112, 16777220, 16908292})
"""Write errors that say nothing of what was written: LockTimeout, WriteConflict, and PostgreSQL's
40001 and 40P01 (serialization failure, deadlock) as DocumentDB numbers them."""

READ_TOGETHER = 500
"""Documents of one page of what is read in full."""


@asynccontextmanager
async def answering() -> AsyncIterator[None]:
    """Turn whatever the driver raises for an absent or failing server into Away.

    Of a write in bulk, only errors that another try would meet again are raised as they are.
    """
    try:
        yield
    except DuplicateKeyError:
        raise
    except BulkWriteError as partly:
        details: dict[str, Any] = dict(partly.details)
        if details.get("writeConcernErrors"):
            raise Away("the store could not confirm the write") from partly
        if any(error.get("code") in PASSING for error in details.get("writeErrors", ())):
            raise Away("the store had others write there") from partly
        raise
    except OperationFailure as failed:
        raise Away(f"the store says: {failed.code} {str(failed)[:200]}") from failed
    except PyMongoError as failed:
        raise Away(f"the store does not answer: {type(failed).__name__}") from failed


async def index(rows: Collection, field: str, **options: Any) -> None:
    """Make an index, in place of one that an older version made otherwise. Raises Away."""
    async with answering():
        try:
            await rows.create_index([(field, ASCENDING)], **options)
        except OperationFailure as failed:
            if failed.code not in STANDS_OTHERWISE:
                raise
            await rows.drop_index([(field, ASCENDING)])
            await rows.create_index([(field, ASCENDING)], **options)


async def counted(rows: Collection, field: str, most: int) -> int:
    """Count the rows that have a time in an indexed field, up to ``most``. Raises Away."""
    async with answering():
        cursor = rows.find({field: {"$gte": 0, "$lt": FOREVER}}, {"_id": 1}).limit(most)
        return len(await cursor.to_list(None))


async def pages(rows: Collection, wanted: Row, parts: Row) -> AsyncIterator[list[Row]]:
    """Read each row once, whatever is written meanwhile. Raises Away.

    Every page is a question of its own. A cursor over several replies may give a row that is
    rewritten between two of them a second time, or not at all.
    """
    beyond: Row = {}
    page: list[Row] = []
    while not beyond or len(page) == READ_TOGETHER:
        async with answering():
            cursor = rows.find({**wanted, **beyond}, parts, batch_size=READ_TOGETHER)
            page = await cursor.sort("_id", ASCENDING).limit(READ_TOGETHER).to_list(None)
        if not page:
            return
        yield page
        beyond = {"_id": {"$gt": page[-1]["_id"]}}
