"""What plays are made of: processes that are stopped where they stand, and single requests.

A play is a course of events written out, for what a random storm hardly ever brings about. With
every rule in force the node ends in order.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from zlib import crc32

from services.followup.domain import acts
from services.intake.domain.acts import reply
from services.intake.domain.filing import Filing, file
from services.intake.handlers import CITIZEN, of_request
from shared.contracts.followup import ResponseGiven
from shared.contracts.intake import ReporterReplied, Submission
from shared.contracts.topics import topic
from shared.contracts.vocabulary import Channel
from shared.runtime.asking import Ask, Judge
from shared.runtime.document import Cause, Circumstances, Document
from tests.simulation.bus import NODE, SESSION
from tests.simulation.fate import Calm
from tests.simulation.node import Call
from tests.simulation.parts import AGENCIES
from tests.simulation.process import Process
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


def hand_over(world: World, *, to: Process, late: Process, seconds: float) -> None:
    """Deal the partitions anew, so that one knows at once and the other not for a while."""
    group, now = to.group, world.scheduler.now
    group.rebalance(now)
    group.notice[to.name], group.notice[late.name] = now, now + int(seconds * SECOND)


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


async def file_one(process: Process, mark: str, sealed: str | None = None, **said: Any) -> str:
    """File a complaint that a rule routes; asked again, it is the same one."""
    draft = Submission(
        **{
            "reference": mark,
            "title": "Jalan",
            "text": "Berlubang.",
            "category": "jalan",
            "area": "81.71.01",
            **said,
        }
    )
    cause, domain = Cause(f"play/{mark}", request=mark), process.node.part.domain
    key = key_of(mark)

    def judge(document: AnyDocument, under: Circumstances, draw: int) -> AnyDocument:
        filing = Filing(draft, Channel.WEB, "ref", sealed=sealed)
        return file(domain, document, filing, cause, NODE, under, draw)  # type: ignore[arg-type]

    await ask(process, key, judge)
    return key


async def respond_to(process: Process, key: str, text: str) -> AnyDocument:
    """Have the agency answer."""
    return await _act(process, key, acts.respond, ResponseGiven(agency=AGENCIES[0], text=text))


async def resolve(process: Process, key: str) -> AnyDocument:
    """Have the agency close the case."""
    return await _act(process, key, acts.resolve, AGENCIES[0], None)


async def _act(process: Process, key: str, act: Any, *says: Any) -> AnyDocument:
    domain, name = process.node.part.domain, act.__name__

    def judge(document: AnyDocument, under: Circumstances, _: int) -> AnyDocument:
        changed: AnyDocument = act(
            domain, document, *says, Cause(f"play/{name}", request=name), under
        )
        return changed

    return await ask(process, key, judge)


async def reply_to(process: Process, key: str) -> AnyDocument:
    """Have the reporter say more."""
    domain: Any = process.node.part.domain
    said = ReporterReplied(text="Lagi.")

    def judge(document: AnyDocument, under: Circumstances, _: int) -> AnyDocument:
        return reply(domain, document, said, Cause("play/reply", request="reply"), under)

    return await ask(process, key, judge)
