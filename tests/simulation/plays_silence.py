"""Plays in which a reporter is not silent, though routing has not heard a word (design 3.5)."""

from __future__ import annotations

from typing import Any

from services.routing.domain import aside
from shared.contracts.routing import Gap
from shared.contracts.topics import topic
from shared.runtime.document import Cause, Circumstances
from tests.simulation.bus import NODE
from tests.simulation.parts import WINDOW
from tests.simulation.process import Process
from tests.simulation.scheduler import DAY, Suspension
from tests.simulation.stage import (
    SETTLED,
    AnyDocument,
    ask,
    file_one,
    known,
    owner,
    place,
    reply_to,
    stop,
    until,
)
from tests.simulation.world import World

COMPLAINTS = topic(NODE, "complaints")
HEARD = 100.0
"""Seconds after which everything was heard that a beat of a minute ago speaks of."""

PATIENT = 60.0
"""Seconds after which whoever could not tell has tried again."""


async def it_is_not_told_yet(world: World) -> None:
    """The bus does not take what intake tells of complaints, and takes its beats."""
    key = await a_deferred_report(world)
    world.broker.refusing.add(COMPLAINTS)
    await reply_to(world.processes["intake"][0], key)
    await the_date_passes(world)
    world.broker.refusing.clear()
    await Suspension(PATIENT)


async def it_is_told_and_not_heard(world: World) -> None:
    """The bus has it, and gives routing its beats alone."""
    key = await a_deferred_report(world)
    world.nodes["routing"].group.deaf.add(COMPLAINTS)
    await reply_to(world.processes["intake"][0], key)
    await the_date_passes(world)
    world.nodes["routing"].group.deaf.clear()


async def the_bus_forgets_it(world: World) -> None:
    """It was told to a bus that forgot, and the next one does not take it for a while."""
    key = await a_deferred_report(world)
    late, _ = owner(world, "routing", place("complaints", key))
    stop(late, 5)
    before = len(told(world, key))
    await reply_to(world.processes["intake"][0], key)
    await until(lambda: len(told(world, key)) > before)
    await Suspension(1)
    world.broker.lose()
    world.broker.refusing.add(COMPLAINTS)
    await Suspension(SETTLED)
    await the_date_passes(world)
    world.broker.refusing.clear()
    await Suspension(PATIENT)


async def it_waits_in_quarantine(world: World) -> None:
    """Routing cannot read it before the upgrade, which comes when the date is over."""
    key = await a_deferred_report(world)
    world.poison.upgraded = False
    await reply_to(world.processes["intake"][0], key)
    await until(lambda: getattr(known(world, "routing", key), "held", None))
    await the_date_passes(world)
    world.poison.upgraded = True


async def nothing_was_said(world: World) -> None:
    """A reporter is silent; and a coordinator brings the archived report back."""
    key = await a_deferred_report(world)
    await the_date_passes(world)
    routing = world.processes["routing"][0]
    domain: Any = routing.node.part.domain

    def restore(document: AnyDocument, under: Circumstances, _: int) -> AnyDocument:
        return aside.restore(domain, document, "Lagi.", Cause("play/restore", "restore"), under)

    await ask(routing, key, restore)


def told(world: World, key: str) -> list[object]:
    """Give what the bus has of a complaint."""
    return [each for each in world.broker.records(COMPLAINTS) if each.key == key.encode()]


async def a_deferred_report(world: World) -> str:
    """Have a report deferred, and that heard by its reporter."""
    key = await file_one(world.processes["intake"][0], "m", category=None)
    await until(lambda: known(world, "routing", key))
    await defer(world.processes["routing"][0], key)
    await until(lambda: _status(world, key) == "deferred")
    await Suspension(SETTLED)
    return key


def _status(world: World, key: str) -> str | None:
    document = known(world, "intake", key)
    return document.state.status if document else None


async def defer(process: Process, key: str) -> None:
    """Have a coordinator ask for what is missing."""
    domain: Any = process.node.part.domain
    gaps = [Gap(code="where")]

    def judge(document: AnyDocument, under: Circumstances, _: int) -> AnyDocument:
        return aside.defer(domain, WINDOW, document, gaps, Cause("play/defer", "defer"), under)

    await ask(process, key, judge)


async def the_date_passes(world: World) -> None:
    """Let days pass, and routing hear up to then."""
    await Suspension(SETTLED)
    world.scheduler.jump(2 * DAY)
    await Suspension(HEARD)
