"""What the reporter's word about an answer does: it ends the case, or takes it up again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from msgspec.structs import replace

from services.followup.domain.case import Case
from services.followup.domain.due import Due
from services.followup.domain.policy import Term
from shared.contracts import followup, intake, routing
from shared.contracts.calendar import Calendar
from shared.contracts.fact import Fact, Payload

CONFIRMED = "confirmed"
"""How a case ends that its reporter found done."""
REPLY, REJECTED = "reply", "rejected"
"""Why a case goes on."""
LATE, MOOT = "late", "moot"
"""Why nobody decides on an objection, beside that its reporter found the case done."""
REOPENED, MOVED, WITHDRAWN, MERGED = "reopened", "moved", "withdrawn", "merged"
"""What made it moot."""
_ENDED_BY = {routing.ComplaintRouted.type: MOVED, intake.ComplaintWithdrawn.type: WITHDRAWN}


def of_word(state: Case, fact: Fact, now: datetime, calendar: Calendar) -> Iterator[Payload]:
    """Say what follows from what a reporter wrote, or found of an answer.

    A verdict counts for the answer or the end that it names, while that one stands: who has not
    read the next answer has not judged it. One that comes too late for the completion date leaves
    the missed date first.
    """
    match fact.data:
        case intake.ReporterReplied() if _takes_up(state, fact.at, calendar):
            yield from dropped(state, fact)
            yield goes_on(state, REPLY, now, calendar)
        case intake.ReporterRated(about=about, solved=True) if _confirms(state, about):
            due_on = dict(state.running()).get(Term.COMPLETE)
            if due_on and calendar.end_of(due_on) <= fact.at:
                yield followup.CompletionMissed(due_on=due_on, agency=state.agency)
            yield followup.CaseResolved(agency=str(state.agency), how=CONFIRMED)
        case intake.ReporterRated(about=about, solved=False):
            judged = about in (state.answer, state.ending) and not state.rest
            if judged and (state.stage == "answered" or _reopens(state, fact.at, calendar)):
                yield from dropped(state, fact)
                yield goes_on(state, REJECTED, now, calendar)


def objected(
    state: Case, about: str, at: datetime, decide_by: date, calendar: Calendar
) -> Iterator[Payload]:
    """Say what follows from an objection: a senior decides, or its reporter is told why nobody.

    In time is who objects to the end that stands before the days to reopen are over. Where an
    objection to this end waits already, its decision answers both.
    """
    stands = about == state.ending and not state.withdrawn
    if stands and state.appeal is None and _reopens(state, at, calendar):
        yield followup.AppealFiled(agency=str(state.agency), decide_by=decide_by)
    elif not stands:
        yield _moot(state, about, _overtaken_by(state))
    elif state.how == CONFIRMED:
        yield followup.AppealRefused(about=about, because=CONFIRMED, agency=state.agency)
    elif state.appeal is None and _in_time(state, at, calendar):  # it rests
        yield _moot(state, about, MERGED)
    elif state.appeal is None:
        until = state.due_on(Term.REOPEN)
        yield followup.AppealRefused(about=about, because=LATE, until=until, agency=state.agency)


def of_appeal(state: Case, fact: Fact) -> Case:
    """Take in that an objection waits for a senior, or was decided."""
    match fact.data:
        case followup.AppealFiled(decide_by=decide_by):
            return replace(state, appeal=decide_by, appeal_outcome=None)
        case followup.AppealDecided(outcome=outcome):
            return replace(state, appeal=None, appeal_outcome=outcome)
        case followup.AppealRefused(about=about) if about == state.ending:
            return replace(state, appeal=None)
        case followup.CaseOpened():
            return replace(state, appeal=None)
    return state


def dropped(state: Case, fact: Fact) -> Iterator[Payload]:
    """Tell a reporter whose objection waits that nobody decides on it: its end stands no more."""
    if state.appeal is not None and state.ending is not None:
        yield _moot(state, state.ending, _ENDED_BY.get(fact.type, REOPENED))


def _moot(state: Case, about: str, moot_by: str | None) -> Payload:
    return followup.AppealRefused(about=about, because=MOOT, moot_by=moot_by, agency=state.agency)


def _overtaken_by(state: Case) -> str | None:
    """Say why an end stands no more; None where nothing here says it.

    Of a case that was reopened and moved nobody knows here which came first; and one that is
    closed once more is open to nobody who reads that it was reopened.
    """
    if state.withdrawn:
        return WITHDRAWN
    if state.turn > 1:
        return None if state.reopenings else MOVED
    return REOPENED if state.reopenings and state.stage != "resolved" else None


def _takes_up(state: Case, at: datetime, calendar: Calendar) -> bool:
    """Say whether what the reporter wrote at a time takes the work up again.

    It must be about the answer, not from before it. After the end it counts for as long as the
    policy says; so does what was written in time and heard only after a closing in silence.
    """
    if state.rest or state.agency is None:
        return False
    if state.answered_at is None or at <= state.answered_at:
        return False
    return state.stage == "answered" or _reopens(state, at, calendar)


def _reopens(state: Case, at: datetime, calendar: Calendar) -> bool:
    stands = state.stage == "resolved" and not state.rest and state.how != CONFIRMED
    return stands and _in_time(state, at, calendar)


def _in_time(state: Case, at: datetime, calendar: Calendar) -> bool:
    until = state.due_on(Term.REOPEN)
    return until is not None and at < calendar.end_of(until)


def _confirms(state: Case, about: str) -> bool:
    return about == state.answer and state.closable and not state.rest


def goes_on(state: Case, because: str, now: datetime, calendar: Calendar) -> Payload:
    """Take the case up; its completion clock stood still while it was closed."""
    due_on = state.due_on(Term.COMPLETE)
    complete_by = due_on and calendar.after(due_on, _stood_still(state, now, calendar))
    agency = str(state.agency)
    return followup.CaseReopened(agency=agency, because=because, complete_by=complete_by)


def reopened(state: Case, said: followup.CaseReopened, at: datetime, calendar: Calendar) -> Case:
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
        ending=None,
        appeal=None,
        answer=None if said.because == REJECTED else state.answer,
    )


def _stood_still(state: Case, now: datetime, calendar: Calendar) -> int:
    if state.resolved_at is None or Term.COMPLETE in state.missed:
        return 0
    return calendar.between(calendar.local_day(state.resolved_at), calendar.local_day(now))
