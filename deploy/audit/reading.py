"""The five stores of a node, opened only for reading, and asked only what scales."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from deploy.audit.finding import Finding, Kind
from deploy.shapes import documents_of
from services.metrics.store import FIGURES, PERFORMANCE
from shared.contracts.topics import SERVICES
from shared.runtime.document import Document
from shared.runtime.store import MongoDocuments, MongoStore
from shared.runtime.timing import FOREVER
from shared.runtime.walking import walked

PAGE = 200
"""Documents that are in memory at once, per store."""
STEADY_TRIES = 6
STEADY_PAUSE = 0.5

Group = dict[str, Document[Any]]
Read = Callable[[int, int, int], Awaitable[list[Document[Any]]]]
"""Reads a page of documents by ``changed_at``."""


class Stores:
    """What five services know; there is no way here to change it."""

    def __init__(self, uri: str, node: str) -> None:
        """Read under whatever principal the URI names; one that may only read is enough."""
        self._stores = {service: MongoStore(uri, node, service) for service in SERVICES}
        self._documents = {
            service: documents_of(service, store, node) for service, store in self._stores.items()
        }
        self._figures = self._stores["metrics"].documents("figures", FIGURES)
        self._rows = self._stores["metrics"].documents("performance", PERFORMANCE)

    def close(self) -> None:
        """Let go of every connection."""
        for store in self._stores.values():
            store.close()

    async def views(self) -> dict[tuple[str, str], datetime]:
        """Give, by reader and stream, up to when it was heard. Raises Away."""
        found = {}
        for service, store in self._stores.items():
            for stream, at in (await store.notes.read("views") or {}).items():
                found[service, stream] = datetime.fromisoformat(at).astimezone(UTC)
        return found

    async def walk(self, service: str, until: int) -> AsyncIterator[list[Document[Any]]]:
        """Go over a service's documents, the longest unchanged first, in pages. Raises Away.

        What changes meanwhile moves behind and is met again; beyond ``until`` it is only met if
        it was changed while the walk went on, and then the walk ends with the first short page.
        """
        async for page in walk(self._documents[service], until):
            yield page

    async def archived(self, service: str) -> AsyncIterator[list[Document[Any]]]:
        """Go over a service's archive, in pages; what is live again as it is live. Raises Away.

        Read after what is live, it has whatever moved there meanwhile.
        """
        documents = self._documents[service]
        async for page in pages(documents.archived, FOREVER, 0):
            yield list((await documents.load([each.id for each in page])).values())

    async def figures(self, until: int) -> AsyncIterator[list[Document[Any]]]:
        """Go over the figures of days, in pages. Raises Away."""
        async for page in walk(self._figures, until):
            yield page

    async def rows(self, until: int) -> AsyncIterator[list[Document[Any]]]:
        """Go over the rows of days, in pages. Raises Away."""
        async for page in walk(self._rows, until):
            yield page

    async def load(self, service: str, ids: Sequence[str]) -> dict[str, Document[Any]]:
        """Read documents by id. Raises Away."""
        return await self._documents[service].load(ids)

    async def groups(
        self, ids: Sequence[str], known: Mapping[str, dict[str, Document[Any]]] | None = None
    ) -> dict[str, Group]:
        """Read what all services know of complaints; ``known`` need not be read again."""
        have = dict(known or {})
        others = [service for service in SERVICES if service not in have]
        answers = await asyncio.gather(*(self.load(service, ids) for service in others))
        have.update(zip(others, answers, strict=True))
        return {
            each: {service: have[service][each] for service in SERVICES if each in have[service]}
            for each in ids
        }

    async def steady(self, ids: Collection[str]) -> tuple[dict[str, Group], set[str]]:
        """Read complaints until two readings are the same; name those that go on moving.

        Five stores cannot be read at one moment: what did not change between two readings was as
        it was read at a moment between them.
        """
        moving, found = set(ids), dict[str, Group]()
        before = await self.groups(sorted(moving)) if moving else {}
        for _ in range(STEADY_TRIES):
            if not moving:
                break
            await asyncio.sleep(STEADY_PAUSE)
            now = await self.groups(sorted(moving))
            found |= {
                each: group
                for each, group in now.items()
                if _versions(group) == _versions(before[each])
            }
            moving -= found.keys()
            before = now
        return found, moving

    async def same_number(self, numbers: Mapping[str, str]) -> list[Finding]:
        """Find complaints with the tracking number of another; ``numbers`` by complaint."""
        wanted = {"$in": list(numbers.values())}
        owners = await self._documents["intake"].matching(
            "tracking_number", wanted, 3 * len(numbers)
        )
        return [
            Finding(
                Kind.NUMBER,
                complaint,
                "intake",
                f"{number} is also the number of {owner.id}",
            )
            for complaint, number in numbers.items()
            for owner in owners
            if owner.state.tracking_number == number and owner.id != complaint
        ]

    async def listed(self, most: int) -> list[Finding]:
        """List what was passed. Raises Away."""
        found = []
        for service, store in self._stores.items():
            for row in await store.quarantine.listed(most):
                if row["kind"] == "passed":
                    sentence = f"{service} passed {row['_id']}: {row['reason']}"
                    found.append(Finding(Kind.PASSED, "", service, sentence))
        return found


async def walk(
    documents: MongoDocuments[Any], until: int, since: int = 0
) -> AsyncIterator[list[Document[Any]]]:
    """Go over live documents by the time of their change, in pages."""
    async for page in pages(documents.changed, until, since):
        yield page


async def pages(read: Read, until: int, since: int) -> AsyncIterator[list[Document[Any]]]:
    """Read page after page by the time of the last change."""

    async def window(since: int, limit: int) -> list[Document[Any]]:
        return await read(since, FOREVER, limit)

    async for page in walked(window, lambda each: (each.changed_at, each.id), since, PAGE):
        yield page
        if len(page) < PAGE or since > until:
            return
        since = page[-1].changed_at


def _versions(group: Group) -> dict[str, int]:
    return {service: document.version for service, document in group.items()}
