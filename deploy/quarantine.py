"""What waits in quarantine: list it, try it again, or give it up."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from deploy.shapes import documents_of
from shared.contracts.fact import Pair
from shared.contracts.topics import SERVICES
from shared.runtime.document import Document, Heard
from shared.runtime.folding import held_out
from shared.runtime.ports import Change
from shared.runtime.shapes import newer
from shared.runtime.store import MongoStore

MOST_LISTED = 1000


class NotGivenUp(Exception):
    """Nothing waits under this name, or it has to go on waiting; the message says which."""


async def listed(uri: str, node: str, most: int = MOST_LISTED) -> list[dict[str, Any]]:
    """List what waits and what was passed, of all services. Raises Away."""
    found: list[dict[str, Any]] = []
    for service in SERVICES:
        store = MongoStore(uri, node, service)
        try:
            found.extend(_shown(service, row) for row in await store.quarantine.listed(most))
        finally:
            store.close()
    return found


def _shown(service: str, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "service": service,
        "kind": row["kind"],
        "complaint": row.get("complaint", ""),
        "stream": row.get("stream", ""),
        "place": row["_id"],
        "last": row.get("last", ""),
        "reason": row["reason"],
        "since": row["at"],
    }


async def release(uri: str, node: str, services: tuple[str, ...] = SERVICES) -> None:
    """Ask running services to try again what waits; each does within seconds. Raises Away."""
    for service in services:
        store = MongoStore(uri, node, service)
        try:
            await store.notes.write("release", {"at": time.time_ns() // 1000})
        finally:
            store.close()


async def discard(uri: str, node: str, service: str, complaint: str, stream: str) -> Pair:
    """Give up what waits for one complaint and stream; its facts count as heard. Raises Away.

    What they said is lost to this service, and the audit goes on saying where states differ. Raises
    NotGivenUp.
    """
    store = MongoStore(uri, node, service)
    try:
        documents = documents_of(service, store, node)
        while True:
            document = (await documents.load([complaint])).get(complaint)
            if document is not None and (why := newer(document)) is not None:
                raise NotGivenUp(why)
            held = document.held.get(stream) if document else None
            if document is None or held is None:
                raise NotGivenUp(f"Nothing of {stream} waits for {complaint} at {service}.")
            freed = Change(without(document, stream), document.version)
            outcome = await documents.write([freed])
            if outcome.refused:
                raise NotGivenUp(f"The store refuses it: {outcome.refused[complaint]}.")
            if outcome.complete:
                await store.quarantine.drop(complaint, stream, held.pair)
                return held.pair
    finally:
        store.close()


def without(document: Document[Any], stream: str) -> Document[Any]:
    """Hold a stream no longer, and count as heard what was held. Pure."""
    heard = document.heard.get(stream, Heard())
    pair = max(heard.pair, document.held[stream].pair)
    free = held_out(document, stream)
    return replace(
        free,
        heard={**free.heard, stream: Heard(pair, heard.ids)},
        version=document.version + 1,
        changed_at=document.changed_at + 1,
    )
