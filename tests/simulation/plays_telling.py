"""Plays that only the rules of telling (design 3.2) survive."""

from __future__ import annotations

from tests.simulation.listener import FETCH
from tests.simulation.scheduler import DAY, Suspension
from tests.simulation.stage import (
    SETTLED,
    facts,
    file_one,
    hand_over,
    key_of,
    owner,
    place,
    reply_to,
    resolve,
    respond_to,
    said,
    stop,
    together,
    until,
)
from tests.simulation.world import World


async def an_earlier_owner_writes_and_dies(world: World) -> None:
    """Rule 2: who lost a partition reads on, writes, and dies before telling.

    The next owner was dealt it before the record came, and reads it after that write.
    """
    key = key_of("m")
    part = place("complaints", key)
    old, new = owner(world, "routing", part)
    hand_over(world, to=new, late=old, seconds=9)
    await until(lambda: part in new.positions)
    stop(new, 3)
    await file_one(world.processes["intake"][0], "m")
    await until(lambda: facts(world, "routing", key))
    old.died()


async def who_slept_wakes_as_the_owner(world: World) -> None:
    """Rule 2: a process sleeps past its session; who had its partition writes, and dies."""
    key = key_of("m")
    part = place("complaints", key)
    sleeper, other = owner(world, "routing", part)
    stop(sleeper, SETTLED + 3)
    await until(lambda: part in other.positions)
    await file_one(world.processes["intake"][0], "m")
    await until(lambda: facts(world, "routing", key))
    other.kill()
    await Suspension(3 * SETTLED)
    other.start()


async def the_log_is_compacted_behind_a_slow_owner(world: World) -> None:
    """Rule 2: the record that an earlier owner heard, and died of, has a newer one behind it.

    The next owner is two batches behind, and has noted the end of the log between the two.
    """
    marks = together("complaints", 2 * FETCH + 1)
    key = key_of(marks[-1])
    part, intake = place("complaints", key), world.processes["intake"][0]
    old, slow = owner(world, "routing", part)
    hand_over(world, to=slow, late=old, seconds=9)
    await until(lambda: part in slow.positions)
    stop(slow, 5)
    for mark in marks:
        await file_one(intake, mark)
    await until(lambda: facts(world, "routing", key))
    old.kill()
    slow.group.leave(old.name, world.scheduler.now)
    slow.group.notice[slow.name] = world.scheduler.now
    for seconds in (SETTLED, 3):
        heard = slow.tally.heard
        await until(lambda before=heard: slow.tally.heard > before)  # type: ignore[misc]
        stop(slow, seconds)
    await reply_to(intake, key)
    await Suspension(1)
    world.broker.compact()
    await Suspension(3 * SETTLED)
    old.start()


async def a_history_grows_while_its_mark_is_taken(world: World) -> None:
    """Rule 3: one process has told and is about to unmark; the other writes more, and dies."""
    key = await file_one(world.processes["intake"][0], "m")
    await until(lambda: facts(world, "followup", key))
    await Suspension(SETTLED)
    one, other = world.processes["followup"]
    before = said(world, "followup")
    await respond_to(one, key, "Segera.")
    await until(lambda: said(world, "followup") > before)
    stop(one, 2)
    await resolve(other, key)
    other.died()


async def days_pass_while_a_reader_sleeps(world: World) -> None:
    """Rule 5: who was slow to tell an older history tells it behind the newer one of another.

    Compaction keeps the later record; who is asleep meanwhile has to find the newer one yet.
    """
    key = await file_one(world.processes["intake"][0], "m")
    await until(lambda: facts(world, "followup", key))
    await Suspension(SETTLED)
    slow, other = world.processes["followup"]
    for each in world.processes["metrics"]:
        stop(each, SETTLED)
    await respond_to(slow, key, "Segera.")
    stop(slow, 2)
    before = said(world, "followup")
    await resolve(other, key)
    await until(lambda: said(world, "followup") > before)
    before = said(world, "followup")
    await until(lambda: said(world, "followup") > before)
    for _ in range(2):
        world.scheduler.jump(DAY)
    world.broker.compact()
