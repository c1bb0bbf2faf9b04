"""Planted faults of leaders (0038, 0044): a draft counts, or somebody judges their own case."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from services.followup.domain import acts, appeals, cases
from services.intake.domain import standing
from services.metrics.domain.timeline import Timelines
from shared.contracts.followup import ResponseDrafted, ResponseGiven
from tests.simulation.planted import Plant


def ask_no_leader(plant: Plant) -> None:
    """What an officer writes is given at once, whatever the policy says."""
    plant.setattr(acts, "wants_approval", lambda *_: False)


def show_what_is_drafted(plant: Plant) -> None:
    """A reporter reads an answer that waits for its leader."""
    hear_case = standing._hear_case
    plant.setattr(standing, "_hear_case", lambda state, fact: hear_case(state, _given(fact)))


def count_what_is_drafted(plant: Plant) -> None:
    """Metrics counts an answer that waits for its leader."""
    fold = Timelines.fold
    plant.setattr(Timelines, "fold", lambda own, state, fact: fold(own, state, _given(fact)))


def stop_the_clock_at_a_draft(plant: Plant) -> None:
    """The clock of the first response stops as soon as one is drafted."""

    def stopped(state: Any, fact: Any) -> Any:
        drafted = isinstance(fact.data, ResponseDrafted) and state.responded_at is None
        return replace(state, responded_at=fact.at) if drafted else state

    plant.setattr(cases, "OWN", (*cases.OWN, stopped))


def judge_ones_own_case(plant: Plant) -> None:
    """Who had a part in a case decides on the objection to how it ended."""
    plant.setattr(appeals, "any", lambda _: False, raising=False)


def _given(fact: Any) -> Any:
    if not isinstance(fact.data, ResponseDrafted):
        return fact
    return replace(fact, data=ResponseGiven(**fact.data.model_dump()))
