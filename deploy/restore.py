"""Declare that a service's store was put back from a backup, so that it adopts what it lacks."""

from __future__ import annotations

import time

from shared.runtime.store import MongoStore

LEASE = "lease"


class StillRunning(Exception):
    """The service runs; the message says so."""


async def restore(uri: str, node: str, service: str) -> int:
    """Give the store a new epoch; the service must be stopped. Raises StillRunning, Away.

    At its next start the service reads its own compacted streams first and takes from them the
    facts the backup lacks; then it hears every input from the start.
    """
    store = MongoStore(uri, node, service)
    try:
        lease = await store.notes.read(LEASE)
        left = (lease["until"] - time.time_ns() // 1000) / 1_000_000 if lease else 0.0
        if left > 0:
            raise StillRunning(
                f"{service} runs, or ran until a moment ago: stop all its processes and try again "
                f"in {left:.0f} s."
            )
        known = await store.notes.read("store")
        epoch = max(time.time_ns() // 1_000_000, (known["epoch"] if known else 0) + 1)
        await store.notes.write("store", {"epoch": epoch, "adopted": False})
        return epoch
    finally:
        store.close()
