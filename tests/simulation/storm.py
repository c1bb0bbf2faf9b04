"""Running scenarios to their end, and counting what was really run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from tests.simulation.checks import check
from tests.simulation.scenarios import Scenario
from tests.simulation.world import World


@dataclass(slots=True)
class Figures:
    """Facts and messages of the runs of one file, by scenario."""

    facts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    sends: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def run(self, world: World, *, most: float) -> None:
        """Run, check, and count; ``most`` bounds the messages per fact."""
        check(world.run())
        self.facts[world.scenario.name] += world.facts
        self.sends[world.scenario.name] += world.sends
        assert world.sends < most * world.facts

    def claim(self, least: int, *, scenarios: int) -> None:
        """Say what was run, and fail if it was less than claimed."""
        for name, facts in self.facts.items():
            print(f"{name}: {facts} facts, {self.sends[name] / facts:.2f} messages a fact")
        total = sum(self.facts.values())
        print(f"{total} facts in all")
        if len(self.facts) < scenarios:
            pytest.skip("Only a part of the storms was run, so there is nothing to claim.")
        assert total >= least


def storms(scenarios: Sequence[Scenario], *, complaints: int, seeds: int) -> pytest.MarkDecorator:
    """Give a test each scenario with each seed."""
    runs = [
        pytest.param(replace(each, complaints=complaints), seed, id=f"{each.name}, seed {seed}")
        for each in scenarios
        for seed in range(seeds)
    ]
    return pytest.mark.parametrize(("scenario", "seed"), runs)
