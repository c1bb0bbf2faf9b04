"""Digests in the store: for how long they are kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.notification.domain.notice import Notices
from shared.runtime.store import MongoDocuments
from shared.runtime.timing import micros

KEPT = timedelta(days=90)
"""For how long it can be asked what became of a digest."""
PAGE = 200


async def prune(digests: MongoDocuments[Notices], now: datetime) -> None:
    """Delete the digests of which nobody asks any more. Raises Away."""
    while old := await digests.changed(0, micros(now - KEPT), PAGE):
        await digests.unmark(old)  # nothing of them is to be told
        await digests.remove(old)
