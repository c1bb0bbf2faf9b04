"""What its reporter said of a complaint: when filing it, and after."""

from __future__ import annotations

from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from shared.contracts import intake
from shared.contracts.fact import Fact

Reports = TypeVar("Reports", bound="Reported")

MOST_REPLIES = 5
"""Replies kept for the coordinator, the newest: the others are intake's to show."""


class Reported(Struct, frozen=True, omit_defaults=True):
    """The report as its coordinator reads it; what was filed stays as it was."""

    title: str | None = None
    text: str | None = None
    area: str | None = None
    area_found: bool = False
    """A coordinator put it right: what the reporter corrects later changes it no more."""
    point: tuple[float, float] | None = None
    """Latitude and longitude, in degrees."""
    answers: tuple[tuple[str, str], ...] = ()
    """Question and answer."""
    amendments: tuple[str, ...] = ()
    """What the reporter added, oldest first."""
    replies: tuple[str, ...] = ()
    withdrawn: bool = False


def of_reporter(state: Reports, fact: Fact) -> Reports:
    """Take in what the reporter did after filing."""
    match fact.data:
        case intake.ReporterReplied(text=text):
            return replace(state, replies=(*state.replies, text)[-MOST_REPLIES:])
        case intake.ComplaintAmended(text=text, area=area, point=point):
            state = replace(state, amendments=(*state.amendments, text))
            where = point.pair if point else state.point
            stands = state.area if state.area_found else area or state.area
            return replace(state, area=stands, point=where)
        case intake.ComplaintWithdrawn():
            return replace(state, withdrawn=True)
        case intake.ReporterErased():
            state = replace(state, title=None, text=None, point=None, answers=())
            return replace(state, amendments=(), replies=())
    return state
