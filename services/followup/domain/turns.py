"""What another turn leaves as it is."""

from __future__ import annotations

from msgspec.structs import replace

from services.followup.domain.case import Case
from services.followup.domain.stages import DESKS


def stays(state: Case, agency: str) -> bool:
    """Say whether a turn of an agency changes only who contributes.

    The agency has the case on its desk already and goes on with it as it was.
    """
    return state.agency == agency and state.stage in DESKS


def anew(state: Case) -> Case:
    """Open a case for who has not had it: no answer and no end of before stands."""
    state = replace(state, stage="open", answer=None, reopened_because=None, closes_on=None)
    return replace(state, ending=None, resolved_at=None, how=None)
