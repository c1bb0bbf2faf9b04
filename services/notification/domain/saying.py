"""What a notice says beside its fact's name: which wording, and which date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec.structs import replace

from services.notification.domain.audiences import (
    AGENCY,
    ASKED,
    CONFIRMED,
    DISMISSED,
    INTERIM,
    LAPSED,
    MOOT,
    OBJECTED,
    ROUTED,
    UPHELD,
)
from services.notification.domain.notice import Lost, Notices, Pending, Told
from shared.contracts import followup
from shared.contracts.fact import Fact
from shared.contracts.lateness import AppealMissed, DueDateLifted, DueDateMoved

_CLOCKS: Mapping[str, str] = {
    INTERIM: "complete",
    followup.ResponseGiven.type: "reply",
    followup.ClosingAnnounced.type: "reply",
    followup.AppealFiled.type: "appeal",
}
"""By what is said, the clock whose date it names."""
_ENDS: Mapping[str | None, str] = {"confirmed": CONFIRMED, "lapsed": LAPSED}
_RULED: Mapping[str, str] = {"upheld": UPHELD, "dismissed": DISMISSED}
_OWED = (
    ROUTED,
    ASKED,
    followup.CaseAssigned.type,
    followup.CaseReopened.type,
    followup.ResponseDrafted.type,
    followup.DraftReturned.type,
    followup.AppealDecided.type,
)
"""What names to an agency the date of what it owes next, as it is when it is said."""


def wording_of(state: Notices, fact: Fact) -> str | None:
    """Name the words for a fact where its type alone does not.

    An interim answer; how a case ended, or an objection was decided; and that a reopening leaves
    one undecided, which is told by the reopening alone where it was not told before, or nobody
    knows that it arrived.
    """
    match fact.data:
        case followup.AppealRefused(moot_by="reopened"):
            return MOOT
        case followup.CaseReopened():
            untold: tuple[Pending | Lost, ...] = (*state.pending, *state.lost)
            return OBJECTED if any(each.wording == MOOT for each in untold) else None
        case followup.ResponseGiven(interim=True):
            return INTERIM
        case followup.CaseResolved(how=how):
            return _ENDS.get(how)
        case followup.AppealDecided(outcome=outcome):
            return _RULED.get(outcome)
    return None


def date_of(state: Notices, fact: Fact) -> date | None:
    """Give the local date that a fact tells of: to reply, to object, to have more by; or missed.

    After an interim answer it is the date of the completion, unless that has passed.
    """
    match fact.data:
        case followup.ResponseGiven(interim=True):
            by = state.owed.complete_by
            # no local day here is before that in UTC
            return by if by and by > fact.at.date() else None
        case followup.ResponseGiven(reply_by=by) | followup.ClosingAnnounced(closes_on=by):
            return by
        case followup.CaseResolved(reopen_by=by) | followup.AppealFiled(decide_by=by):
            return by
        case (
            followup.DeadlineMissed(due_on=by)
            | followup.CompletionMissed(due_on=by)
            | followup.CaseEscalated(due_on=by)
            | AppealMissed(due_on=by)
        ):
            return by
    return None


def told_until(state: Notices, pending: Pending) -> date | None:
    """Give the local date that a notice tells when it is worded."""
    owed = pending.recipient == AGENCY and pending.about in _OWED
    return state.owed.due_on if owed else pending.until


def redated(state: Notices, fact: Fact) -> Notices:
    """Take in that a date was moved, or does not run, while a notice of it waits or was lost."""
    match fact.data:
        case DueDateMoved(clock=clock, due_on=day):
            now: date | None = day
        case DueDateLifted(clock=clock):
            now = None
        case _:
            return state

    def moved(each: Told) -> Told:
        mine = _CLOCKS.get(each.wording or each.about) == clock
        return replace(each, until=now) if each.until is not None and mine else each

    pending, lost = tuple(map(moved, state.pending)), tuple(map(moved, state.lost))
    if (pending, lost) == (state.pending, state.lost):
        return state
    return replace(state, pending=pending, lost=lost)
