"""Courses of events written out, for what a random storm hardly ever brings about.

A play stops single processes where they stand, lets others go on and has some die, until a rule
is all that keeps a fact from being lost. With the rule the node ends in order.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from zlib import crc32

from services.intake.domain.complaint import Filing, file, reply
from services.intake.handlers import CITIZEN, of_request
from services.notification.domain.notice import Pending
from shared.contracts.intake import Submission
from shared.contracts.topics import topic
from shared.contracts.vocabulary import Channel
from shared.runtime.asking import Ask, Judge
from shared.runtime.document import Cause, Circumstances, Document
from shared.runtime.folding import Told
from shared.runtime.timing import FOREVER
from tests.simulation.bus import NODE, SESSION
from tests.simulation.fate import Calm
from tests.simulation.node import Call
from tests.simulation.process import FETCH, LEASE, Process
from tests.simulation.restore import restore
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


def holds(world: World, service: str, key: str) -> int:
    """Give the number of the newest fact of intake that waits for a complaint at a service."""
    document = known(world, service, key)
    held = document.held.get("complaints") if document else None
    return held.pair.sequence if held else 0


async def ask(process: Process, key: str, judge: Judge[Any]) -> AnyDocument:
    """Ask one process; what happens to it afterwards is not waited for."""
    call = Call(Ask(key, judge))
    process.call(call)
    await until(lambda: call.done)
    if call.ask.after is None:
        raise Missed from call.ask.failure
    return call.ask.after


async def file_one(process: Process, mark: str, sealed: str | None = None) -> str:
    """File a complaint that a rule routes; asked again, it is the same one."""
    draft = Submission(
        reference=mark, title="Jalan", text="Berlubang.", category="jalan", area="81.71.01"
    )
    cause, domain = Cause(f"play/{mark}", request=mark), process.node.part.domain
    key = key_of(mark)

    def judge(document: AnyDocument, under: Circumstances, draw: int) -> AnyDocument:
        filing = Filing(draft, Channel.WEB, "ref", sealed=sealed)
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


async def reply_to(process: Process, key: str) -> AnyDocument:
    """Have the reporter say more."""
    domain: Any = process.node.part.domain

    def judge(document: AnyDocument, under: Circumstances, _: int) -> AnyDocument:
        return reply(domain, document, "Lagi.", Cause("request/reply", request="reply"), under)

    return await ask(process, key, judge)


# --- the plays ---


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


async def the_teller_dies_in_the_midst_of_retelling(world: World) -> None:
    """3.6: the log is lost with complaints that nobody has heard yet, and then intake dies."""
    for process in world.every_process():
        if process.node.part.service != "intake":
            stop(process, 3)
    store = world.nodes["intake"].store
    for mark in ("m", "n"):
        await file_one(world.processes["intake"][0], mark)
    await until(lambda: not store.untold(FOREVER, 1))
    world.broker.lose()
    lost = {"incarnation": str(world.broker.incarnation)}
    before, notes = said(world, "intake"), store.kept.notes
    await until(
        lambda: said(world, "intake") > before or "retelling" in notes or notes["bus"] == lost
    )
    for process in world.processes["intake"]:
        process.died()


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
    stop(late, 6)
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
