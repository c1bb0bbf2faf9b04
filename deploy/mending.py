"""Have services tell again what their readers or the bus lack: marks, set by a guarded write.

The running service finds the mark and tells; nothing is told from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from deploy.audit.finding import Finding
from deploy.audit.reading import pages, walk
from deploy.shapes import documents_of
from services.metrics.handlers.keeping import rewritten
from services.metrics.store import FIGURES, PERFORMANCE
from shared.contracts.topics import SERVICES, told_by
from shared.runtime.document import Circumstances, Document
from shared.runtime.ports import Change
from shared.runtime.store import MongoDocuments, MongoStore
from shared.runtime.timing import FOREVER, micros

TELLERS = tuple(service for service in SERVICES if any(s.facts for s in told_by(service)))
"""Services that tell of complaints."""
TOGETHER = 50
"""Days or rows of metrics per write: each is written as a whole."""
TRIES = 10
"""How often a document that goes on changing is tried to be marked."""


class Marker:
    """Marks documents of one node; needs a principal that may write."""

    def __init__(self, uri: str, node: str) -> None:
        """Connect lazily."""
        self._stores = {service: MongoStore(uri, node, service) for service in SERVICES}
        self._documents: dict[str, MongoDocuments[Any]] = {
            service: documents_of(service, self._stores[service], node) for service in TELLERS
        }
        counted = self._stores["metrics"].documents
        self._counted: tuple[MongoDocuments[Any], ...] = (
            counted("figures", FIGURES),
            counted("performance", PERFORMANCE),
        )

    def close(self) -> None:
        """Let go of every connection."""
        for store in self._stores.values():
            store.close()

    async def mend(self, findings: Iterable[Finding]) -> int:
        """Mark what has to be told again for these findings to go. Raises Away."""
        wanted: dict[str, set[str]] = {}
        places: dict[str, set[str]] = {}
        for finding in findings:
            if finding.place is not None:
                places.setdefault(finding.place.day, set()).add(finding.place.minute)
            if finding.differs and finding.teller in self._documents and finding.complaint:
                wanted.setdefault(finding.teller, set()).add(finding.complaint)
        marked = 0
        for service, complaints in wanted.items():
            found = await self._documents[service].load(sorted(complaints))
            marked += await self._mark(service, list(found.values()))
        days = sorted(places)
        for start in range(0, len(days), TOGETHER):
            some = {day: places[day] for day in days[start : start + TOGETHER]}
            marked += sum([await self._count(documents, some) for documents in self._counted])
        return marked

    async def since(self, service: str, since: datetime) -> int:
        """Mark everything that a service changed since a time, archived or not. Raises Away."""
        marked, documents = 0, self._documents[service]
        async for page in walk(documents, micros(datetime.now(UTC)), micros(since)):
            marked += await self._mark(service, page)
        async for page in pages(documents.archived, FOREVER, micros(since)):
            now = await documents.load([each.id for each in page])
            marked += await self._mark(service, list(now.values()))
        return marked

    async def _count(self, documents: MongoDocuments[Any], places: Mapping[str, set[str]]) -> int:
        """Have windows told again that were counted; give of how many that is so."""
        noted = await self._stores["metrics"].notes.read("store")
        for _ in range(TRIES):
            found = await documents.load(sorted(places))
            under = Circumstances(datetime.now(UTC), noted["epoch"] if noted else 0)
            changes = [told_again(each, places[key], under) for key, each in found.items()]
            if not changes or (await documents.write(changes)).complete:
                return sum(len(places[key]) for key in found)
        return 0

    async def _mark(self, service: str, documents: list[Document[Any]]) -> int:
        """Mark each; one that changed meanwhile is read again, for it may have nothing to tell."""
        kept, marked = self._documents[service], 0
        left = [each for each in documents if each.untold is None]
        for _ in range(TRIES):
            if not left:
                break
            marked += await kept.mark(left, micros(datetime.now(UTC)))
            found = await kept.load([each.id for each in left])
            left = [
                found[each.id]
                for each in left
                if each.id in found
                and found[each.id].untold is None
                and found[each.id].changed_at != each.changed_at
            ]
        return marked


def told_again(stored: Document[Any], minutes: Iterable[str], under: Circumstances) -> Change[Any]:
    """Make the write by which a day or a row of metrics is told again, above all it was told by.

    ``minutes`` are those of a day that are told beside it. Pure.
    """
    named = [minute for minute in minutes if minute]
    state = stored.state.again(named, under.epoch, told=stored.untold is None)
    return rewritten(stored, state, under)
