"""Several agencies at once: one answers and bears the clocks, the others contribute to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from services.followup.domain.stages import AT_REST
from services.followup.domain.words import Words, blanked
from shared.contracts import followup, intake, routing
from shared.contracts.contribution import ContributionAsked, ContributionGiven
from shared.contracts.fact import Fact, Payload
from shared.runtime.document import Cause, Circumstances, Document, Domain, Refused, record

if TYPE_CHECKING:
    from services.followup.domain.case import Case

BESIDE = tuple(f"beside_{nth}" for nth in range(routing.MOST_CONTRIBUTORS))
"""Where a case is found by those who contribute: no index of ours has several entries of one."""

MOST_CONTRIBUTIONS = 10
"""What one agency can contribute in one turn: each takes room that the lead needs."""


class Contribution(Struct, frozen=True, omit_defaults=True):
    """What one agency beside the lead has given (bahan jawaban); its last words stand."""

    agency: str
    words: Words | None = None
    at: datetime | None = None
    asked_at: datetime | None = None
    """None of what was asked before this was kept."""
    former: bool = False
    """Of the turn before, and not asked in this one; asked again, its words stand again."""


def asked(said: routing.ComplaintRouted) -> Iterable[Payload]:
    """Ask each agency that a disposition names beside the one that answers."""
    for agency in said.contributors or ():
        yield ContributionAsked(agency=agency, turn=said.turn, lead=said.agency)


def of_contribution(state: Case, fact: Fact) -> Case:
    """Take in who is asked and what was given; another lead's turn begins without anybody.

    In the next turn of one lead what was given stands, of those who are asked again.
    """
    match fact.data:
        case followup.CaseOpened(agency=lead):
            kept = partners(state) if state.agency == lead else ()
            return replace(state, beside=tuple(replace(each, former=True) for each in kept))
        case ContributionAsked(agency=agency, turn=turn) if turn == state.turn:
            had = next((each for each in state.beside if each.agency == agency), None)
            now = replace(had or Contribution(agency), asked_at=fact.at, former=False)
            others = (each for each in state.beside if each is not had)
            return replace(state, beside=(*others, now))
        case intake.ReporterErased():
            remain = tuple(replace(each, words=blanked(each.words)) for each in state.beside)
            return replace(state, beside=remain)
        case ContributionGiven(agency=agency, text=text):
            words = Words(text, fact.pair)
            given = tuple(
                replace(each, words=words, at=fact.at) if each.agency == agency else each
                for each in state.beside
            )
            return replace(state, beside=given)
    return state


_OVER = {
    "declined": "The agency that was to answer has declined the case; the next one may ask you.",
    "resolved": "The case is resolved; it takes contributions again once it is taken up again.",
}
"""By stage, why nothing can be contributed, and when it can."""


def contribute(
    cases: Domain[Case],
    document: Document[Case],
    agency: str,
    text: str,
    request: Cause,
    under: Circumstances,
) -> Document[Case]:
    """Give the agency that answers what one knows or has done (bahan jawaban); raises Refused.

    No clock stops by it: the reporter has read nothing yet.
    """
    state = document.state
    if not contributes(state, agency):
        raise Refused(404, "not_found", "Your agency was not asked to contribute to such a case.")
    if state.rest:
        raise Refused(409, state.rest, AT_REST[state.rest])
    if state.stage in _OVER:
        raise Refused(409, "wrong_stage", _OVER[state.stage])
    if _given(document, agency) >= MOST_CONTRIBUTIONS:
        sentence = f"Your agency has contributed {MOST_CONTRIBUTIONS} times; its last words stand."
        raise Refused(409, "too_many_contributions", sentence)
    given = ContributionGiven(agency=agency, turn=state.turn, text=text)
    return record(cases, document, [given], request, under)


def _given(document: Document[Case], agency: str) -> int:
    says = {"agency": agency, "turn": document.state.turn}
    given = (row["data"] for row in document.facts if row["type"] == ContributionGiven.type)
    return sum(1 for data in given if says.items() <= data.items())


def partners(state: Case) -> tuple[Contribution, ...]:
    """Give those who are asked in this turn."""
    return tuple(each for each in state.beside if not each.former)


def contributes(state: Case, agency: str) -> bool:
    """Say whether an agency was asked to contribute."""
    return any(each.agency == agency for each in partners(state))


def places(state: Case) -> tuple[str, ...]:
    """Name the places on the desks of those who were asked and have given nothing yet.

    An answer ends the waiting for who was asked before it, not for who is asked after it.
    """
    if state.place is None:
        return ()
    waiting = (each.agency for each in partners(state) if each.at is None and _waits(state, each))
    return tuple(f"{agency}/{state.due_first}/{state.complaint}" for agency in waiting)


def _waits(state: Case, each: Contribution) -> bool:
    if state.stage == "open" or state.answered_at is None or each.asked_at is None:
        return state.stage == "open"
    return each.asked_at > state.answered_at
