"""From what happened to when the clocks run out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from msgspec.structs import replace

from services.followup.domain.case import Case
from services.followup.domain.due import Due
from services.followup.domain.policy import Limit, Moment, Policies, Policy, Term
from shared.contracts.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Reckoning:
    """Counts by the policy that a complaint was born under, on the calendar of this node."""

    calendar: Calendar
    policies: Policies

    def policy_of(self, state: Case) -> Policy:
        """Give the version a complaint was born under: in force when it was received.

        While only its disposition was heard, that of the disposition's day.
        """
        born = state.received_at or state.disposed_at
        return (
            self.policies.on(self.calendar.local_day(born)) if born else self.policies.versions[-1]
        )

    def started(self, state: Case) -> Case:
        """Start each clock that what has happened starts; one that was counted stays as it is.

        Counted again is only what starts at another moment, or has another length, than before:
        a later response, a complaint found to need an inspection. The first response's date stands
        once it was told.
        """
        policy = self.policy_of(state)
        dues = dict(state.dues)
        for clock, limit in policy.of(state.matter).items():
            began: datetime | None = getattr(state, f"{start_of(state, limit)}_at", None)
            if began is None:
                continue
            day, known = self.calendar.local_day(began), dues.get(clock)
            if known is None or not (known.has(day, limit.days) or _told(state, clock, known)):
                paused = known.paused if known else 0
                due_on = self.calendar.after(day, limit.days + paused)
                dues[clock.value] = Due(due_on, day, limit.days, paused)
            elif known.started_on is None:
                dues[clock.value] = replace(known, started_on=day, days=limit.days)
        if policy.limit(Term.COMPLETE, state.matter) is None:
            dues.pop(Term.COMPLETE, None)  # begun before it was known to be an aspiration
        return state if dues == state.dues else replace(state, dues=dues)

    def moves(self, state: Case) -> Iterator[tuple[Term, date, date]]:
        """Give each running clock that runs out on another date by today's calendar."""
        for clock in Term:
            due = state.dues.get(clock)
            if due is None or due.started_on is None or not may_move(state, clock):
                continue
            now = self.calendar.after(due.started_on, due.days + due.paused)
            if now != due.due_on:
                yield clock, due.due_on, now


def start_of(state: Case, limit: Limit) -> Moment:
    """Name what starts a clock; that of verifying starts anew when a report comes back."""
    anew = limit.clock is Term.VERIFY and state.returned_at is not None
    return Moment.RETURNED if anew else limit.start


def may_move(state: Case, clock: Term) -> bool:
    """Say whether a date may still move, be it at rest: that of an announced closing stands."""
    state = replace(state, merged=False)
    if clock is Term.REPLY:
        return state.stage == "answered" and state.closing is None
    return state.runs(clock)


def _told(state: Case, clock: Term, due: Due) -> bool:
    """Say whether a date was told to others and must not follow what is heard later."""
    return (clock is Term.RESPOND and state.turn > 0) or due.started_on is None
