"""How far a report was handed on: what routing told of it, and what followup did."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from services.notification.domain.audiences import AGENCY
from shared.contracts import followup, routing
from shared.contracts.fact import Fact, Payload


class Turns(Struct, frozen=True, omit_defaults=True):
    """The turns (disposisi, from 1) that each of the two has told of; 0 where it told of none.

    Each only grows, and is told on one stream: the order between streams does not matter.
    """

    routed: int = 0
    """The last one."""
    began: int = 0
    """Since which one the same agency has had it."""
    settled: int = 0
    """Up to which one a decline is old news: routing has decided anew since."""
    opened: int = 0
    """The last one of which there was a case."""
    answered: int = 0
    """The last one that was answered, or closed."""
    declined: int = 0
    """The last one that was declined."""
    merges: int = 0
    """How often the report was made to follow another."""


def hear_turns(turns: Turns, fact: Fact, agency: str | None) -> Turns:
    """Take in one fact; ``agency`` had the report before it. Total."""
    if fact.type in followup.FACTS:
        return _hear_case(turns, fact.data)
    match fact.data:
        case routing.ComplaintRouted(agency=to, turn=turn) if turn > turns.routed:
            began = turns.began if to == agency and turns.began else turn
            return replace(turns, routed=turn, began=began, settled=turn - 1)
        case routing.ComplaintDeferred() | routing.ComplaintArchived():
            return replace(turns, settled=turns.routed)
        case routing.ComplaintMerged():
            return replace(turns, merges=turns.merges + 1)
    return turns


def _hear_case(turns: Turns, said: Payload | None) -> Turns:
    match said:
        case followup.CaseOpened(turn=turn):
            return replace(turns, opened=max(turn, turns.opened))
        case followup.ResponseGiven(interim=False) | followup.CaseResolved():
            return replace(turns, answered=turns.opened)
        case followup.DispositionDeclined(turn=turn):
            return replace(turns, declined=max(turn, turns.declined))
    return turns


def turn_of(turns: Turns, fact: Fact, recipient: str) -> int:
    """Say of which turn a notice speaks; 0 where it speaks of none."""
    if (turn := fact.said("turn")) is not None:
        return int(turn)
    if fact.type in followup.FACTS:
        return turns.opened
    return turns.routed if recipient == AGENCY else 0
