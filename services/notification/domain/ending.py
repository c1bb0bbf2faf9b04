"""What a notice's end, and its being sent again, make of what is known. Pure folds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from services.notification.domain.audiences import DIGEST, PIN, REPORTER
from services.notification.domain.notice import Addressed, Lost, Notices, Pending
from shared.contracts import notification

APART = 1_000
"""Attempts of one round are numbered apart from those of the round before, which may still end."""


def without(state: Notices, notice: str) -> Notices:
    """Take a notice from those that wait."""
    left = tuple(p for p in state.pending if p.notice != notice)
    ended = state.ended if notice in state.ended else (*state.ended, notice)
    return replace(state, pending=left, ended=ended).tidy


def ended(state: Notices, said: notification.Notice, at: datetime) -> Notices:
    """Note how a notice ended, or that it begins once more."""
    mine = next((each for each in state.pending if each.notice == said.notice), None)
    state = without(state, said.notice)
    match said:
        case notification.NoticeSent():
            return replace(state, sent=state.sent + 1)
        case notification.NoticeFailed():
            return replace(state, failed=state.failed + 1)
        case notification.NoticeDead():
            return _lose(replace(state, dead=state.dead + 1), said, "dead", at, mine)
        case notification.NoticeUncertain():
            return _lose(replace(state, uncertain=state.uncertain + 1), said, "uncertain", at, mine)
        case notification.NoticeReplayed():
            return _again(state, said, at)
    return state


def _lose(
    state: Notices, said: notification.Notice, outcome: str, at: datetime, mine: Pending | None
) -> Notices:
    # a PIN is forgotten by now, who still lacks it asks again; of a digest the next one says more
    if said.about in (PIN, DIGEST) or (mine is not None and mine.over):
        return state
    told = _told(mine, said) | {"channel": said.channel, "outcome": outcome, "at": at}
    return replace(state, lost=(*state.lost, Lost(**told)))


def _again(state: Notices, said: notification.Notice, at: datetime) -> Notices:
    rounds = state.rounds.get(said.notice, 0) + 1
    lost = next((each for each in state.lost if each.notice == said.notice), None)
    state = replace(
        state,
        lost=tuple(each for each in state.lost if each.notice != said.notice),
        rounds={**state.rounds, said.notice: rounds},
    )
    if said.audience == REPORTER and state.reachable is False:
        return state
    first = rounds * APART
    again = Pending(**_told(lost, said), attempts=first, uncounted=first, next_at=at, rounds=rounds)
    return replace(state, pending=(*state.pending, again))


def _told(known: Addressed | None, said: notification.Notice) -> dict[str, Any]:
    """Give what a notice tells, and whom; a restored store may know no more than its end says."""
    kept = {each: getattr(known, each) for each in Addressed.__struct_fields__} if known else {}
    return kept | {"notice": said.notice, "about": said.about, "audience": said.audience}
