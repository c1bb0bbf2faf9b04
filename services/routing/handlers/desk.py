"""What a coordinator can do, and what routing shows of a complaint."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from services.routing.domain import aside, choosing
from services.routing.domain.area import Area
from services.routing.domain.aside import Window
from services.routing.domain.disposition import Disposition
from services.routing.domain.dispositions import Dispositions
from services.routing.domain.known import Known
from services.routing.domain.suggestion import MODEL, Suggestion, suggest
from shared.contracts import routing
from shared.contracts.routing import Gap
from shared.runtime.asking import Asks, once
from shared.runtime.document import Cause, Circumstances, Document, Refused
from shared.runtime.ports import Shelf

LONGEST_PAGE = 100
MOST_LESSONS = 150
"""Earlier decisions that a suggestion looks at: so many of its category, so many of any."""
LONGEST_SEARCH = 50
"""Areas that one search gives."""


@dataclass(frozen=True, slots=True)
class Routing:
    """The coordinator's desk (meja admin instansi)."""

    dispositions: Dispositions
    window: Window
    queue: Shelf[Disposition]
    ask: Asks[Disposition]
    known: Known

    async def waiting(self, after: str, limit: int) -> list[Document[Disposition]]:
        """List what waits for a decision, oldest first; ``after`` is where a page ended."""
        low = f"{after}!" if after else "0"  # the first text beyond it
        return await self.queue.window("place", low, ":", min(limit, LONGEST_PAGE))

    async def set_aside(self, stage: str, after: str, limit: int) -> list[Document[Disposition]]:
        """List what is ``deferred``, what ends first first, or ``archived``, the oldest first."""
        low = max(f"{stage}/", f"{after}!")  # a place beside another stage is before or after it
        return await self.queue.window("aside", low, f"{stage}0", min(limit, LONGEST_PAGE))

    async def show(self, complaint: str) -> Document[Disposition]:
        """Show one complaint; raises Refused."""
        found = (await self.queue.load([complaint])).get(complaint)
        if found is None or found.state.stage == "unknown":
            raise absent()
        return found

    async def look_for(self, name: str, within: str | None, limit: int) -> Sequence[Area]:
        """Find areas by what somebody writes; the table is read beside other requests."""
        most = min(limit, LONGEST_SEARCH)
        return await asyncio.to_thread(self.known.areas.search, name, within, most)

    async def area(self, code: str) -> Area | None:
        """Give the area of a code, None where there is none."""
        return await asyncio.to_thread(self.known.areas.find, code)

    def knows(self, category: str | None) -> bool | None:
        """Say whether anybody knows a category; None where none is named."""
        return self.known.category(category, self.dispositions.register.today)

    def has(self, agency: str | None) -> bool | None:
        """Say whether complaints may be routed to an agency; None where none is named."""
        return None if agency is None else self.dispositions.register.today.has(agency)

    def area_name(self, code: str | None) -> str | None:
        """Name the area of a code, None where there is none."""
        area = self.known.areas.find(code) if code else None
        return area.name if area else None

    async def verify(
        self, complaint: str, found: routing.ComplaintVerified, request: Cause, seen: int
    ) -> Document[Disposition]:
        """Find a complaint complete and in order; raises Refused."""
        register = self.dispositions.register.today
        wrong = await asyncio.to_thread(self.known.wrong, found, register)

        def decide(document: Document[Disposition], under: Circumstances) -> Document[Disposition]:
            if wrong is not None:
                raise wrong
            return self.dispositions.verify(document, found, request, under)

        made, says = found.type, found.model_dump(mode="json")
        return await self.ask(complaint, once(request.id, made, says, decide, seen=seen))

    async def suggest(self, complaint: str) -> Sequence[Suggestion]:
        """Rank the agencies a complaint may be for, with reasons; raises Refused.

        Work is bounded however much was decided: the newest decisions are read by an index.
        """
        return await self._suggest((await self.show(complaint)).state)

    async def _suggest(self, asked: Disposition) -> Sequence[Suggestion]:
        found = await self.queue.window("chosen", "0", ":", MOST_LESSONS)
        if asked.category is not None:
            low, high = f"{asked.category}/", f"{asked.category}0"
            found = [*found, *await self.queue.window("chosen_of", low, high, MOST_LESSONS)]
        lessons = {each.id: each.state for each in found}
        return suggest(asked, lessons.values(), self.dispositions.register.today.codes)

    async def route(
        self, complaint: str, choice: routing.ComplaintRouted, request: Cause, seen: int
    ) -> Document[Disposition]:
        """Hand a complaint to an agency, with those that contribute; raises Refused.

        Of ``choice`` agency, contributors and words count.
        """
        found = (await self.queue.load([complaint])).get(complaint)
        ranked = await self._suggest(found.state) if found else ()
        chosen = choice.model_copy(update={"suggested": _kept(ranked[0]) if ranked else None})
        named = {"agency", "contributors", "words"}
        judge = once(
            request.id,
            routing.ComplaintRouted.type,
            {**dict.fromkeys(named), **choice.model_dump(mode="json", include=named)},
            lambda document, under: choosing.route(
                self.dispositions, document, chosen, request, under
            ),
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


def absent() -> Refused:
    """Say that there is no such complaint, or none that who asks may see."""
    return Refused(404, "not_found", "There is no such complaint.")


def _kept(first: Suggestion) -> routing.Suggested:
    return routing.Suggested(model=MODEL, agency=first.agency, confidence=first.confidence)
