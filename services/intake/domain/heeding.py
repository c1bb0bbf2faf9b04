"""Whether what a reporter writes can still change anything."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from services.intake.domain.complaint import Complaint


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
