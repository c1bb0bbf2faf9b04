"""What routing decided, as far as the clocks of a case care."""

from __future__ import annotations

from msgspec.structs import replace

from services.followup.domain.case import Case
from services.followup.domain.resting import rested
from services.followup.domain.words import routed
from shared.contracts import routing
from shared.contracts.fact import Fact

DECISIONS = (
    routing.ComplaintVerified,
    routing.ComplaintRouted,
    routing.ComplaintDeferred,
    routing.ComplaintArchived,
    routing.ComplaintMerged,
)
"""What stops the clock that runs on routing."""
RETURNS = (routing.ComplaintResumed, routing.ComplaintRestored, routing.ComplaintUnmerged)
"""What puts a report back to where it stood, in the queue if it was never passed on."""


def decided(state: Case, fact: Fact) -> Case:
    """Note what routing decided; the first of each kind is what counts."""
    state = replace(state, decided_at=min(state.decided_at or fact.at, fact.at))
    match fact.data:
        case routing.ComplaintArchived():
            return replace(state, archived=True)
        case routing.ComplaintMerged():
            return rested(state, fact.at)
        case routing.ComplaintVerified(inspection=inspection, area=area, category=category):
            state = replace(state, inspection=bool(inspection))
            if area is not None:
                state = replace(state, area=area, area_found=True)
            if category is not None:
                state = replace(state, category=category, category_found=True)
        case routing.ComplaintRouted(words=words):
            first = min(state.routed_at or fact.at, fact.at)
            state = routed(replace(state, routed_at=first), words, fact.pair)
        case _:
            return state
    return replace(state, disposed_at=min(state.disposed_at or fact.at, fact.at))


def returned(state: Case, fact: Fact) -> Case:
    """Note that it is back; one that was never verified is to be verified, from this moment on."""
    match fact.data:
        case routing.ComplaintRestored():
            state = replace(state, archived=False)
        case routing.ComplaintUnmerged():
            state = replace(state, merged=False)
    if state.disposed_at is not None:
        return state
    return replace(state, decided_at=None, returned_at=routing.back_at(fact))
