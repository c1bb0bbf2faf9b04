"""What happens because time passed: each clock that ran out leaves its fact, once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from services.followup.domain.case import Case
from services.followup.domain.policy import LADDER, Policy, Term
from shared.contracts import followup
from shared.contracts.calendar import Calendar
from shared.contracts.fact import Payload
from shared.contracts.lateness import AppealMissed
from shared.contracts.vocabulary import Clock

NEVER = datetime.min.replace(tzinfo=UTC)
"""Up to when a stream was heard of which nothing is known."""
LAPSED = "lapsed"
_WHOEVER_HAS_IT = (Term.COMPLETE, *LADDER)
"""Clocks that run for an agency, and for the coordinator while none has the case."""


def ran_out(
    state: Case, calendar: Calendar, heard: Mapping[str, datetime] | None, now: datetime
) -> tuple[Term, date] | None:
    """Give the clock that ran out first and was not recorded; None where there is none.

    What hangs on somebody's silence is judged only up to when that one's stream was heard;
    ``heard`` is None where everything was.
    """
    for clock, due_on in sorted(state.running(), key=lambda each: each[1]):
        stream = awaits(state, clock)
        until = now
        if stream is not None and heard is not None:
            until = min(now, heard.get(stream, NEVER))
        if calendar.end_of(due_on) <= until:
            return clock, due_on
    return None


def awaits(state: Case, clock: Term) -> str | None:
    """Name the stream on whose silence a clock hangs; None where it hangs on the agency."""
    if clock is Term.VERIFY or (state.holder is None and clock in _WHOEVER_HAS_IT):
        return "dispositions"
    return "complaints" if clock in (Term.NOTICE, Term.REPLY) else None


def consequence(
    state: Case, clock: Term, due_on: date, calendar: Calendar, policy: Policy, today: date
) -> Payload:
    """Say what follows from a clock that ran out; no agency is late with what it does not have."""
    agency = state.holder
    match clock:
        case Term.VERIFY | Term.RESPOND:
            return followup.DeadlineMissed(clock=Clock(clock), due_on=due_on, agency=agency)
        case Term.SUPERIOR | Term.OVERSIGHT:
            return followup.CaseEscalated(level=clock.value, due_on=due_on, agency=agency)
        case Term.NOTICE:
            return followup.ClosingAnnounced(
                agency=str(agency),
                closes_on=_closes_on(state, calendar, policy, today),
                rests=state.rests or None,
            )
        case Term.REPLY:
            until = reopen_by(state, calendar, policy, today)
            return followup.CaseResolved(agency=str(agency), how=LAPSED, reopen_by=until)
        case Term.APPEAL:
            return AppealMissed(due_on=due_on, agency=str(agency))
    return followup.CompletionMissed(due_on=due_on, agency=agency)


def reopen_by(state: Case, calendar: Calendar, policy: Policy, today: date) -> date | None:
    """Give the last day on which a reporter can take up again what is closed today."""
    limit = policy.limit(Term.REOPEN, state.matter)
    return calendar.after(today, limit.days) if limit else None


def _closes_on(state: Case, calendar: Calendar, policy: Policy, today: date) -> date:
    """Give the last day on which a reply is waited for.

    A notice that comes late puts off the closing: the reporter has the days that the policy
    leaves between the two.
    """
    notice, reply = (policy.limit(each, state.matter) for each in (Term.NOTICE, Term.REPLY))
    left = reply.days - notice.days if notice and reply else 1
    return max(state.dues[Term.REPLY].due_on, calendar.after(today, left))


def cause_of(state: Case, clock: Term, due_on: date) -> str:
    """Name what a clock brings about: looked at twice, it is the same."""
    if clock in (Term.NOTICE, Term.REPLY):
        anew = f"{state.responses}/{state.rests}" if state.rests else state.responses
        return f"clock/{clock}/{due_on}/{anew}"  # each answer is waited for anew
    return f"clock/{clock}/{due_on}"
