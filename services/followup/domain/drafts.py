"""Answers that a leader approves before anybody reads them (persetujuan pimpinan)."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from services.followup.domain.case import Case
from services.followup.domain.policy import Policies
from services.followup.domain.turns import stays
from services.followup.domain.words import Draft
from shared.contracts import followup
from shared.contracts.calendar import Calendar
from shared.contracts.fact import Fact


def wants_approval(agency: str, policies: Policies, calendar: Calendar, now: datetime) -> bool:
    """Say whether an agency's answers wait for its leader, by the policy in force today."""
    return agency in policies.on(calendar.local_day(now)).approval


def of_draft(state: Case, fact: Fact) -> Case:
    """Take in what became of a draft; whatever ends the agency's turn ends its draft too."""
    match fact.data:
        case followup.ResponseDrafted(text=text, interim=interim):
            draft = Draft(text, interim, fact.at, fact.by)
            return replace(state, draft=draft, returned_because=None)
        case followup.DraftReturned(reason=reason):
            return replace(state, draft=None, returned_because=reason)
        case followup.CaseOpened(agency=agency) if stays(state, agency):
            return state
        case (
            followup.ResponseGiven()
            | followup.DispositionDeclined()
            | followup.CaseOpened()
            | followup.CaseResolved()
        ):
            return replace(state, draft=None, returned_because=None)
    return state
