"""Work that goes on beside a block, and ends with it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

AGAIN = 1.0
"""Seconds after which what failed is begun again."""
log = logging.getLogger(__name__)

Work = Callable[[], Awaitable[None]]


async def forever(name: str, work: Work) -> None:
    """Do something again and again, also after it failed, until cancelled."""
    while True:
        try:
            await work()
        except Exception:
            log.exception("task_failed", extra={"task": name})
            await asyncio.sleep(AGAIN)


@asynccontextmanager
async def alongside(name: str, work: Work) -> AsyncIterator[None]:
    """Let work go on until the block is left; what fails is begun again, and logged by its name."""
    going = asyncio.create_task(forever(name, work))
    try:
        yield
    finally:
        going.cancel()
        await asyncio.gather(going, return_exceptions=True)
