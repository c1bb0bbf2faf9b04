"""The clock on the wall, and patience."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from shared.runtime.document import Circumstances


class SystemTime:
    """The wall clock, and the epoch of the store."""

    def __init__(self) -> None:
        """Begin in epoch 0: the store was never put back from a backup."""
        self.epoch = 0

    def under(self) -> Circumstances:
        """Give the time now and the epoch of the store."""
        return Circumstances(datetime.now(UTC), self.epoch)

    async def pause(self, seconds: float) -> None:
        """Let time pass."""
        await asyncio.sleep(seconds)
