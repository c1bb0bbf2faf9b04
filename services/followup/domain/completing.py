"""What a release before kept less of is filled in from what is told again. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from services.followup.domain.case import Case
from shared.contracts import intake, routing
from shared.contracts.fact import Fact


def completed(state: Case, stream: str, facts: Iterable[Fact]) -> Case:
    """Take in where it was and of what, and whether anybody may read it; words and dates stay.

    The facts were heard before, so nothing else follows from them.
    """
    for fact in facts:
        state = _completed(state, fact)
    return replace(state, lacks=tuple(each for each in state.lacks if each != stream))


def _completed(state: Case, fact: Fact) -> Case:
    match fact.data:
        case intake.ComplaintReceived(category=category, area=area) as said:
            state = replace(state, anonymous=said.anonymous, confidential=said.confidential)
            return _reported(state, area, category)
        case intake.ComplaintAmended(area=area) if area is not None:
            return _reported(state, area, state.category)
        case routing.ComplaintVerified(area=area, category=category):
            if area is not None:
                state = replace(state, area=area, area_found=True)
            if category is not None:
                state = replace(state, category=category, category_found=True)
    return state


def _reported(state: Case, area: str | None, category: str | None) -> Case:
    """Take what the reporter said, unless a coordinator put it right."""
    return replace(
        state,
        area=state.area if state.area_found else area,
        category=state.category if state.category_found else category,
    )
