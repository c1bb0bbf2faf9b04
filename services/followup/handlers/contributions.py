"""What an agency can do that contributes to the answer of another."""

from __future__ import annotations

from dataclasses import dataclass

from services.followup.domain.case import Case
from services.followup.domain.cases import Cases
from services.followup.domain.contributing import BESIDE, contribute, contributes
from services.followup.handlers.desk import LONGEST_PAGE, absent, lies_with
from shared.contracts.contribution import ContributionGiven
from shared.runtime.asking import Asks, once
from shared.runtime.document import Cause, Circumstances, Document
from shared.runtime.ports import Shelf


@dataclass(frozen=True, slots=True)
class Contributions:
    """The desk of those who contribute (instansi pendukung).

    To an officer there is nothing but cases that the own agency answers or contributes to.
    """

    cases: Cases
    desks: Shelf[Case]
    ask: Asks[Case]

    async def waiting(self, agency: str, after: str | None, limit: int) -> list[Document[Case]]:
        """List the cases to which an agency was asked to contribute and has not, due first."""
        low = f"{agency}/" if after is None else f"{agency}/{after}!"  # the first text beyond it
        most = min(limit, LONGEST_PAGE)
        pages = [await self.desks.window(each, low, f"{agency}0", most) for each in BESIDE]
        found = [document for page in pages for document in page]
        return sorted(found, key=lambda each: (str(each.state.due_first), each.id))[:most]

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
        usual = once(request.id, ContributionGiven.type, says, decide, seen=seen)

        def judge(document: Document[Case], under: Circumstances, draw: int) -> Document[Case]:
            # Before the revision is compared: a stranger must not learn that there is a case.
            if not _shares(document, agency):
                raise absent()
            return usual(document, under, draw)

        return await self.ask(complaint, judge)


def _shares(document: Document[Case], agency: str) -> bool:
    return lies_with(document, agency) or contributes(document.state, agency)
