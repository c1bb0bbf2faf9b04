"""What one process of a service does for all: the duties of whoever holds its lease.

A lease only saves work: two holders at once do no harm, every duty is guarded by itself.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from zlib import crc32

from shared.runtime.ports import Away, Time
from shared.runtime.store import MongoNotes
from shared.runtime.timing import micros

LEASE_SECONDS = 12.0
FAILED_PAUSE = 5.0
APART = 0.05
"""Seconds between two duties on the grid: they need not ask the store all at the same moment."""
log = logging.getLogger(__name__)

Duty = Callable[[], Awaitable[object]]
"""Something done again and again."""


def asked_for(notes: MongoNotes, name: str, run: Duty) -> Duty:
    """Make a duty that is done once, and when an operator asks for it by a note of another time."""
    done: object = object()

    async def look() -> None:
        nonlocal done
        note = await notes.read(name)
        asked = note and note["at"]
        if asked != done:
            await run()
            done = asked

    return look


def retelling(
    retell: Callable[[str], Awaitable[bool]], incarnation: Callable[[], str | None]
) -> Duty:
    """Make a duty that tells a bus everything until it is done; ``incarnation`` names the bus."""
    done: str | None = None

    async def look() -> None:
        nonlocal done
        bus = incarnation()
        if bus is not None and bus != done and await retell(bus):
            done = bus

    return look


class Duties:
    """Holds the lease while it can, and does what is due while it holds it.

    Each duty waits for itself alone: while the bus is away, what must be told waits, and what is
    due by the clock goes on.

    All are done on one grid of the wall clock, the same for all services of a node, so that the
    beats of all its services are heard together: one batch is cheaper than five.
    """

    def __init__(self, notes: MongoNotes, holder: str, wall: Time, node: str) -> None:
        """Compete for the lease under a name of this process's own; a node has its own grid."""
        self._notes, self._holder, self._wall = notes, holder, wall
        self._phase = crc32(node.encode()) % 1000 / 1000
        self._duties: list[tuple[str, float, Duty]] = []
        self._held = asyncio.Event()

    @property
    def held(self) -> bool:
        """Say whether this process holds the lease."""
        return self._held.is_set()

    def add(self, name: str, every: float, run: Duty) -> None:
        """Add a duty, done every so many seconds."""
        self._duties.append((name, every, run))

    async def serve(self) -> None:
        """Serve until cancelled."""
        async with asyncio.TaskGroup() as group:
            for place, (name, every, run) in enumerate(self._duties):
                group.create_task(self._do(name, every, run, self._phase + place * APART))
            while True:
                if await self._lease():
                    self._held.set()
                else:
                    self._held.clear()
                await asyncio.sleep(LEASE_SECONDS / 3)

    async def _do(self, name: str, every: float, run: Duty, phase: float) -> None:
        while True:
            await self._held.wait()
            try:
                await run()
            except Exception:  # one duty that fails must not keep the others from being done
                log.exception("duty_failed", extra={"duty": name})
                await asyncio.sleep(FAILED_PAUSE)
            await asyncio.sleep(self._until_next(every, phase))

    def _until_next(self, every: float, phase: float) -> float:
        """Give the seconds to the next point of the grid, at least half of those between two."""
        left = every - (self._wall.under().now.timestamp() + phase) % every
        return left if left >= every / 2 else left + every

    async def _lease(self) -> bool:
        now = micros(self._wall.under().now)
        until = now + int(LEASE_SECONDS * 1_000_000)
        try:
            return await self._notes.lease("lease", self._holder, now, until)
        except Away:
            return False
