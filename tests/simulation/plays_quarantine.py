"""Plays that only the rules of holding and releasing (design 3.3) survive."""

from __future__ import annotations

from shared.runtime.folding import Told
from shared.runtime.timing import FOREVER
from tests.simulation.restore import restore
from tests.simulation.scheduler import Suspension
from tests.simulation.stage import (
    SETTLED,
    file_one,
    hand_over,
    key_of,
    known,
    owner,
    place,
    reply_to,
    stop,
    until,
)
from tests.simulation.world import World


def holds(world: World, service: str, key: str) -> int:
    """Give the number of the newest fact of intake that waits for a complaint at a service."""
    document = known(world, service, key)
    held = document.held.get("complaints") if document else None
    return held.pair.sequence if held else 0


async def what_waits_is_released(world: World) -> None:
    """3.3: routing cannot fold a complaint; after the upgrade it decides on it."""
    world.poison.upgraded = False
    key = await file_one(world.processes["intake"][0], "m")
    await until(lambda: holds(world, "routing", key) == 1)
    await Suspension(SETTLED)


async def a_lower_pair_comes_late(world: World) -> None:
    """3.3: an earlier owner wants to keep what the next one has already kept a newer one of."""
    world.poison.upgraded = False
    key, intake = key_of("m"), world.processes["intake"][0]
    late, other = owner(world, "routing", place("complaints", key))
    heard = late.tally.heard
    await file_one(intake, "m")
    await until(lambda: late.tally.heard > heard)
    stop(late, 8)
    hand_over(world, to=other, late=late, seconds=5)
    await until(lambda: holds(world, "routing", key) == 1)
    await reply_to(intake, key)
    await until(lambda: holds(world, "routing", key) == 2)
    await Suspension(SETTLED)


async def a_newer_history_comes_while_one_is_released(world: World) -> None:
    """3.3: what is being released from quarantine is replaced there by a newer one."""
    world.poison.upgraded = False
    key, intake = key_of("m"), world.processes["intake"][0]
    _, other = owner(world, "routing", place("complaints", key))
    await file_one(intake, "m")
    await until(lambda: holds(world, "routing", key) == 1)
    await Suspension(SETTLED)
    world.poison.upgraded = True
    store, read = world.nodes["routing"].store, []
    waiting = store.waiting

    def watched(limit: int, since: int = 0, until: int = FOREVER) -> list[tuple[int, Told]]:
        read.append(since)
        return waiting(limit, since, until)

    store.waiting = watched  # type: ignore[method-assign]

    async def release() -> None:
        await other.relay.release()

    other.spawn(release())
    await until(lambda: read)
    stop(other, 3)
    await reply_to(intake, key)
    await until(lambda: holds(world, "routing", key) == 2)
    await Suspension(SETTLED)


async def only_quarantine_has_it(world: World) -> None:
    """3.3: whoever holds a complaint dies at it, and then both its log and its producer forget."""
    world.poison.upgraded = False
    key, store = key_of("m"), world.nodes["routing"].store
    backup = world.nodes["intake"].store.kept.copy()
    await file_one(world.processes["intake"][0], "m")
    await until(lambda: key in store.documents or store.kept.waiting)
    for process in world.processes["routing"]:
        process.died()
    world.broker.lose()
    restore(world, "intake", backup)
    await Suspension(SETTLED)
