"""What the reporter said, as those read it who answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from services.followup.domain.case import Case
from services.followup.domain.words import Written


class ReportOut(BaseModel):
    """The report of a case, with what was put right since; nothing of what was erased."""

    kind: str | None
    category: str | None
    """What the coordinator found it to be, else what the reporter said."""
    title: str | None
    text: str | None
    area: str | None
    """What the coordinator found, else what the reporter said last; so, too, the fields below."""
    place: str | None
    """In the reporter's words."""
    point: tuple[float, float] | None
    """Latitude and longitude, in degrees."""
    occurred_on: date | None
    continues: str | None
    """Tracking number of the report that it goes on from, in the reporter's word: not looked up."""
    answers: tuple[tuple[str, str], ...]
    """Question and answer."""
    amendments: tuple[str, ...]
    files: int
    """How many files stand beside it; they are listed and fetched at intake."""


class WrittenOut(BaseModel):
    """What the reporter wrote back, and when."""

    at: datetime
    text: str

    @classmethod
    def of(cls, written: Written) -> WrittenOut:
        """Show a reply."""
        return cls(at=written.at, text=written.text)


def report_of(state: Case) -> dict[str, Any]:
    """Give the fields of a ``ReportOut``."""
    return {
        "kind": state.kind,
        "category": state.category,
        "title": state.title,
        "text": state.text,
        "area": state.area,
        "place": state.spot,
        "point": state.point,
        "occurred_on": state.occurred_on,
        "continues": state.continues,
        "answers": state.answers,
        "amendments": state.amendments,
        "files": len(state.files),
    }
