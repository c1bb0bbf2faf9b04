"""Leaving a group without waiting for ever."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

LEAVING = 15.0
"""Seconds that the client gets to leave. One whose bus died while it joined may never be done, and
the process would come back to no bus."""

log = logging.getLogger(__name__)


async def leave(broker: Any, group: str) -> None:
    """Stop a client; one that does not end is left behind, hearing nothing any more."""
    try:
        async with asyncio.timeout(LEAVING):
            await broker.stop()
    except TimeoutError:
        log.warning("consumer_left_behind", extra={"group": group})
