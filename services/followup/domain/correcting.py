"""A date that was told to others and is another, or none: they are told so."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from services.followup.domain.case import Case
from services.followup.domain.due import Due
from services.followup.domain.policy import Term
from shared.contracts import followup
from shared.contracts.fact import Fact, Payload
from shared.contracts.lateness import DueDateLifted, DueDateMoved

CALENDAR, KIND = "calendar", "kind"
"""Why a date moved: the calendar was amended; what the report asks for was heard only then."""


def of_date(state: Case, fact: Fact) -> Case:
    """Take in which date was told for a clock."""
    match fact.data:
        case followup.CaseOpened(complete_by=by):
            return replace(state, complete_by=by)
        case followup.CaseReopened(complete_by=by) if by is not None:
            return replace(state, complete_by=by)
        case DueDateLifted(clock=Term.COMPLETE):
            return replace(state, complete_by=None)
        case DueDateMoved(clock=clock, due_on=due_on) as said if clock in set(Term):
            due = state.dues.get(clock)
            if clock == Term.APPEAL:
                state = replace(state, appeal=due_on)
            elif clock == Term.COMPLETE:
                state = replace(state, complete_by=due_on)
                if due is None and state.received_at is not None:
                    return state  # its kind, which was not known by then, has none
            due = due or Due(due_on)
            was = said.was if said.because == CALENDAR else due.moved_from
            due = replace(due, paused=said.paused or due.paused)
            return state.with_due(Term(clock), replace(due, due_on=due_on, moved_from=was))
    return state


def corrected(state: Case) -> Iterator[Payload]:
    """Say by when a case is to be done that was opened before its complaint was heard."""
    was, due_on = state.complete_by, state.due_on(Term.COMPLETE)
    if was is None or was == due_on:
        return
    if due_on is None:
        yield DueDateLifted(clock=Term.COMPLETE, was=was, because=KIND, agency=state.agency)
    else:
        yield DueDateMoved(
            clock=Term.COMPLETE, was=was, due_on=due_on, because=KIND, agency=state.agency
        )
