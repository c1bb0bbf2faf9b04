"""Work that goes on beside a block, and ends with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any


@asynccontextmanager
async def alongside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Let work that ends only when cancelled go on until the block is left."""
    going = asyncio.create_task(work)
    try:
        yield
    finally:
        going.cancel()
        with suppress(asyncio.CancelledError):
            await going
