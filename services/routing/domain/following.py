"""What one complaint has to know of another: that it follows it, and how far that one is."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from services.routing.domain.disposition import Disposition
from shared.contracts import followup, routing
from shared.contracts.fact import Fact
from shared.contracts.following import ComplaintJoined, MainProgressed

UNHANDLED = ("withdrawn", "archived", "merged")
"""Stages in which nobody handles a complaint that others follow."""
_BECAME = {
    followup.ResponseGiven: "answered",
    followup.CaseResolved: "resolved",
    followup.CaseReopened: "reopened",
}


def of_following(state: Disposition, fact: Fact) -> Disposition:
    """Take in what was merged and separated, and what became of a complaint at its agency."""
    became = _BECAME.get(type(fact.data)) if fact.data is not None else None
    if became is not None:
        return replace(state, progress=became, steps=state.steps + 1)
    match fact.data:
        case routing.ComplaintMerged(main=main, tracking_number=number):
            state = replace(state, main=main, main_number=number, followed=0)
            return replace(state, merged_at=fact.at, merges=state.merges + 1)
        case routing.ComplaintUnmerged():
            return replace(state, main=None, main_number=None)
        case ComplaintJoined():
            return replace(state, leads=True)
        case MainProgressed(nth=nth):
            return replace(state, followed=nth)
    return state


def stale(before: Disposition, after: Disposition) -> Iterable[str]:
    """Name the complaint whose followers have to be looked at again."""
    if after.main is not None and after.main != before.main:
        yield after.main
    ended = after.stage in UNHANDLED and before.stage != after.stage
    if after.leads and (after.steps != before.steps or ended):
        yield after.complaint
