"""Nodes whose bus or stores forget, or whose messages are broken: what was told stands still.

What only a lost store knew is listed; everything else is where it must be.
"""

from __future__ import annotations

from tests.simulation.scenarios import (
    ARCHIVING,
    ARCHIVING_BLIND,
    BLIND,
    BROKEN,
    LOST_LOG,
    OLDER_READERS,
    POISONED,
    REFUSED,
    RESTORED,
    Scenario,
)
from tests.simulation.storm import Figures, storms
from tests.simulation.world import World

FIGURES = Figures()


@storms([LOST_LOG, *RESTORED, *BLIND], complaints=110, seeds=2)
def test_what_forgets_is_told_again(scenario: Scenario, seed: int) -> None:
    """A bus that loses its log, stores from yesterday, or both at once, cost what they must.

    Each loss of the log has everything told once more, hence the higher bound.
    """
    FIGURES.run(World(scenario, seed), most=4)


@storms([BROKEN, POISONED, REFUSED, OLDER_READERS], complaints=110, seeds=2)
def test_what_cannot_be_read_waits_and_is_released(scenario: Scenario, seed: int) -> None:
    """Broken bodies, unknown facts, and those not to be folded or stored yet stop nobody else."""
    FIGURES.run(World(scenario, seed), most=3)


@storms([ARCHIVING, ARCHIVING_BLIND], complaints=100, seeds=2)
def test_what_is_archived_is_neither_lost_nor_there_twice(scenario: Scenario, seed: int) -> None:
    """Complaints move as soon as they may, come back for late words, and are told again."""
    FIGURES.run(World(scenario, seed), most=4)


def test_these_runs_are_as_large_as_they_claim() -> None:
    """The runs of this file made at least so many facts together."""
    FIGURES.claim(55_000, scenarios=16)
