"""Faults written down one by one, so that hypothesis shrinks a run that fails."""

from __future__ import annotations

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.simulation.checks import check
from tests.simulation.fate import Fate, Scripted
from tests.simulation.scenarios import Scenario
from tests.simulation.world import World

FATES = list(Fate)
SMALL = Scenario("a script", complaints=5, seconds=10, days=1)
STEPS = st.tuples(st.integers(0, 300), st.integers(0, len(FATES) - 1))


@settings(
    max_examples=25, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
@example(script=[(107, 0), *[(each, 6) for each in (262, 290, 40, 290, 290)], (0, 4)], seed=1)
@given(script=st.lists(STEPS, max_size=12), seed=st.integers(0, 5))
def test_no_short_script_of_faults_loses_anything(script: list[tuple[int, int]], seed: int) -> None:
    """Whatever befalls a small node, and after how many operations, it ends in order."""
    course = Scripted([(after, FATES[drawn]) for after, drawn in script])
    check(World(SMALL, seed, course=course).run(60_000))
