"""What was overtaken is not sent: a notice whose sentence a later fact has made wrong.

Streams come in any order, and a notice may wait: for a mail server, a morning, a clerk. So each is
held against what is known by then. What can no longer become true again is dropped; what rests
while the report follows another, or is answered, waits (``Notices.rests``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from msgspec.structs import replace

from services.notification.domain.audiences import (
    ASKED,
    BY_PAIR,
    DECLINED,
    DEFERRED,
    EVER,
    MOOT,
    OBJECTED,
    ROUTED,
)
from services.notification.domain.notice import Lost, Notices, Pending, Told
from shared.contracts import followup
from shared.contracts.fact import Fact

_REFUSED = "appeal.refused.v1"
_CLOSING, _RESOLVED, _REOPENED = "closing.announced.v1", "case.resolved.v1", "case.reopened.v1"
_MERGED, _UNMERGED = "complaint.merged.v1", "complaint.unmerged.v1"
_ARCHIVED, _RESTORED = "complaint.archived.v1", "complaint.restored.v1"
_OVERDUE = ("deadline.missed.v1", "case.escalated.v1")
_DRAFTS = ("response.drafted.v1", "draft.returned.v1")
_APPEALED = ("appeal.filed.v1", "appeal.missed.v1")
_INTERIM = (_CLOSING, *_OVERDUE, *_DRAFTS)
ENDS: Mapping[str, Collection[str]] = {
    "complaint.verified.v1": (DEFERRED,),
    ROUTED: (DEFERRED,),
    DEFERRED: (DEFERRED,),
    "complaint.resumed.v1": (DEFERRED,),
    _ARCHIVED: (DEFERRED, _RESTORED),
    _RESTORED: (_ARCHIVED,),
    _MERGED: (DEFERRED, _UNMERGED),
    _UNMERGED: (_MERGED, "main.progressed.v1"),
    "case.opened.v1": (_RESOLVED, *_APPEALED),
    "case.assigned.v1": ("case.assigned.v1",),
    "draft.returned.v1": _DRAFTS,
    "response.drafted.v1": _DRAFTS,
    "response.given.v1": (*_INTERIM, _REOPENED),
    _CLOSING: (_CLOSING,),
    _RESOLVED: (*_INTERIM, _REOPENED, "completion.missed.v1", "case.assigned.v1"),
    _REOPENED: (_CLOSING, _RESOLVED, *_APPEALED, MOOT),
    "appeal.decided.v1": _APPEALED,
}
"""By fact, what the same stream said before that it makes wrong: a notice may wait longer than the
next one, for a second attempt or for the end of the quiet hours. What ends an objection by taking
the report up again says both."""


def outdate(state: Notices, fact: Fact) -> Notices:
    """Take in what a fact makes wrong of what waits and its own stream said before."""
    if not (ends := _ends(fact)):
        return state
    if _REOPENED in ends:
        state = replace(
            state,
            pending=tuple(map(_plainly, state.pending)),
            lost=tuple(map(_plainly, state.lost)),
        )
    pending = tuple(replace(p, over=True) if _in(ends, p) else p for p in state.pending)
    return replace(state, pending=pending)


def _plainly(each: Told) -> Told:
    """Say of an objection no more than that it ended, once the reopening that ended it is over."""
    ended = each.wording in (MOOT, OBJECTED)
    return replace(each, about=_REFUSED, wording=None) if ended else each


def let_go(state: Notices, fact: Fact) -> Notices:
    """Send nothing again that a fact has made wrong.

    It comes after the notices of that fact: what was lost may have to be said by them.
    """
    lost = tuple(each for each in state.lost if not _in(_ends(fact), each))
    return state if len(lost) == len(state.lost) else replace(state, lost=lost)


def _ends(fact: Fact) -> Collection[str]:
    interim = isinstance(fact.data, followup.ResponseGiven) and fact.data.interim
    return _INTERIM if interim else ENDS.get(fact.type, ())


def _in(ends: Collection[str], each: Pending | Lost) -> bool:
    return each.about in ends or each.wording in ends


def current(state: Notices) -> Notices:
    """Drop what was overtaken; an attempt that is under way ends by itself."""
    pending = tuple(p for p in state.pending if p.trying or not (p.over or _overtaken(state, p)))
    lost = tuple(each for each in state.lost if not _overtaken(state, each))
    if (len(pending), len(lost)) == (len(state.pending), len(state.lost)):
        return state
    return replace(state, pending=pending, lost=lost).tidy


def _overtaken(state: Notices, each: Pending | Lost) -> bool:
    """Say whether a notice says what another stream has made wrong, for good."""
    line, turns = BY_PAIR.get((each.about, each.recipient)), state.turns
    if line is None or line.holds == EVER:
        return False
    taken_back = each.about == _CLOSING and each.merges < turns.merges
    if state.owed.withdrawn or taken_back or not each.turn:
        return state.owed.withdrawn or taken_back
    if each.about == DECLINED:
        return each.turn <= turns.settled
    if each.about == ASKED and (each.turn < turns.routed or each.audience in state.owed.given):
        return True
    done = each.about == ROUTED and each.turn <= turns.answered
    return done or each.turn < turns.began or each.turn <= turns.declined
