"""How a simulated process hears the bus: in batches, with late commits, kept back at leisure."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING, Any

from shared.runtime.beats import Beats
from shared.runtime.bus.leisure import Leisure
from shared.runtime.hearing import Ear, patiently
from shared.runtime.ports import Away, Record
from shared.runtime.relaying import Relay
from shared.runtime.suspicion import Part as BusPart
from shared.runtime.suspicion import Suspicion
from tests.simulation.bus import SESSION, Broker, Group
from tests.simulation.ports import Operations, SimulatedTime
from tests.simulation.scheduler import SECOND, Scheduler, Signal, Suspension

if TYPE_CHECKING:
    from tests.simulation.process import Process

FETCH = 12
"""Records of one partition per fetch."""
BATCH = 60
"""Records of a batch, more or less."""
GATHER = 0.1
"""Seconds a small batch waits for company at most."""
LEISURE = 0.5
"""Seconds for which what nobody waits for is kept back."""
MARK = 0.4
"""Seconds between two commits at most."""


class Listener:
    """What of a process hears the bus; the process itself gives it the rest."""

    name: str
    peers: list[Process]
    silent_since: int | None
    scheduler: Scheduler
    chance: Random
    broker: Broker
    group: Group
    operations: Operations
    time: SimulatedTime
    ear: Ear[Any]
    beats: Beats
    relay: Relay[Any]

    def hear_from_the_start(self, awaited: Sequence[str]) -> None:
        """Begin without a memory."""
        self.positions: dict[BusPart, int] = {}
        self.generation = self.incarnation = -1
        self.suspicion = Suspicion(SESSION)
        self.leisure = Leisure(awaited, LEISURE, BATCH)
        self.noted: dict[BusPart, int] = {}
        self.noting = Signal()

    async def listen(self) -> None:
        while True:
            try:
                records = await self.operations.run(self.fetch)
            except Away:
                await Suspension(0.2)
                continue
            for record in records:  # only now: what was lost on the way is fetched again
                self.positions[record.topic, record.partition] = record.offset + 1
            self.leisure.keep(records, self.scheduler.now / SECOND)
            if due := self.leisure.due(self.scheduler.now / SECOND):
                await self.take_in(due)
                await Suspension(GATHER * self.chance.random())
            elif not records:
                kept = self.leisure.wait(self.scheduler.now / SECOND)
                await Suspension(0.5 if kept is None else kept, self.group.grown)

    def fetch(self) -> list[Record]:
        """Get the next records; join, or notice a new generation."""
        now = self.scheduler.now
        self.silent_since = None
        for peer in self.peers:
            if peer.silent_since is not None and now - peer.silent_since > SESSION * SECOND:
                self.group.leave(peer.name, now)
        if self.name not in self.group.members:
            self.group.join(self.name, now)
        if self.generation != self.group.generation and now >= self.group.notice[self.name]:
            self.generation = self.group.generation
            self.positions = self.positions_of(self.group.dealt[self.name])
            self.leisure.forget()
            self.noted = {}
            self.suspicion.assigned(set(self.positions), now / SECOND)
            if self.incarnation != self.broker.incarnation:
                self.incarnation = self.broker.incarnation
                self.relay.teller.forget()
        for part in self.suspicion.ripe(now / SECOND):
            self.suspicion.note(part, self.broker.logs[part].end)
        logs, deaf = self.broker.logs, self.group.deaf
        grown = [  # hardly ever more than one: whoever listens asks every log, again and again
            (part, at)
            for part, at in self.positions.items()
            if at < logs[part].end and part[0] not in deaf
        ]
        return [each for part, at in grown for each in logs[part].since(at, FETCH)]

    def positions_of(self, parts: set[BusPart]) -> dict[BusPart, int]:
        """Say where to go on: where the group has committed, else at the start."""
        mine = [part for part in self.group.parts if part in parts]
        self.chance.shuffle(mine)
        return {part: self.group.committed.get(part, 0) for part in mine}

    async def take_in(self, records: Sequence[Record]) -> None:
        """Hear a batch, then note how far, to be committed soon."""
        await self.hear(records)
        self.note(records)

    async def hear(self, records: Sequence[Record]) -> None:
        told = [record for record in records if not self.beats.take(record)]
        if told:
            await self.ear.hear(told, self.suspects)

    def note(self, records: Sequence[Record]) -> None:
        for record in records:
            part = (record.topic, record.partition)
            if part in self.positions:  # else it was dealt to another meanwhile
                self.noted[part] = max(self.noted.get(part, 0), record.offset + 1)
        self.scheduler.fire(self.noting)

    def suspects(self, record: Record) -> bool:
        return self.suspicion.suspect((record.topic, record.partition), record.offset)

    async def mark(self) -> None:
        """Commit now and then; the bus refuses it from a member of an older generation."""

        def effect() -> None:
            if self.generation == self.group.generation:
                self.group.committed.update(self.noted)
            self.noted = {}

        while True:
            if not self.noted:
                await Suspension(30, self.noting)
            await Suspension(MARK * self.chance.random())
            if self.noted:
                await patiently(self.time, self.operations.run, effect)
