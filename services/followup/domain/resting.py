"""A case that follows another rests: its clocks stand still, and go on when it is separated."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from msgspec.structs import replace

from services.followup.domain.case import Case
from services.followup.domain.policy import LADDER, Term
from services.followup.domain.reckoning import Reckoning, may_move
from shared.contracts import followup
from shared.contracts.calendar import Calendar

MERGED = "merged"
"""Why a date moved."""
_STOOD_STILL = (Term.RESPOND, Term.COMPLETE, *LADDER, Term.APPEAL)


def rested(state: Case, at: datetime) -> Case:
    """Take in that it follows another; a closing that was announced is announced anew."""
    return replace(state, merged=True, merged_at=at, rests=state.rests + 1, closes_on=None)


def roused(state: Case, at: datetime, calendar: Calendar) -> Case:
    """Take in that it was separated: what ran when it was merged has the days of rest beside.

    Nobody was allowed to answer meanwhile. What had run out before stays as it was.
    """
    began, state = state.merged_at, replace(state, merged=False, merged_at=None)
    for clock in _STOOD_STILL:
        due = state.dues.get(clock)
        if due is None or due.started_on is None or began is None or not may_move(state, clock):
            continue
        if calendar.end_of(due.due_on) > began:
            since = max(calendar.local_day(began), due.started_on)
            days = calendar.between(since, calendar.local_day(at))
            state = state.with_due(clock, replace(due, paused=due.paused + days))
    return state


def moved(state: Case, reckoning: Reckoning) -> Iterator[followup.DueDateMoved]:
    """Say which dates of a case that was separated are others, by the days it stood still."""
    for clock, was, now in reckoning.moves(state):
        yield followup.DueDateMoved(
            clock=clock, was=was, due_on=now, because=MERGED, agency=state.agency
        )
