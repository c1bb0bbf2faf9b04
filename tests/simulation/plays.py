"""Courses of events written out, for what a random storm hardly ever brings about.

A play stops single processes where they stand, lets others go on and has some die, until a rule
is all that keeps a fact from being lost. With the rule the node ends in order.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from zlib import crc32

from services.intake.domain.complaint import Filing, file
from services.intake.handlers import CITIZEN, of_request
from shared.contracts.intake import Submission
from shared.contracts.topics import topic
from shared.contracts.vocabulary import Channel
from shared.runtime.asking import Ask, Judge
from shared.runtime.document import Cause, Circumstances, Document
from tests.simulation.bus import NODE, SESSION
from tests.simulation.fate import Calm
from tests.simulation.node import Call
from tests.simulation.process import LEASE, Process
from tests.simulation.scenarios import Scenario
from tests.simulation.scheduler import SECOND, Suspension
from tests.simulation.world import World

AnyDocument = Document[Any]
Play = Callable[[World], Awaitable[None]]
MOMENT = 0.0002
"""Seconds: shorter than any operation, so nothing happens unseen."""
SETTLED = SESSION + 1
"""Seconds after which every partition has its mark."""
STEPS = 40_000


class Missed(Exception):
    """What a play waits for did not come about: the play is wrong, not the node."""


def perform(play: Play, seed: int) -> World:
    """Run a play to its end in a node without other faults, and let the node settle."""
    name = play.__name__.replace("_", " ")
    world = World(Scenario(name, complaints=0, days=0, poison=1), seed, course=Calm())
    world.poison.upgraded = True  # until a play says that readers are broken

    async def whole() -> None:
        await Suspension(2 * SETTLED)
        await play(world)

    task = world.scheduler.spawn(name, whole())
    while not task.over:
        world.scheduler.step()
    world.settle(STEPS)
    return world


# --- what plays are made of ---


async def until(happened: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait for something, and go on before anything else happens."""
    for _ in range(int(seconds / MOMENT)):
        if happened():
            return
        await Suspension(MOMENT)
    raise Missed


def stop(process: Process, seconds: float) -> None:
    """Have a process fall silent where it stands."""
    now = process.scheduler.now
    process.silent_since = now
    process.asleep_until = now + int(seconds * SECOND)


def place(stream: str, key: str) -> tuple[str, int]:
    """Give the partition of a complaint."""
    return topic(NODE, stream), crc32(key.encode()) % 3


def key_of(mark: str) -> str:
    """Name the complaint filed under a mark."""
    return of_request(CITIZEN, mark)


def together(stream: str, count: int) -> list[str]:
    """Choose marks whose complaints lie in one partition."""
    marks = (f"m-{number}" for number in range(10**6))
    same = (mark for mark in marks if place(stream, key_of(mark))[1] == 0)
    return [next(same) for _ in range(count)]


def owner(world: World, service: str, part: tuple[str, int]) -> tuple[Process, Process]:
    """Give the process that reads a partition, and the other one."""
    one, other = world.processes[service]
    return (one, other) if part in one.positions else (other, one)


def hand_over(world: World, service: str, *, to: Process, late: Process) -> None:
    """Deal the partitions anew, so that one knows at once and the other not for a while."""
    group = world.nodes[service].group
    group.rebalance(world.scheduler.now)
    group.notice[to.name] = world.scheduler.now
    group.notice[late.name] = world.scheduler.now + int(0.9 * SESSION * SECOND)


def known(world: World, service: str, key: str) -> AnyDocument | None:
    """Give what a service has stored of a complaint."""
    return world.nodes[service].store.documents.get(key)


def facts(world: World, service: str, key: str) -> int:
    """Count what a service has to tell of a complaint."""
    document = known(world, service, key)
    return len(document.facts) if document else 0


def said(world: World, service: str) -> int:
    """Count what a service has told the bus."""
    return world.broker.sends[world.nodes[service].part.voice.topic]


async def ask(process: Process, key: str, judge: Judge[Any]) -> AnyDocument:
    """Ask one process; what happens to it afterwards is not waited for."""
    call = Call(Ask(key, judge))
    process.call(call)
    await until(lambda: call.done)
    if call.ask.after is None:
        raise Missed from call.ask.failure
    return call.ask.after


async def file_one(process: Process, mark: str) -> str:
    """File a complaint that a rule routes."""
    draft = Submission(
        reference=mark, title="Jalan", text="Berlubang.", category="jalan", area="81.71.01"
    )
    cause, domain = Cause(f"request/{mark}", request=mark), process.node.part.domain
    key = key_of(mark)

    def judge(document: AnyDocument, under: Circumstances, draw: int) -> AnyDocument:
        filing = Filing(draft, Channel.WEB, "ref")
        return file(domain, document, filing, cause, NODE, under, draw)  # type: ignore[arg-type]

    await ask(process, key, judge)
    return key


async def act_on(process: Process, key: str, verb: str, *says: Any) -> AnyDocument:
    """Have the agency or the reporter do something, named as the domain names it."""
    domain: Any = process.node.part.domain

    def judge(document: AnyDocument, under: Circumstances, _: int) -> AnyDocument:
        cause = Cause(f"request/{verb}", request=verb)
        changed: AnyDocument = getattr(domain, verb)(document, *says, cause, under)
        return changed

    return await ask(process, key, judge)


# --- the plays ---


async def an_earlier_owner_writes_and_dies(world: World) -> None:
    """Rule 2: who lost a partition reads on, writes, and dies before telling.

    The next owner was dealt it before the record came, and reads it after that write.
    """
    key = key_of("m")
    part = place("complaints", key)
    old, new = owner(world, "routing", part)
    hand_over(world, "routing", to=new, late=old)
    await until(lambda: part in new.positions)
    stop(new, 3)
    await file_one(world.processes["intake"][0], "m")
    await until(lambda: facts(world, "routing", key))
    old.died()


async def a_history_grows_while_its_mark_is_taken(world: World) -> None:
    """Rule 3: one process has told and is about to unmark; the other writes more, and dies."""
    key = await file_one(world.processes["intake"][0], "m")
    await until(lambda: facts(world, "followup", key))
    await Suspension(SETTLED)
    one, other = world.processes["followup"]
    before = said(world, "followup")
    await act_on(one, key, "respond", "dinas-pu", "Segera.")
    await until(lambda: said(world, "followup") > before)
    stop(one, 2)
    await act_on(other, key, "resolve", "dinas-pu", None)
    other.died()


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
