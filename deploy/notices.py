"""The post room, from outside its process: its brake, and the notices that were lost."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import msgspec

from deploy.shapes import documents_of
from services.notification.domain.brake import Brake
from services.notification.domain.ledger import Ledger
from services.notification.handlers import Guard
from services.notification.handlers.digests import ASKED
from shared.contracts.vocabulary import zone_of
from shared.runtime.document import Circumstances, Document, HistoryFull, changed
from shared.runtime.ports import Change, Documents
from shared.runtime.store import MongoDocuments, MongoStore
from shared.runtime.timing import FOREVER, micros
from shared.runtime.walking import walked

MOST_LISTED = 1_000
PAGE = 100


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


async def digest(uri: str, node: str) -> date:
    """Have today's digests written at once, whatever the hour; give the day. Raises Away.

    An agency that has had today's gets no second one.
    """
    store = MongoStore(uri, node, "notification")
    try:
        now = datetime.now(UTC)
        day = now.astimezone(zone_of(node)).date()
        await store.notes.write(ASKED, {"day": day.isoformat(), "at": micros(now)})
        return day
    finally:
        store.close()


async def lost(uri: str, node: str, most: int = MOST_LISTED) -> list[dict[str, Any]]:
    """List dead and uncertain notices, the oldest complaints first. Raises Away."""
    store = MongoStore(uri, node, "notification")
    try:
        found = await _lost(documents_of("notification", store, node), 0, most)
        return [
            {"complaint": document.id, **msgspec.to_builtins(each)}
            for document in found
            for each in document.state.lost
        ]
    finally:
        store.close()


async def replay(
    uri: str, node: str, outcomes: Collection[str], by: str, complaint: str | None = None
) -> int:
    """Have lost notices sent again, of one complaint or of all; give how many. Raises Away.

    The running service sends them, tells of it, and notes how each ends.
    """
    store = MongoStore(uri, node, "notification")
    try:
        documents = documents_of("notification", store, node)
        noted = await store.notes.read("store")
        under = Circumstances(datetime.now(UTC), noted["epoch"] if noted else 0)
        if complaint is not None:
            return await _replay(documents, [complaint], outcomes, by, under)
        count = 0
        # many are of one moment, and those that are not replayed stay where they are
        async for page in walked(partial(_lost, documents), _lost_at, 0, PAGE):
            count += await _replay(documents, [each.id for each in page], outcomes, by, under)
        return count
    finally:
        store.close()


async def _lost(documents: MongoDocuments[Any], since: int, most: int) -> list[Document[Any]]:
    return await documents.window("lost_at", since, FOREVER, most)


def _lost_at(document: Document[Any]) -> tuple[int, str]:
    return micros(document.state.lost_at), document.id


async def _replay(
    documents: Documents[Any],
    complaints: Sequence[str],
    outcomes: Collection[str],
    by: str,
    under: Circumstances,
) -> int:
    """Change each under its guard; who lost a race is read and judged again."""
    ledger, count, left = Ledger(), 0, list(complaints)
    while left:
        loaded = await documents.load(left)
        changes: list[Change[Any]] = []
        for before in loaded.values():
            with suppress(HistoryFull):
                after = ledger.replay(before, outcomes, by, under)
                if after is not before:
                    at = micros(under.now) + len(changes)
                    ready = changed(ledger, before, after, marked=True, at=at)
                    changes.append(Change(ready, before.expected))
        if not changes:
            break
        await documents.write(changes)
        stored = await documents.load([change.document.id for change in changes])
        wrote = [change for change in changes if _stands(stored, change)]
        count += sum(len(c.document.facts) - len(loaded[c.document.id].facts) for c in wrote)
        left = [c.document.id for c in changes if c not in wrote]
    return count


def _stands(stored: Mapping[str, Document[Any]], change: Change[Any]) -> bool:
    """Say whether a change is in the store, or under what has been written since."""
    told = change.document.facts[-1]["id"]
    return any(row["id"] == told for row in stored[change.document.id].facts)


def _guard(store: MongoStore) -> Guard:
    return Guard(store.notes, lambda: datetime.now(UTC), time.monotonic)
