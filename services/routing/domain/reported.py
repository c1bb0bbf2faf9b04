"""What its reporter said of a complaint: when filing it, and after."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from shared.contracts import intake
from shared.contracts.attachment import AttachmentAdded
from shared.contracts.fact import Fact
from shared.contracts.vocabulary import Kind

Reports = TypeVar("Reports", bound="Reported")

MOST_REPLIES = 5
"""Replies kept for the coordinator, the newest: the others are intake's to show."""


class Reported(Struct, frozen=True, omit_defaults=True):
    """The report as its coordinator reads it; what was filed stays as it was."""

    kind: Kind | None = None
    title: str | None = None
    text: str | None = None
    area: str | None = None
    area_found: bool = False
    """A coordinator put it right: what the reporter corrects later changes it no more."""
    spot: str | None = None
    """The place in the reporter's words."""
    point: tuple[float, float] | None = None
    """Latitude and longitude, in degrees."""
    occurred_on: date | None = None
    continues: str | None = None
    """Number of the report that it goes on from, in the reporter's word."""
    answers: tuple[tuple[str, str], ...] = ()
    """Question and answer."""
    amendments: tuple[str, ...] = ()
    """What the reporter added, oldest first."""
    replies: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    """What was put beside the report, each once; who may look at it asks intake."""
    said_at: datetime | None = None
    """When the reporter last said more, or a file was put beside the report."""
    withdrawn: bool = False
    erased_at: datetime | None = None
    """When the reporter was first erased: from then on what officers wrote is looked through."""


def of_reporter(state: Reports, fact: Fact) -> Reports:
    """Take in what the reporter did after filing."""
    match fact.data:
        case intake.ReporterReplied(text=text):
            replies = (*state.replies, text)[-MOST_REPLIES:]
            return replace(state, replies=replies, said_at=fact.at)
        case intake.ComplaintAmended() as said:
            return replace(
                state,
                amendments=(*state.amendments, said.text),
                said_at=fact.at,
                area=state.area if state.area_found else said.area or state.area,
                spot=said.place or state.spot,
                point=said.point.pair if said.point else state.point,
                occurred_on=said.occurred_on or state.occurred_on,
            )
        case AttachmentAdded(attachment=file):
            files = state.files if file in state.files else (*state.files, file)
            return replace(state, files=files, said_at=fact.at)
        case intake.ComplaintWithdrawn():
            return replace(state, withdrawn=True)
        case intake.ReporterErased():
            state = replace(state, erased_at=state.erased_at or fact.at)
            state = replace(state, title=None, text=None, spot=None, point=None, occurred_on=None)
            state = replace(state, continues=None)
            return replace(state, answers=(), amendments=(), replies=(), files=())
    return state
