"""What a coordinator can do, and what routing shows of a complaint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.routing.domain import aside
from services.routing.domain.aside import Window
from services.routing.domain.disposition import Disposition, Dispositions
from shared.contracts import routing
from shared.contracts.routing import Gap
from shared.runtime.asking import Asks, once
from shared.runtime.document import Cause, Document, Refused
from shared.runtime.ports import Shelf

LONGEST_PAGE = 100


@dataclass(frozen=True, slots=True)
class Routing:
    """The coordinator's desk (meja admin instansi)."""

    dispositions: Dispositions
    window: Window
    queue: Shelf[Disposition]
    ask: Asks[Disposition]

    async def waiting(self, after: str, limit: int) -> list[Document[Disposition]]:
        """List what waits for a decision, oldest first; ``after`` is where a page ended."""
        low = f"{after}!" if after else "0"  # the first text beyond it
        return await self.queue.window("place", low, ":", min(limit, LONGEST_PAGE))

    async def set_aside(self, stage: str, after: str, limit: int) -> list[Document[Disposition]]:
        """List what is ``deferred`` or ``archived``, what ends first first."""
        low = max(f"{stage}/", f"{after}!")  # a place beside another stage is before or after it
        return await self.queue.window("aside", low, f"{stage}0", min(limit, LONGEST_PAGE))

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

    async def defer(
        self, complaint: str, missing: Sequence[Gap], request: Cause, seen: int
    ) -> Document[Disposition]:
        """Ask the reporter for what is missing; raises Refused."""
        judge = once(
            request.id,
            routing.ComplaintDeferred.type,
            {"missing": [gap.model_dump(exclude_none=True) for gap in missing]},
            lambda document, under: aside.defer(
                self.dispositions, self.window, document, missing, request, under
            ),
            seen=seen,
        )
        return await self.ask(complaint, judge)

    async def archive(
        self, complaint: str, reason: str, words: str | None, request: Cause, seen: int
    ) -> Document[Disposition]:
        """Close a complaint without an answer; raises Refused."""
        judge = once(
            request.id,
            routing.ComplaintArchived.type,
            {"reason": reason, "words": words},
            lambda document, under: aside.archive(
                self.dispositions, document, reason, words, request, under
            ),
            seen=seen,
        )
        return await self.ask(complaint, judge)

    async def restore(
        self, complaint: str, reason: str, request: Cause, seen: int
    ) -> Document[Disposition]:
        """Put an archived complaint back into the queue; raises Refused."""
        judge = once(
            request.id,
            routing.ComplaintRestored.type,
            {"reason": reason},
            lambda document, under: aside.restore(
                self.dispositions, document, reason, request, under
            ),
            seen=seen,
        )
        return await self.ask(complaint, judge)
