"""What happened to a complaint at the other services, as its reporter reads it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from services.intake.domain.dates import Dates
from shared.contracts import followup, routing
from shared.contracts.fact import Fact, Payload

Has = TypeVar("Has", bound="Trailing")

_SHOWN: tuple[type[Payload], ...] = (
    routing.ComplaintVerified,
    routing.ComplaintRouted,
    routing.ComplaintDeferred,
    routing.ComplaintResumed,
    routing.ComplaintArchived,
    routing.ComplaintRestored,
    routing.ComplaintMerged,
    routing.ComplaintUnmerged,
    followup.DispositionDeclined,
    followup.ClosingAnnounced,
    followup.CaseResolved,
    followup.CaseReopened,
    followup.AppealFiled,
)
"""What moved the complaint on; answers and rulings are kept with their words."""
_UNTIL = ("complete_by", "closes_on", "reopen_by", "decide_by")
"""Fields with the date that a step names."""


class Step(Struct, frozen=True, order=True, omit_defaults=True):
    """One thing that another service did; ``until`` is the date that it names."""

    at: datetime
    what: str
    agency: str = ""
    until: date = date.min
    category: str = ""
    area: str = ""
    """What a coordinator found it to be about, and where."""


class Trailing(Dates, frozen=True, omit_defaults=True):
    """What other services did, in order of time: that between their streams does not matter."""

    trail: tuple[Step, ...] = ()


def hear_step(state: Has, fact: Fact) -> Has:
    """Take in what moved the complaint on; total."""
    said = fact.data
    if not isinstance(said, _SHOWN):
        return state
    dates = (getattr(said, name, None) for name in _UNTIL)
    until = next((each for each in dates if each), date.min)
    step = Step(fact.at, fact.type, getattr(said, "agency", ""), until)
    if isinstance(said, routing.ComplaintVerified):
        step = replace(step, category=said.category or "", area=said.area or "")
    return replace(state, trail=tuple(sorted((*state.trail, step))))
