"""The brake of the post room, from outside its process: show it, release it."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from services.notification.domain.brake import Brake
from services.notification.handlers import Guard
from shared.runtime.store import MongoStore


async def brake(uri: str, node: str) -> Brake:
    """Show how the brake stands. Raises Away."""
    store = MongoStore(uri, node, "notification")
    try:
        return await _guard(store).read()
    finally:
        store.close()


async def release(uri: str, node: str, by: str, reason: str) -> Brake:
    """Let notices go again; the running service finds it so. Raises Refused and Away."""
    store = MongoStore(uri, node, "notification")
    try:
        return await _guard(store).release(by, reason)
    finally:
        store.close()


def _guard(store: MongoStore) -> Guard:
    return Guard(store.notes, lambda: datetime.now(UTC), time.monotonic)
