"""Before and after a fault: people go on working, and in the end nothing is lost."""

from __future__ import annotations

from tests.harness.promises import accepted, await_receipts, same_answers
from tests.harness.traffic import Traffic
from tests.harness.world import World

ENOUGH = 4
"""Reports at each door before and after a fault."""


def more(world: World, traffic: Traffic, count: int = ENOUGH) -> None:
    """Wait until that many more reports were promised at each door."""
    filed, submitted = len(traffic.filed) + count, len(traffic.submitted) + count
    world.wait(
        lambda: (
            traffic.failures
            or (len(traffic.filed) >= filed and len(traffic.submitted) >= submitted)
        ),
        "more reports are taken",
    )


def nothing_is_lost(world: World, traffic: Traffic) -> None:
    """See that every promise was kept, each once."""
    told = await_receipts(world.publisher(), traffic.submitted)
    world.accepted |= accepted(told.values())
    world.prove()
    same_answers(world, traffic.filed[-3:])
