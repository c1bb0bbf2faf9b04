"""Whether what a reporter writes can still change anything."""

from __future__ import annotations

from datetime import date

from services.intake.domain.complaint import Complaint


def unheeded(state: Complaint, day: date) -> str | None:
    """Say in a sentence why a reply of a local day changes nothing; None where it does, or may.

    It is taken all the same. As far as has been heard: followup decides by when it was written.
    """
    if state.status == "archived":
        return "It is archived; a reply is kept, but nobody takes it up again by it."
    if state.status != "resolved":
        return None
    if state.reopen_by is None:
        return "It is closed; a reply is kept, but does not take it up again. File a new report."
    if day <= state.reopen_by:
        return None
    until = f"It could be taken up again until {state.reopen_by}"
    return f"{until}; a reply is kept, but changes nothing now. File a new report."
