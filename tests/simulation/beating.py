"""Beats as simulated processes tell and hear them: production's own, over simulated ports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from shared.contracts.topics import STREAMS
from shared.runtime.beats import Beats
from shared.runtime.document import Circumstances
from shared.runtime.relaying import BEAT_BEHIND, Relay
from shared.runtime.timing import micros, moment
from tests.simulation.bus import NODE
from tests.simulation.ports import Operations, SimulatedBus, SimulatedNotes, SimulatedTime
from tests.simulation.scheduler import Suspension

if TYPE_CHECKING:
    from tests.simulation.process import Process

WATCH = 5.0
"""Seconds between two looks at what was heard."""


@dataclass(frozen=True, slots=True)
class Lived(SimulatedTime):
    """A clock by which the minute that a beat lies back was lived through.

    Nobody takes a minute from judging to writing, however many days are jumped over meanwhile.
    """

    @property
    def epoch(self) -> int:
        return self.host.store.epoch

    def under(self) -> Circumstances:
        scheduler, back = self.host.scheduler, BEAT_BEHIND
        now = moment(scheduler.since_lived(micros(moment(0) + back))) + back
        return Circumstances(now, self.host.store.epoch)


@dataclass(frozen=True, slots=True)
class Posted(SimulatedBus):
    """The bus as beats are told to it."""

    def ends(self, _told: str) -> Mapping[int, int]:
        return {}


@dataclass(frozen=True, slots=True)
class Watched(Operations):
    """Where topics end."""

    async def ends(self, told: str, partitions: int) -> dict[int, int]:
        logs = self.host.broker.logs
        return await self.run(lambda: {part: logs[told, part].end for part in range(partitions)})


@dataclass(frozen=True, slots=True)
class Committed(Operations):
    """How far the group of a process has committed; under another bus it is another group."""

    process: Process

    async def committed(self, told: str, partitions: Sequence[int]) -> dict[int, int]:
        def effect() -> dict[int, int]:
            if self.process.incarnation != self.process.broker.incarnation:
                return {}
            known = self.process.group.committed
            return {part: known.get((told, part), 0) for part in partitions}

        return await self.run(effect)


@dataclass(frozen=True, slots=True)
class Added(SimulatedNotes):
    """Notes to which fields can be added."""

    async def add(self, name: str, part: Mapping[str, Any]) -> None:
        notes = self.host.store.kept.notes
        await self.run(lambda: notes.update({name: {**notes.get(name, {}), **part}}))


class Station:
    """A process, as its beats know it."""

    def __init__(self, process: Process) -> None:
        self._process, self.node = process, NODE
        self.name = process.node.part.service
        stream = process.node.part.domain.stream
        self.stream = stream if stream in STREAMS else None
        self.time, self.out = Lived(process), Posted(process)
        self.relay: Relay[Any] = replace(process.relay, time=self.time)
        self.watch, self.hearing = Watched(process), Committed(process, process)
        self.store = self
        self.notes = Added(process)

    @property
    def incarnation(self) -> str | None:
        known = self._process.incarnation
        return None if known < 0 else str(known)


def beats_of(process: Process) -> Beats:
    """Give the beats of a process."""
    station: Any = Station(process)
    return Beats(station)


async def watch(beats: Beats) -> None:
    """Note again and again up to when each stream was heard."""
    while True:
        await Suspension(WATCH)
        await beats.note_views()
