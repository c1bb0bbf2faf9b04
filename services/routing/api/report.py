"""What the reporter said, as the coordinator reads it."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel

from services.routing.domain.reported import Reported


class ReportOut(BaseModel):
    """The report, with what its reporter put right since; nothing of what was erased."""

    kind: str | None
    title: str | None
    text: str | None
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
    replies: list[str]
    """The newest things its reporter added."""
    files: int
    """How many files stand beside it; they are listed and fetched at intake."""


def report_of(state: Reported) -> dict[str, Any]:
    """Give the fields of a ``ReportOut``."""
    return {
        "kind": state.kind,
        "title": state.title,
        "text": state.text,
        "place": state.spot,
        "point": state.point,
        "occurred_on": state.occurred_on,
        "continues": state.continues,
        "answers": state.answers,
        "amendments": state.amendments,
        "replies": list(state.replies),
        "files": len(state.files),
    }
