"""What happened to a complaint at the other services, as its reporter reads it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from services.intake.domain.dates import Dates
from shared.contracts import followup, routing
from shared.contracts.fact import NOTHING, Fact, Pair, Payload
from shared.contracts.sequence import Happened, in_order

Has = TypeVar("Has", bound="Trailing")

SHOWN: tuple[type[Payload], ...] = (
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


class Step(Struct, frozen=True, omit_defaults=True):
    """One thing that another service did; ``until`` is the date that it names.

    ``pair``, ``name`` and ``cause`` put it in order; what was kept before has none.
    """

    at: datetime
    what: str
    agency: str = ""
    until: date = date.min
    category: str = ""
    area: str = ""
    """What a coordinator found it to be about, and where."""
    text: str = ""
    """What the agency wrote to the reporter as it closed the case."""
    how: str = ""
    """How it was closed: ``confirmed``, ``lapsed`` or ``officer``; else empty."""
    pair: Pair = NOTHING
    name: str = ""
    cause: str = ""

    @property
    def happened(self) -> Happened:
        """Give its place among what others told."""
        return Happened(self.at, self.what, self.pair, self.name, self.cause)


class Trailing(Dates, frozen=True, omit_defaults=True):
    """What other services did, as people read it: in whatever order the streams were heard."""

    trail: tuple[Step, ...] = ()


def hear_step(state: Has, fact: Fact) -> Has:
    """Take in what moved the complaint on; total."""
    said = fact.data
    if not isinstance(said, SHOWN):
        return state
    dates = (fact.said(name) for name in _UNTIL)
    until = next((each for each in dates if each), date.min)
    place = Happened.of(fact)
    agency = fact.said("agency") or ""
    step = Step(
        fact.at,
        fact.type,
        agency,
        until,
        pair=fact.pair,
        name=place.name,
        cause=place.cause,
    )
    if isinstance(said, routing.ComplaintVerified):
        step = replace(step, category=said.category or "", area=said.area or "")
    if isinstance(said, followup.CaseResolved):
        step = replace(step, text=said.note or "", how=said.how or "")
    trail = in_order((*state.trail, step), lambda each: each.happened)
    return replace(state, trail=tuple(trail))
