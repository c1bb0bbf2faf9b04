"""Planted faults of files that publishers name: each switches one of their rules off."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from services.intake.domain import acts, complaint
from services.intake.domain.complaint import Complaint
from services.intake.domain.promises import hear_file
from services.intake.store import SHAPE
from shared.contracts.fact import Fact
from tests.simulation import parts

Plant = pytest.MonkeyPatch


def keep_what_is_not_awaited(plant: Plant) -> None:
    """A file that comes is kept, whatever was said of it meanwhile."""
    plant.setattr(acts, "promise_of", lambda _state, _place: True)


def take_one_record_for_another(plant: Plant) -> None:
    """What became of the first file of a reply is taken for that of its submission."""

    def hear(state: Complaint, said: Any, fact: Fact) -> Complaint:
        return hear_file(state, said.model_copy(update={"about": None}), fact)

    plant.setattr(complaint, "hear_file", hear)


def archive_what_is_awaited(plant: Plant) -> None:
    """A complaint that is over rests, though a file of it is still to be fetched."""

    def closed(state: Complaint) -> bool:
        return state.status == "withdrawn"

    plant.setattr(parts, "COMPLAINTS", replace(SHAPE, closed=closed))
