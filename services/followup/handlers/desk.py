"""What a liaison officer can do, and what followup shows of a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.followup.domain import acts, appeals
from services.followup.domain.case import Case
from services.followup.domain.cases import NOBODY, Cases
from services.followup.domain.leaving import as_left
from services.followup.domain.why import Explained, explained
from shared.contracts import followup
from shared.contracts.register import AgencyEdition, Unit
from shared.runtime.access import Sight
from shared.runtime.asking import Asks, Decide, once
from shared.runtime.document import Cause, Circumstances, Document, Refused
from shared.runtime.ports import Shelf

LONGEST_PAGE = 100


@dataclass(frozen=True, slots=True)
class Followup:
    """The desk of an agency's liaison officer (meja pejabat penghubung).

    To an officer there is nothing but the cases of the own agency; every other one is not found.
    """

    cases: Cases
    desks: Shelf[Case]
    ask: Asks[Case]
    agencies: Mapping[str, AgencyEdition]
    """The register as it was told, by code."""

    async def waiting(
        self, agency: str, stage: str, after: str, limit: int, unit: str | None = None
    ) -> list[Document[Case]]:
        """List the cases of an agency, or of its unit, of a stage, due first.

        ``after`` is where a page ended; empty, it is the first.
        """
        if unit is not None:
            return await page(self.desks, "unit", f"{agency}/{unit}/{stage}/", after, limit)
        return await page(self.desks, "desk", f"{agency}/{stage}/", after, limit)

    def units(self, agency: str) -> Sequence[Unit]:
        """Give the units that an agency has today; raises Refused while nothing is known of it."""
        edition = self.agencies.get(agency)
        if edition is None:
            sentence = "The register has told nothing of your agency yet; try again in a moment."
            raise Refused(503, "register_away", sentence)
        return edition.units

    async def assign(
        self, complaint: str, said: followup.CaseAssigned, request: Cause, seen: int
    ) -> Document[Case]:
        """Give a case to a unit of the agency, or take it back; raises Refused."""

        def decide(document: Document[Case], under: Circumstances) -> Document[Case]:
            units = [unit.code for unit in self.units(said.agency)] if said.unit else ()
            return acts.assign(self.cases, document, said, units, request, under)

        says = said.model_dump(exclude_none=True)
        made = (followup.CaseAssigned.type,)
        return await self._ask(complaint, made, says, decide, request, seen)

    async def escalated(
        self, agency: str | None, level: str, after: str, limit: int
    ) -> list[Document[Case]]:
        """List what nobody has followed up, the longest waiting first.

        For a leader that of the own agency, whatever the level; for oversight, where ``agency`` is
        None, that of a level at every agency.
        """
        field, shelf = ("rung", level) if agency is None else ("rung_of", agency)
        return await page(self.desks, field, f"{shelf}/", after, limit)

    async def watched(
        self, agency: str | None, stage: str, after: str, limit: int
    ) -> list[Document[Case]]:
        """List the cases of a stage at every agency, or at one, due first: for oversight."""
        field, shelf = ("watched", "") if agency is None else ("desk", f"{agency}/")
        return await page(self.desks, field, f"{shelf}{stage}/", after, limit)

    async def show(self, complaint: str, sight: Sight, *, watching: bool = False) -> Document[Case]:
        """Show one case to who sees it; raises Refused.

        To who only watches, and handles nothing, there are no confidential ones (rahasia).
        """
        found = (await self.desks.load([complaint])).get(complaint)
        if found is None or not lies_with(found, sight.agency or found.state.agency or ""):
            raise absent()
        if not sight.covers(found.state.area) or (watching and found.state.confidential):
            raise absent()
        return found

    def why(self, document: Document[Case], language: str) -> tuple[str, list[Explained]]:
        """Give the version of the policy a case was born under, and explain its dates."""
        reckoning = self.cases.reckoning
        version = reckoning.policy_of(document.state).version
        return version, list(explained(document.state, reckoning, language))

    async def respond(
        self, complaint: str, said: followup.ResponseGiven, request: Cause, seen: int
    ) -> Document[Case]:
        """Answer the reporter; raises Refused."""

        def decide(document: Document[Case], under: Circumstances) -> Document[Case]:
            return acts.respond(self.cases, document, said, request, under)

        says = said.model_dump(exclude_none=True)
        made = (followup.ResponseGiven.type, followup.ResponseDrafted.type)
        return await self._ask(complaint, made, says, decide, request, seen)

    async def unapproved(self, agency: str, after: str, limit: int) -> list[Document[Case]]:
        """List what waits for the approval of an agency's leader, due first."""
        return await page(self.desks, "approval", f"{agency}/", after, limit)

    async def approve(
        self, complaint: str, agency: str, request: Cause, seen: int
    ) -> Document[Case]:
        """Give the reporter the answer that waits; raises Refused."""

        def decide(document: Document[Case], under: Circumstances) -> Document[Case]:
            return acts.approve(self.cases, document, agency, request, under)

        made, says = (followup.ResponseGiven.type,), {"agency": agency}
        return await self._ask(complaint, made, says, decide, request, seen)

    async def send_back(
        self, complaint: str, agency: str, reason: str, request: Cause, seen: int
    ) -> Document[Case]:
        """Send a draft back with what is wrong; raises Refused."""

        def decide(document: Document[Case], under: Circumstances) -> Document[Case]:
            return acts.send_back(self.cases, document, agency, reason, request, under)

        made, says = (followup.DraftReturned.type,), {"agency": agency, "reason": reason}
        return await self._ask(complaint, made, says, decide, request, seen)

    async def appeals(self, agency: str | None, after: str, limit: int) -> list[Document[Case]]:
        """List what waits for a decision on an objection, due first; of every agency with None."""
        field, shelf = ("appeal", "") if agency is None else ("appeal_of", f"{agency}/")
        return await page(self.desks, field, shelf, after, limit)

    async def decide_appeal(
        self, complaint: str, said: followup.AppealDecided, request: Cause, seen: int
    ) -> Document[Case]:
        """Decide on the reporter's objection; raises Refused."""

        def decide(document: Document[Case], under: Circumstances) -> Document[Case]:
            document = self.cases.tick(document, under, NOBODY)
            return appeals.decide(self.cases, document, said, request, under)

        says = said.model_dump(exclude_none=True)
        made = (followup.AppealDecided.type,)
        return await self._ask(complaint, made, says, decide, request, seen)

    async def decline(
        self, complaint: str, agency: str, reason: str, request: Cause, seen: int
    ) -> Document[Case]:
        """Send the complaint back to routing; raises Refused."""

        def decide(document: Document[Case], under: Circumstances) -> Document[Case]:
            return acts.decline(self.cases, document, agency, reason, request, under)

        made, says = (followup.DispositionDeclined.type,), {"agency": agency, "reason": reason}
        return await self._ask(complaint, made, says, decide, request, seen)

    async def resolve(
        self, complaint: str, agency: str, note: str | None, request: Cause, seen: int
    ) -> Document[Case]:
        """Close the case; raises Refused."""

        def decide(document: Document[Case], under: Circumstances) -> Document[Case]:
            return acts.resolve(self.cases, document, agency, note, request, under)

        made, says = (followup.CaseResolved.type,), {"agency": agency, "note": note}
        return await self._ask(complaint, made, says, decide, request, seen)

    async def _ask(
        self,
        complaint: str,
        made: tuple[str, ...],
        says: Mapping[str, Any],
        decide: Decide[Case],
        request: Cause,
        seen: int,
    ) -> Document[Case]:
        agency = says["agency"]

        def judge(document: Document[Case], under: Circumstances, draw: int) -> Document[Case]:
            answered = document.answered(request.id)
            # Before the revision is compared: a stranger must not learn that there is a case.
            if answered is None and not lies_with(document, agency):
                raise absent()
            # Told again, what was drafted stays drafted, though answers need no approval any more.
            kind = answered["type"] if answered and answered["type"] in made else made[0]
            return once(request.id, kind, says, decide, seen=seen)(document, under, draw)

        document = await self.ask(complaint, judge)
        if lies_with(document, agency):
            return document
        return as_left(self.cases, document, agency, followup.CaseOpened.type)


async def page(
    desks: Shelf[Case], field: str, shelf: str, after: str, limit: int
) -> list[Document[Case]]:
    """Read what stands on a shelf of an index, in its order, from where a page ended."""
    low = f"{shelf}{after}!"  # the first text beyond it
    return await desks.window(field, low, f"{shelf}~", min(limit, LONGEST_PAGE))


def lies_with(document: Document[Case], agency: str | None) -> bool:
    """Say whether a case is an agency's own."""
    return document.state.agency == agency


def absent() -> Refused:
    """Say that there is no such case, or none that who asks may see."""
    return Refused(404, "not_found", "No such case lies where you may see it.")
