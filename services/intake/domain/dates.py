"""By when whoever must move has to, as followup told it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from shared.contracts import followup
from shared.contracts.fact import Fact
from shared.contracts.lateness import AppealMissed, DueDateLifted, DueDateMoved
from shared.contracts.vocabulary import Clock

Has = TypeVar("Has", bound="Dates")

COMPLETE, APPEAL = "complete", "appeal"
"""Clocks, beside those to verify and to respond, that can run out on an agency."""
_MOVED: Mapping[str, str] = {
    Clock.RESPOND: "respond_by",
    COMPLETE: "complete_by",
    "reply": "reply_by",
    APPEAL: "appeal_by",
}
"""By clock, the date that an amendment of the working calendar moves."""


class Dates(Struct, frozen=True, omit_defaults=True):
    """The dates of a case, local to the node, due at their last second; None: not known, or none.

    ``reply_by`` is when a silent reporter's case ends, ``reopen_by`` until when it can be taken up
    again that was closed, ``appeal_by`` by when the objection that waits is to be decided.
    """

    respond_by: date | None = None
    complete_by: date | None = None
    reply_by: date | None = None
    reopen_by: date | None = None
    appeal_by: date | None = None
    missed: tuple[str, ...] = ()
    """The clocks that ran out, each once."""
    unverified_on: date | None = None
    """The date to verify that was missed last; None where its release did not keep it."""
    returned_at: datetime | None = None
    """When the report came back to the coordinator unverified, last."""

    @property
    def unverified(self) -> bool:
        """Say whether it was not verified in time, since it came back if it did."""
        if self.returned_at is None:
            return Clock.VERIFY in self.missed
        return self.unverified_on is not None and self.unverified_on > self.returned_at.date()


def hear_dates(state: Has, fact: Fact) -> Has:  # noqa: PLR0911
    """Take in which dates run, and which have passed; total."""
    match fact.data:
        case followup.CaseOpened(respond_by=respond_by, complete_by=complete_by):
            # what is waited for in reply stays: the answer may stand, and counts while it does
            state = replace(state, respond_by=respond_by, complete_by=complete_by)
            return replace(state, reopen_by=None, appeal_by=None)
        case followup.ResponseGiven(reply_by=by) | followup.ClosingAnnounced(closes_on=by):
            return replace(state, reply_by=by)
        case followup.CaseResolved(reopen_by=by):
            return replace(state, reopen_by=by)
        case followup.CaseReopened(complete_by=by):
            state = replace(state, complete_by=by or state.complete_by)
            return replace(state, reply_by=None, reopen_by=None, appeal_by=None)
        case followup.AppealFiled(decide_by=by):
            missed = tuple(clock for clock in state.missed if clock != APPEAL)
            return replace(state, appeal_by=by, missed=missed)
        case followup.AppealDecided():
            return replace(state, appeal_by=None)
        case DueDateMoved(clock=clock, due_on=by) if clock in _MOVED:
            return replace(state, **{_MOVED[clock]: by})
        case DueDateLifted(clock=clock) if clock in _MOVED:
            return replace(state, **{_MOVED[clock]: None})
        case followup.DeadlineMissed(clock=Clock.VERIFY, due_on=due_on):
            known = max(due_on, state.unverified_on or due_on)
            state = replace(state, unverified_on=known)
    over = _missed(fact)
    new = over is not None and over not in state.missed
    return replace(state, missed=(*state.missed, over)) if new else state


def _missed(fact: Fact) -> str | None:
    match fact.data:
        case followup.DeadlineMissed(clock=clock):
            return clock
        case followup.CompletionMissed():
            return COMPLETE
        case AppealMissed():
            return APPEAL
    return None
