"""Whole nodes under faults: whatever happens, in the end everything stands once and agrees."""

from __future__ import annotations

import pytest

from tests.simulation.checks import check
from tests.simulation.scenarios import CALM, CRASHES
from tests.simulation.world import World


def test_without_faults_every_fact_is_told_less_than_twice() -> None:
    """A node without faults ends in order, and nobody talks without need."""
    world = World(CALM, 1).run()
    check(world)
    assert world.sends < 2 * world.facts


@pytest.mark.parametrize("seed", range(8))
def test_crashes_repeats_and_rebalances_lose_nothing(seed: int) -> None:
    """A node survives processes that die, sleep, are dealt other partitions and hear twice."""
    world = World(CRASHES, seed).run()
    check(world)
    assert world.sends < 3 * world.facts
