"""Whether what a reporter says can still change anything, and whether it is about to."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from services.intake.domain.complaint import Complaint
from shared.contracts.appeal import ReporterAppealed
from shared.contracts.attachment import AttachmentAdded
from shared.contracts.fact import Row
from shared.contracts.intake import ComplaintAmended, ReporterRated, ReporterReplied
from shared.runtime.document import Document


class Unheeded(NamedTuple):
    """Why a reply changes nothing: ``archived``, ``closed``, or ``over`` since ``until``."""

    why: str
    until: date | None = None


def unheeded(state: Complaint, day: date) -> Unheeded | None:
    """Say why a reply of a local day changes nothing; None where it does, or may.

    It is taken all the same. As far as has been heard: followup decides by when it was written.
    """
    if state.status == "archived":
        return Unheeded("archived")
    if state.status != "resolved":
        return None
    if state.reopen_by is None:
        return Unheeded("closed")
    return None if day <= state.reopen_by else Unheeded("over", state.reopen_by)


def on_its_way(document: Document[Complaint], day: date) -> bool:
    """Say whether others will go on by what the reporter said, and have not as far as heard.

    Whose move it is then they decide, when they hear it: until then nobody can say here.
    """
    state = document.state
    if state.changed_at is None or unheeded(state, day):
        return False
    told = max((state.changed_at, *(ruling.at for ruling in state.rulings)))
    rows = (row for row in document.facts if _moves(row, state))
    return any(datetime.fromisoformat(row["at"]) > told for row in rows)


def _moves(row: Row, state: Complaint) -> bool:
    match row["type"], state.status:
        case ReporterReplied.type, "answered" | "resolved" | "deferred":
            return True
        case ComplaintAmended.type | AttachmentAdded.type, "deferred":
            return True
        case ReporterRated.type, "answered":
            return row["data"].get("solved") is not None
        case ReporterRated.type, "resolved":
            return row["data"].get("solved") is False
        case ReporterAppealed.type, "resolved":
            return state.appeal_by is None
    return False
