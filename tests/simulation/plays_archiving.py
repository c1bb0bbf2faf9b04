"""Plays in which a complaint moves to the archive, or comes back, in the midst of things."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from shared.runtime.archiving import Archivist
from tests.simulation.process import Process
from tests.simulation.scheduler import Suspension
from tests.simulation.stage import (
    SETTLED,
    facts,
    file_one,
    key_of,
    known,
    owner,
    place,
    reply_to,
    resolve,
    respond_to,
    stop,
    until,
)
from tests.simulation.world import World


async def a_complaint_changes_while_it_moves(world: World) -> None:
    """A case lies in both places when its reporter says more; then its move goes on."""
    key, _, mover = await a_closed_case(world)
    await move(world, key, mover)
    stop(mover, 5)
    before = facts(world, "followup", key)
    await reply_to(world.processes["intake"][0], key)
    await until(lambda: facts(world, "followup", key) > before)
    await Suspension(6)


async def who_moves_it_dies_between_the_two_steps(world: World) -> None:
    """A case is in the archive and still live, and whoever moved it is no more."""
    key, _, mover = await a_closed_case(world)
    await move(world, key, mover)
    mover.died()


async def a_reporter_says_more_about_an_archived_case(world: World) -> None:
    """It comes back and goes on; whoever brought it back dies before its answer came."""
    key, reader, mover = await a_closed_case(world)
    await move(world, key, mover)
    store = world.nodes["followup"].store
    await until(lambda: key not in store.live)
    await reply_to(world.processes["intake"][0], key)
    await until(lambda: key in store.live)
    reader.died()


async def a_closed_case(world: World) -> tuple[str, Process, Process]:
    """Have a case closed and told; give who hears of it, and who does not."""
    key = key_of("m")
    reader, mover = owner(world, "followup", place("complaints", key))
    await file_one(world.processes["intake"][0], "m")
    await until(lambda: facts(world, "followup", key))
    await respond_to(reader, key, "Sudah.")
    await resolve(reader, key)
    await Suspension(SETTLED)
    return key, reader, mover


async def move(world: World, key: str, mover: Process) -> None:
    """Have a case moved, and go on when it is in both places."""
    both: Any = mover.documents
    document = known(world, "followup", key)
    assert document is not None
    archivist = Archivist(both, lambda _: True, timedelta(0), mover.time, mover.tally)
    mover.spawn(archivist.move([document]))
    store = world.nodes["followup"].store
    await until(lambda: key in store.kept.archive or key not in store.live)
