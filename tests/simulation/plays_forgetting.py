"""Plays in which the bus or a store forgets (design 3.3 and 3.6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.notification.domain.notice import Pending
from shared.runtime import relaying
from shared.runtime.timing import FOREVER
from tests.simulation.process import LEASE, Process
from tests.simulation.restore import restore
from tests.simulation.scheduler import Suspension
from tests.simulation.stage import (
    SETTLED,
    AnyDocument,
    facts,
    file_one,
    key_of,
    known,
    owner,
    place,
    respond_to,
    said,
    stop,
    until,
)
from tests.simulation.world import World


async def a_change_comes_after_its_page_was_told(world: World) -> None:
    """3.6: the log is lost with a record in hand; what it brings is written behind the retelling.

    Who wrote it dies, and the record is told again only when nobody suspects repeats any more.
    """
    key = key_of("m")
    late, other = owner(world, "routing", place("complaints", key))
    heard = late.tally.heard
    await file_one(world.processes["intake"][0], "m")
    await until(lambda: late.tally.heard > heard)
    await lose_the_log_behind(world, key, late, other)


async def a_write_lands_after_its_page_was_told(world: World) -> None:
    """3.6: as above, but the change was judged before the retelling began, and written after."""
    key = key_of("m")
    late, other = owner(world, "routing", place("complaints", key))
    store = world.nodes["routing"].store
    load, seen = store.load, set[str]()

    def watched(ids: Sequence[str]) -> dict[str, AnyDocument]:
        seen.update(ids)
        return load(ids)

    store.load = watched  # type: ignore[method-assign]
    await file_one(world.processes["intake"][0], "m")
    await until(lambda: key in seen)
    await lose_the_log_behind(world, key, late, other)


async def lose_the_log_behind(world: World, key: str, late: Process, other: Process) -> None:
    """Lose the log while one process of routing is at a change and intake is silent."""
    stop(late, 6)
    for each in world.processes["intake"]:
        stop(each, 45)
    world.nodes["routing"].lease = (other.name, world.scheduler.now + LEASE)
    world.broker.lose()
    await until(lambda: facts(world, "routing", key))
    late.kill()
    await Suspension(60)
    late.start()


async def the_teller_dies_in_the_midst_of_retelling(world: World) -> None:
    """3.6: the log is lost with complaints that nobody has heard yet, and then intake dies."""
    for process in world.every_process():
        if process.node.part.service != "intake":
            stop(process, 80)
    store = world.nodes["intake"].store
    for mark in ("m", "n"):
        await file_one(world.processes["intake"][0], mark)
    await until(lambda: not store.untold(FOREVER, 1))
    await Suspension(70)  # too old for the second round
    world.broker.lose()
    lost = {"incarnation": str(world.broker.incarnation)}
    before, notes = said(world, "intake"), store.kept.notes
    await until(
        lambda: said(world, "intake") > before or "retelling" in notes or notes["bus"] == lost
    )
    for process in world.processes["intake"]:
        process.died()


async def a_complaint_changes_while_a_retelling_lasts(world: World) -> None:
    """3.6: while intake retells page by page, it hears of a complaint that is still to come.

    It has nothing to say to that, and who retells was silent for longer than a minute.
    """
    both, store = world.processes["intake"], world.nodes["intake"].store
    keys = [await file_one(both[0], mark) for mark in ("k", "m", "n")]
    await until(lambda: all(known(world, "followup", key) for key in keys))
    await Suspension(SETTLED)
    for process in world.every_process():  # what they retell is a repeat, and must not seem new
        if process not in both:
            stop(process, 45)
    last = max(store.documents.values(), key=lambda each: each.changed_at)
    _, late = owner(world, "intake", place("cases", last.id))
    world.nodes["intake"].lease = (late.name, world.scheduler.now + LEASE)
    pages, relaying.PAGE = relaying.PAGE, 2
    try:
        world.broker.lose()
        await until(lambda: "retelling" in store.kept.notes)
        stop(late, 140)  # beyond the second round of the others
        world.nodes["intake"].lease = (late.name, late.asleep_until)
        await Suspension(65)
        await respond_to(world.processes["followup"][0], last.id, "Segera.")
        await until(lambda: store.documents[last.id].version > last.version)
        await Suspension(30)
    finally:
        relaying.PAGE = pages


async def a_fact_is_made_again_before_it_was_acted_on(world: World) -> None:
    """3.3: notification has heard of a complaint, could not mail yet, and hears of it again.

    In between intake came back from a backup without it, and the bus forgot.
    """

    async def troubled(_: Pending) -> str:
        return "retry"

    postmen: list[Any] = world.processes["notification"]
    for each in postmen:
        each.send = troubled
    backup, intake = world.nodes["intake"].store.kept.copy(), world.processes["intake"]
    key = await file_one(intake[0], "m", "sealed")
    await until(lambda: getattr(known(world, "notification", key), "state", None))
    await Suspension(SETTLED)
    world.broker.lose()
    restore(world, "intake", backup)
    await file_one(intake[0], "m", "sealed")
    await Suspension(SETTLED)
    for each in postmen:
        del each.send
