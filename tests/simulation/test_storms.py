"""Whole nodes under faults: whatever happens, in the end everything stands once and agrees."""

from __future__ import annotations

from tests.simulation.scenarios import CALM, CRASHES, DYING, UNANSWERED, Scenario
from tests.simulation.storm import Figures, storms
from tests.simulation.world import World

FIGURES = Figures()


def test_without_faults_every_fact_is_told_less_than_twice() -> None:
    """A node without faults ends in order, and nobody talks without need."""
    FIGURES.run(World(CALM, 1), most=2)


@storms([CRASHES], complaints=240, seeds=8)
def test_crashes_repeats_and_rebalances_lose_nothing(scenario: Scenario, seed: int) -> None:
    """A node survives processes that die, sleep, are dealt other partitions and hear twice."""
    FIGURES.run(World(scenario, seed), most=3)


@storms([DYING, UNANSWERED], complaints=120, seeds=3)
def test_worse_than_is_ever_seen_loses_nothing(scenario: Scenario, seed: int) -> None:
    """A node whose processes or answers hardly ever last speaks more, and loses nothing either."""
    FIGURES.run(World(scenario, seed), most=8)


def test_these_runs_are_as_large_as_they_claim() -> None:
    """The runs of this file made at least so many facts together."""
    FIGURES.claim(45_000, scenarios=4)
