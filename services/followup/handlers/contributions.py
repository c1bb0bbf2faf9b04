"""What an agency can do that contributes to the answer of another."""

from __future__ import annotations

from dataclasses import dataclass

from services.followup.domain.case import Case
from services.followup.domain.cases import Cases
from services.followup.domain.contributing import BESIDE, contribute, contributes
from services.followup.domain.leaving import as_left
from services.followup.handlers.desk import LONGEST_PAGE, absent, lies_with, page
from shared.contracts.contribution import ContributionAsked, ContributionGiven
from shared.runtime.asking import Asks, once
from shared.runtime.document import Cause, Circumstances, Document
from shared.runtime.ports import Shelf

ROOM_FOR_CONTRIBUTIONS = 0.5
"""How full a history may be that is still contributed to: the lead has yet to answer in it."""


@dataclass(frozen=True, slots=True)
class Contributions:
    """The desk of those who contribute (instansi pendukung).

    To an officer there is nothing but cases that the own agency answers or contributes to.
    """

    cases: Cases
    desks: Shelf[Case]
    ask: Asks[Case]

    async def waiting(self, agency: str, after: str, limit: int) -> list[Document[Case]]:
        """List the cases to which an agency was asked to contribute and has not, due first."""
        found = [
            document
            for field in BESIDE
            for document in await page(self.desks, field, f"{agency}/", after, limit)
        ]
        found.sort(key=lambda each: (str(each.state.due_first), each.id))
        return found[: min(limit, LONGEST_PAGE)]

    async def show(self, complaint: str, agency: str) -> Document[Case]:
        """Show a case to an agency that answers it or contributes; raises Refused."""
        found = (await self.desks.load([complaint])).get(complaint)
        if found is None or not _shares(found, agency):
            raise absent()
        return found

    async def give(
        self, complaint: str, agency: str, text: str, request: Cause, seen: int
    ) -> Document[Case]:
        """Contribute to the answer that another agency gives; raises Refused."""

        def decide(document: Document[Case], under: Circumstances) -> Document[Case]:
            return contribute(self.cases, document, agency, text, request, under)

        says = {"agency": agency, "text": text}
        made, room = ContributionGiven.type, ROOM_FOR_CONTRIBUTIONS
        usual = once(request.id, made, says, decide, seen=seen, room=room)

        def judge(document: Document[Case], under: Circumstances, draw: int) -> Document[Case]:
            # Before the revision is compared: a stranger must not learn that there is a case.
            if document.answered(request.id) is None and not _shares(document, agency):
                raise absent()
            return usual(document, under, draw)

        document = await self.ask(complaint, judge)
        if _shares(document, agency):
            return document
        return as_left(self.cases, document, agency, ContributionAsked.type)


def _shares(document: Document[Case], agency: str) -> bool:
    return lies_with(document, agency) or contributes(document.state, agency)
