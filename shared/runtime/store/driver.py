"""The one module that knows the driver (Motor); the day it is replaced, it is replaced here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection
from pymongo.errors import BulkWriteError, DuplicateKeyError, OperationFailure, PyMongoError

from shared.runtime.ports import Away

Row = dict[str, Any]
Client = AsyncIOMotorClient[Row]
Collection = AsyncIOMotorCollection[Row]

__all__ = ["Client", "Collection", "PyMongoError", "Row", "answering"]


@asynccontextmanager
async def answering() -> AsyncIterator[None]:
    """Turn whatever the driver raises for an absent or failing server into Away."""
    try:
        yield
    except (DuplicateKeyError, BulkWriteError):
        raise
    except OperationFailure as failed:
        raise Away(f"the store says: {failed.code} {str(failed)[:200]}") from failed
    except PyMongoError as failed:
        raise Away(f"the store does not answer: {type(failed).__name__}") from failed
