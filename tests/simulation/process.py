"""One process of a service: the production coroutines, run over simulated ports."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Coroutine, Iterable
from datetime import datetime
from typing import Any

from shared.contracts.envelope import Unreadable
from shared.contracts.topics import Carries, Stream, told_by, topic
from shared.runtime.asking import Ask, Desk, Judge
from shared.runtime.document import Document
from shared.runtime.hearing import Ear, patiently
from shared.runtime.ports import Away, Tally
from shared.runtime.reading import told as read_told
from shared.runtime.relaying import Relay
from shared.runtime.telling import Teller
from shared.runtime.timing import moment
from tests.simulation.archive import archive, archived
from tests.simulation.beating import beats_of, watch
from tests.simulation.bus import NODE, SESSION
from tests.simulation.fate import Fate
from tests.simulation.listener import FETCH, Listener
from tests.simulation.node import Call, Node
from tests.simulation.ports import (
    Operations,
    SimulatedBus,
    SimulatedNotes,
    SimulatedQuarantine,
    SimulatedTime,
)
from tests.simulation.scheduler import SECOND, Crashed, Signal, Suspension, Task

LEASE = 15 * SECOND
BEAT = 10.0
"""Seconds between two beats: half as often as in production, since nobody looks on."""


class Process(Listener):
    """One process. What it remembers is in its attributes, and gone when it dies."""

    def __init__(self, node: Node, number: int) -> None:
        self.node = node
        self.store, self.broker, self.group = node.store, node.broker, node.group
        self.scheduler, self.chance = node.scheduler, node.chance
        self.name = f"{node.part.service}-{number}"
        self.asleep_until = 0
        self.silent_since: int | None = None
        self.deaths = 0
        self.peers: list[Process] = []
        self.tasks: list[Task] = []
        self.start()

    def start(self) -> None:
        """Begin with an empty memory."""
        part = self.node.part
        self.alive, self.silent_since, self.asleep_until = True, None, 0
        self.tally = Tally()
        self.inbox: list[Call] = []
        self.called = Signal()
        self.hear_from_the_start(part.awaited)
        self.operations = Operations(self)
        self.time = SimulatedTime(self)
        documents, quarantine = archived(self), SimulatedQuarantine(self)
        self.documents = documents
        self.notes = SimulatedNotes(self)
        teller: Teller[Any] = Teller(part.voice, SimulatedBus(self), self.time, self.tally)
        self.ear: Ear[Any] = Ear(
            part.domain, part.read, documents, quarantine, teller, self.time, self.tally
        )
        self.desk: Desk[Any] = Desk(part.domain, documents, self.time, self.tally)
        self.relay: Relay[Any] = Relay(
            part.domain, documents, quarantine, self.notes, teller, self.time, self.tally
        )
        self.beats = beats_of(self)
        self.spawn(self.live())

    def spawn(self, coroutine: Coroutine[Any, None, None]) -> None:
        self.tasks = [task for task in self.tasks if not task.over]
        self.tasks.append(self.scheduler.spawn(self.name, coroutine, self))

    def died(self) -> None:
        """Lose the memory; come back after a while."""
        self.deaths += 1
        self.kill()
        self.scheduler.spawn(f"{self.name} restarts", self._restart(self.deaths))

    def kill(self) -> None:
        """End every task where it stands."""
        self.alive, self.silent_since = False, self.scheduler.now
        for task in self.tasks:
            self.scheduler.end(task)
        self.tasks = []

    async def _restart(self, death: int) -> None:
        await Suspension(1 + 2 * SESSION * self.chance.random() ** 2)
        if not self.alive and self.deaths == death:
            self.start()

    def suffer(self) -> Fate:
        """Let the course deal a fate; what concerns the whole process happens here."""
        fate = self.node.course().next()
        if fate is Fate.ON:
            return fate
        if fate is Fate.CRASH:
            raise Crashed
        if fate is Fate.PAUSE:
            sleep = SESSION * (0.5 + 2 * self.chance.random())
            self.silent_since = self.scheduler.now
            self.asleep_until = self.scheduler.now + int(sleep * SECOND)
        elif fate is Fate.REBALANCE:
            self.group.rebalance(self.scheduler.now)
        elif fate is Fate.COMPACT:
            self.broker.compact()
        elif fate is Fate.REPEAT:
            for part, position in self.positions.items():
                self.positions[part] = self.chance.randint(max(0, position - FETCH), position)
        return fate

    async def live(self) -> None:
        """Take back what a restored store lacks, then do all duties."""
        part = self.node.part
        await self.come_back()
        self.spawn(self.listen())
        self.spawn(self.mark())
        self.spawn(self.serve())
        self.spawn(self.keep())
        self.spawn(watch(self.beats))
        if self.node.part.voice.topic:
            self.spawn(self.beat())
        if part.closed is not None:
            self.spawn(archive(self, part.closed))

    async def come_back(self) -> None:
        """After a restore: adopt from the own streams before anything is told."""
        epoch = self.store.epoch
        noted = await patiently(self.time, self.notes.read, "adopted")
        if epoch == 0 or (noted and noted["epoch"] == epoch):
            return
        for stream in told_by(self.node.part.service):
            if stream.facts:
                await self.adopt_from(stream)
        await patiently(self.time, self.notes.write, "adopted", {"epoch": epoch})

    async def adopt_from(self, stream: Stream) -> None:
        """Read an own stream to its end, and adopt what the store lacks."""
        records = await patiently(
            self.time,
            self.operations.run,
            lambda: list(self.broker.records(topic(NODE, stream.name))),
        )
        told = []
        for record in records:
            with contextlib.suppress(Unreadable):
                told.append(read_told(record, stream.name, stream.message))
        await self.relay.adopt(told, snapshot=stream.carries is Carries.SNAPSHOT)

    async def serve(self) -> None:
        """Judge what came in together, answer, and tell in the background."""
        while True:
            if not self.inbox:
                await Suspension(30, self.called)
                await Suspension(0.02 * self.chance.random())
                continue
            calls, self.inbox = self.inbox[:8], self.inbox[8:]
            try:
                changed = await self.desk.settle([call.ask for call in calls])
            except Away:
                changed = []
                for call in calls:
                    call.failed = True
            for call in calls:
                call.done = True
                self.scheduler.fire(call.answered)
            if changed:
                self.spawn(self.relay.tell(changed))

    def call(self, call: Call) -> None:
        if self.alive:
            self.inbox.append(call)
            self.scheduler.fire(self.called)

    async def keep(self) -> None:
        """Do the duties of the lease's holder."""
        turns = 0
        while True:
            await Suspension(2 + self.chance.random())
            holder, until = self.node.lease
            now = self.scheduler.now
            if holder != self.name and now < until:
                continue
            self.node.lease = (self.name, now + LEASE)
            await self.relay.retell(str(self.broker.incarnation))
            await self.relay.tell_untold()
            if (turns := turns + 1) % 5 == 0:
                await self.relay.release()

    async def beat(self) -> None:
        """Tell beats as the lease's holder, whatever its other duties wait for."""
        while True:
            await Suspension(BEAT)
            if self.node.lease[0] == self.name:
                await self.beats.tell()

    def now(self) -> datetime:
        return moment(self.scheduler.now)

    async def ask(self, complaint: str, judge: Judge[Any]) -> Document[Any]:
        """Have a request judged, and told; raises Refused and Away."""
        one: Ask[Any] = Ask(complaint, judge)
        self.spawn(self.relay.tell(await self.desk.settle([one])))
        if one.after is None:
            raise one.failure or AssertionError
        return one.after


async def in_turn(asked: Iterable[Awaitable[Any]]) -> list[Any]:
    """Ask one after the other, where production asks all at once."""
    answers: list[Any] = []
    for each in asked:
        try:
            answers.append(await each)
        except Exception as failure:  # noqa: BLE001 - one's fault is not the others'
            answers.append(failure)
    return answers
