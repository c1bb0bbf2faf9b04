"""What the reporter did after filing, as far as it concerns the agency."""

from __future__ import annotations

from msgspec.structs import replace

from services.followup.domain.case import Case
from services.followup.domain.words import left
from shared.contracts import intake
from shared.contracts.appeal import ReporterAppealed
from shared.contracts.fact import Fact


def of_reporter(state: Case, fact: Fact) -> Case:
    """Take in what the reporter did."""
    match fact.data:
        case intake.ReporterReplied():
            return replace(state, replies=state.replies + 1)
        case intake.ComplaintAmended(text=text, area=area, point=point):
            where = point.pair if point else state.point
            written = (*state.amendments, text)
            stands = state.area if state.area_found else area or state.area
            return replace(state, amendments=written, area=stands, point=where)
        case ReporterAppealed(text=text):
            return replace(state, appeal_text=text)
        case intake.ComplaintWithdrawn():
            return replace(state, withdrawn=True)
        case intake.ReporterErased(redactions=named):
            return replace(
                state,
                title=None,
                text=None,
                point=None,
                answers=(),
                amendments=(),
                appeal_text=None,
                routed_because=left(state.routed_because, "dispositions", named),
                draft=None,  # what waits for approval may name the reporter; it is written anew
                returned_because=None,
                asked_of_unit=None,
            )
    return state
