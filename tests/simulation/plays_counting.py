"""Plays in which metrics does not have everything, and must not say so (design 3.5)."""

from __future__ import annotations

from tests.simulation.accounts import ZONE
from tests.simulation.bus import FIGURES
from tests.simulation.plays_silence import COMPLAINTS, HEARD, PATIENT
from tests.simulation.scheduler import Suspension
from tests.simulation.stage import SETTLED, Missed, file_one, stop, until
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


async def an_older_count_lands_behind_a_newer_one(world: World) -> None:
    """Rule 5: who was slow to tell what it had counted tells it behind the newer count of another.

    Compaction keeps the later record, and nothing is counted in those windows any more.
    """
    slow, other = world.processes["metrics"]
    intake, figures = world.processes["intake"][0], world.nodes["metrics"].store.shelf("figures")
    day = f"received||{intake.now().astimezone(ZONE).date()}"
    log = world.broker.logs[FIGURES, 0].records

    def landed() -> bytes:
        return next((each.value or b"" for each in reversed(log) if each.key == day.encode()), b"")

    other.kill()
    await file_one(intake, "m")
    await until(lambda: day in figures.live)
    stop(slow, 4 * SETTLED)
    other.start()
    await file_one(intake, "m-2")
    await until(lambda: b'"count":2' in landed())
    await Suspension(4 * SETTLED)
    if b'"count":1' not in landed():
        raise Missed
