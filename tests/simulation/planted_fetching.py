"""Planted faults of files that publishers name: each switches one of their rules off."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.intake.domain import acts
from services.intake.domain.complaint import Complaint
from services.intake.store import SHAPE
from tests.simulation import parts

Plant = pytest.MonkeyPatch


def keep_what_is_not_awaited(plant: Plant) -> None:
    """A file that comes is kept, whatever was said of it meanwhile."""
    plant.setattr(acts, "promise_of", lambda _state, _named: True)


def archive_what_is_awaited(plant: Plant) -> None:
    """A complaint that is over rests, though a file of it is still to be fetched."""

    def closed(state: Complaint) -> bool:
        return state.status == "withdrawn"

    plant.setattr(parts, "COMPLAINTS", replace(SHAPE, closed=closed))
