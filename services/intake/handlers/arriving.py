"""A file on its way in: read in bounded memory, told by its content, made safe."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import IO, Protocol

from services.intake.domain.attachments import HEAD, Kind, Limits
from shared.runtime.document import Refused

SPOOLED = 256 * 1024
"""Bytes of a file that wait in memory while the rest arrives; beyond, it waits on the disk."""
PATIENCE = 900.0
"""Seconds that one file may take to arrive: 10 MB over the weakest of links."""
MOST_AT_ONCE = 64
"""Files that arrive at one process at once."""
MOST_OF_ONE = 2
"""Files that arrive for one complaint at one process at once."""


class Clean(Protocol):
    """Gives a file as it may be kept, or raises Refused."""

    def __call__(self, file: IO[bytes], kind: Kind, *, keep_location: bool) -> IO[bytes]: ...


class Busy(Refused):
    """It cannot be taken just now."""

    def __init__(self) -> None:
        super().__init__(503, "busy", "Too many files arrive just now; send it again in a moment.")


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Where files arrive; a process that ends in the middle of one leaves nothing of it."""

    limits: Limits
    clean: Clean
    _now: Counter[str] = field(default_factory=Counter)
    _one: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

    @asynccontextmanager
    async def take(
        self, complaint: str, body: AsyncIterator[bytes], *, keep_location: bool
    ) -> AsyncIterator[tuple[IO[bytes], Kind]]:
        """Take a file in; it is there, as it may be kept, for the length of the block.

        One is made safe and kept at a time, which bounds the memory that they take. Raises Refused.
        """
        with self._arrives(complaint), SpooledTemporaryFile(SPOOLED) as arriving:
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._read(body, arriving)
            except TimeoutError:
                raise Refused(408, "too_slow", "It took too long to arrive; try again.") from None
            arriving.seek(0)
            kind = self.limits.kind_of(arriving.read(HEAD))
            async with self._one:
                clean = partial(self.clean, arriving, kind, keep_location=keep_location)
                yield await asyncio.to_thread(clean), kind

    @contextmanager
    def _arrives(self, complaint: str) -> Iterator[None]:
        if self._now.total() >= MOST_AT_ONCE or self._now[complaint] >= MOST_OF_ONE:
            raise Busy
        self._now[complaint] += 1
        try:
            yield
        finally:
            self._now[complaint] -= 1
            if not self._now[complaint]:
                del self._now[complaint]

    async def _read(self, body: AsyncIterator[bytes], arriving: IO[bytes]) -> None:
        size = 0
        async for piece in body:
            size += len(piece)
            self.limits.one(size)
            arriving.write(piece)
