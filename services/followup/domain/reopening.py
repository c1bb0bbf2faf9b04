"""When the reporter takes a case up again, and what then becomes of its completion clock."""

from __future__ import annotations

from datetime import date, datetime

from msgspec.structs import replace

from services.followup.domain.case import Case, Due
from services.followup.domain.policy import Term
from shared.contracts.calendar import Calendar
from shared.contracts.followup import CaseReopened

CONFIRMED = "confirmed"
"""How a case ends that its reporter found done."""


def takes_up(state: Case, at: datetime, calendar: Calendar) -> bool:
    """Say whether what the reporter wrote at a time takes the work up again.

    It must be about the answer, not from before it. After the end it counts for as long as the
    policy says; so does what was written in time and heard only after a closing in silence.
    """
    if state.agency is None or state.answered_at is None or at <= state.answered_at:
        return False
    if state.stage == "answered":
        return True
    until = state.due_on(Term.REOPEN)
    if state.stage != "resolved" or until is None or state.how == CONFIRMED:
        return False
    return at < calendar.end_of(until)


def goes_on(state: Case, now: datetime, calendar: Calendar) -> date | None:
    """Give the completion date of a case that is taken up: its clock stood still while closed."""
    due_on = state.due_on(Term.COMPLETE)
    return due_on and calendar.after(due_on, _stood_still(state, now, calendar))


def reopened(state: Case, said: CaseReopened, at: datetime, calendar: Calendar) -> Case:
    """Take a case up again."""
    complete_by = said.complete_by
    paused = _stood_still(state, at, calendar)
    if complete_by is not None and Term.COMPLETE not in state.missed:
        due = state.dues.get(Term.COMPLETE) or Due(complete_by)
        due = replace(due, due_on=complete_by, paused=due.paused + paused)
        state = state.with_due(Term.COMPLETE, due)
    return replace(
        state,
        stage="open",
        reopenings=state.reopenings + 1,
        reopened_because=said.because,
        closes_on=None,
        resolved_at=None,
        how=None,
    )


def _stood_still(state: Case, now: datetime, calendar: Calendar) -> int:
    if state.resolved_at is None or Term.COMPLETE in state.missed:
        return 0
    return calendar.between(calendar.local_day(state.resolved_at), calendar.local_day(now))
