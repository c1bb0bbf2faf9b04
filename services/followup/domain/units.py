"""Whose desk within the agency a case lies on: units hand it on to each other (unit kerja)."""

from __future__ import annotations

from msgspec.structs import replace

from services.followup.domain.case import Case
from services.followup.domain.turns import stays
from shared.contracts import followup
from shared.contracts.fact import Fact


def of_unit(state: Case, fact: Fact) -> Case:
    """Take in which unit works on it; the units of one agency are none of the next one's."""
    match fact.data:
        case followup.CaseAssigned(unit=unit, note=note):
            return replace(state, unit=unit, asked_of_unit=note)
        case followup.CaseOpened(agency=agency) if stays(state, agency):
            return state
        case followup.CaseOpened() | followup.DispositionDeclined():
            return replace(state, unit=None, asked_of_unit=None)
    return state
