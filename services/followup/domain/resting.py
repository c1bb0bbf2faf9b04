"""A case that follows another rests: its clocks stand still, and go on when it is separated."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from msgspec.structs import replace

from services.followup.domain.case import Case
from services.followup.domain.policy import LADDER, Term
from services.followup.domain.reckoning import may_move
from shared.contracts.calendar import Calendar
from shared.contracts.lateness import DueDateMoved

MERGED = "merged"
"""Why a date moved."""
_STOOD_STILL = (Term.RESPOND, Term.COMPLETE, *LADDER, Term.APPEAL)


def rested(state: Case, at: datetime) -> Case:
    """Take in that it follows another; a closing that was announced is announced anew."""
    return replace(state, merged=True, merged_at=at, rests=state.rests + 1)


def roused(state: Case, at: datetime, calendar: Calendar) -> Iterator[DueDateMoved]:
    """Say which dates of a case that was separated are others, by the days it stood still.

    Nobody was allowed to answer meanwhile. What had run out before stays as it was.
    """
    began = state.merged_at
    for clock in _STOOD_STILL:
        due = state.dues.get(clock)
        if due is None or due.started_on is None or began is None or not may_move(state, clock):
            continue
        since = max(calendar.local_day(began), due.started_on)
        days = calendar.between(since, calendar.local_day(at))
        if calendar.end_of(due.due_on) > began and days:
            paused = due.paused + days
            yield DueDateMoved(
                clock=clock,
                was=due.due_on,
                due_on=calendar.after(due.started_on, due.days + paused),
                because=MERGED,
                paused=paused,
                agency=state.agency,
            )
