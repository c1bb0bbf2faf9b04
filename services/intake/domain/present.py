"""What a report is about and where: as its reporter said, and as it stands now."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from services.intake.domain.complaint import Complaint
from shared.runtime.document import Document


class Subject(NamedTuple):
    """A category (None where none was chosen) and the code of an area."""

    category: str | None
    area: str


def told(document: Document[Complaint], by: datetime | None = None) -> Subject:
    """Give what its reporter had said last by a moment, or until now."""
    first, *later = document.facts
    rows = [first, *(row for row in later if not by or datetime.fromisoformat(row["at"]) <= by)]
    areas = (row["data"].get("area") for row in reversed(rows))
    return Subject(rows[0]["data"].get("category"), next(str(each) for each in areas if each))


def present(document: Document[Complaint]) -> Subject:
    """Give what a coordinator found, else what its reporter said last."""
    said, state = told(document), document.state
    return Subject(state.category or said.category, state.area or said.area)
