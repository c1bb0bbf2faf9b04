"""Plays in which metrics does not have everything, and must not say so (design 3.5)."""

from __future__ import annotations

from tests.simulation.plays_silence import COMPLAINTS, HEARD, PATIENT
from tests.simulation.scheduler import Suspension
from tests.simulation.stage import file_one
from tests.simulation.world import World

CLAIMED = 2 * HEARD
"""Seconds after which metrics has claimed what it can."""


async def a_report_is_not_told_yet(world: World) -> None:
    """The bus does not take what intake tells of complaints, and takes its beats."""
    world.broker.refusing.add(COMPLAINTS)
    await file_one(world.processes["intake"][0], "m")
    await Suspension(CLAIMED)
    world.broker.refusing.clear()
    await Suspension(PATIENT)


async def a_report_is_told_and_not_heard(world: World) -> None:
    """The bus has it, and gives metrics its beats alone."""
    deaf = world.nodes["metrics"].group.deaf
    deaf.add(COMPLAINTS)
    await file_one(world.processes["intake"][0], "m")
    await Suspension(CLAIMED)
    deaf.clear()


async def a_report_is_heard_and_not_counted(world: World) -> None:
    """Metrics has heard it, and its store takes no figures for a while."""
    figures = world.nodes["metrics"].store.shelf("figures")
    figures.refuses = lambda _: "there is no room"
    await file_one(world.processes["intake"][0], "m")
    await Suspension(CLAIMED)
    figures.refuses = lambda _: None
