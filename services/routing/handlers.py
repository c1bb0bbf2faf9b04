"""What a coordinator can do, and what routing shows of a complaint."""

from __future__ import annotations

from dataclasses import dataclass

from services.routing.domain.disposition import Disposition, Dispositions
from shared.contracts import routing
from shared.runtime.asking import Asks, once
from shared.runtime.document import Cause, Document, Refused
from shared.runtime.ports import Shelf

LONGEST_PAGE = 100


@dataclass(frozen=True, slots=True)
class Routing:
    """The coordinator's desk (meja admin instansi)."""

    dispositions: Dispositions
    queue: Shelf[Disposition]
    ask: Asks[Disposition]

    async def waiting(self, after: str, limit: int) -> list[Document[Disposition]]:
        """List what waits for a decision, oldest first; ``after`` is where a page ended."""
        low = f"{after}!" if after else "0"  # the first text beyond it
        return await self.queue.window("place", low, ":", min(limit, LONGEST_PAGE))

    async def show(self, complaint: str) -> Document[Disposition]:
        """Show one complaint; raises Refused."""
        found = (await self.queue.load([complaint])).get(complaint)
        if found is None or found.state.stage == "unknown":
            raise Refused(404, "not_found", "There is no such complaint.")
        return found

    async def verify(
        self, complaint: str, category: str | None, note: str | None, request: Cause, seen: int
    ) -> Document[Disposition]:
        """Find a complaint complete and in order; raises Refused."""
        judge = once(
            request.id,
            routing.ComplaintVerified.type,
            {"category": category, "note": note},
            lambda document, under: self.dispositions.verify(
                document, category, note, request, under
            ),
            seen=seen,
        )
        return await self.ask(complaint, judge)

    async def route(
        self, complaint: str, agency: str, request: Cause, seen: int
    ) -> Document[Disposition]:
        """Hand a complaint to an agency; raises Refused."""
        judge = once(
            request.id,
            routing.ComplaintRouted.type,
            {"agency": agency},
            lambda document, under: self.dispositions.route(document, agency, request, under),
            seen=seen,
        )
        return await self.ask(complaint, judge)
