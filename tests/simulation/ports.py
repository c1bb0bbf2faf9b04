"""The ports of one process: every call is an operation to which the course deals a fate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol, TypeVar

from shared.contracts.fact import Pair
from shared.runtime.document import Circumstances, Document
from shared.runtime.folding import Told
from shared.runtime.ports import Away, Change, Message, Passed, Written
from shared.runtime.timing import FOREVER, moment
from tests.simulation.bus import Broker
from tests.simulation.fate import Fate
from tests.simulation.scheduler import Scheduler, Suspension
from tests.simulation.store import Store

Result = TypeVar("Result")


class Host(Protocol):
    """The process an operation belongs to, and the world it is in."""

    store: Store
    broker: Broker
    scheduler: Scheduler
    chance: Random

    def suffer(self) -> Fate:
        """Let the course deal a fate; what concerns the whole process happens here."""


@dataclass(frozen=True, slots=True)
class Operations:
    """Runs operations; whatever goes wrong goes wrong here."""

    host: Host

    async def run(self, effect: Callable[[], Result]) -> Result:
        await Suspension(0.0005 + 0.004 * self.host.chance.random())
        fate = self.host.suffer()
        if fate is Fate.LATE:
            await Suspension(3 * self.host.chance.random())
        if fate is Fate.AWAY:
            raise Away
        result = effect()
        if fate in (Fate.LOST, Fate.UNACKED):
            raise Away
        return result


@dataclass(frozen=True, slots=True)
class SimulatedDocuments(Operations):
    """Documents of one process."""

    async def load(self, ids: Sequence[str]) -> dict[str, Document[Any]]:
        return await self.run(lambda: self.host.store.load(ids))

    async def write(self, changes: Sequence[Change[Any]]) -> Written:
        await Suspension(0.0005 + 0.004 * self.host.chance.random())
        fate = self.host.suffer()
        if fate is Fate.AWAY:
            raise Away
        if fate in (Fate.LOST, Fate.UNACKED):
            done = self.host.chance.randint(0, len(changes))
            self._write(changes[:done])
            raise Away
        if fate is Fate.LATE:
            await Suspension(3 * self.host.chance.random())
        return self._write(changes)

    def _write(self, changes: Sequence[Change[Any]]) -> Written:
        self.host.store.lived |= dict.fromkeys(
            [each.document.id for each in changes], self.host.scheduler.lived
        )
        return self.host.store.write(changes)

    async def untold(self, until: int, limit: int) -> list[Document[Any]]:
        return await self.run(lambda: self.host.store.untold(until, limit))

    async def oldest_untold(self) -> int | None:
        oldest = await self.untold(FOREVER, 1)
        return oldest[0].untold if oldest else None

    async def unmark(self, told: Sequence[Document[Any]]) -> None:
        await self.run(lambda: self.host.store.unmark(told))

    async def changed(self, since: int, until: int, limit: int) -> list[Document[Any]]:
        return await self.run(lambda: self.host.store.changed(since, until, limit))

    async def archived(self, since: int, until: int, limit: int) -> list[Document[Any]]:
        return []

    async def remove(self, resting: Sequence[Document[Any]]) -> None:
        await self.run(lambda: self.host.store.remove(resting))


@dataclass(frozen=True, slots=True)
class SimulatedQuarantine(Operations):
    """Quarantine of one process."""

    async def keep(self, waiting: Sequence[tuple[Told, str]]) -> None:
        await self.run(lambda: self.host.store.keep(waiting, self.host.scheduler.now))

    async def pass_by(self, passed: Sequence[Passed]) -> None:
        await self.run(lambda: self.host.store.pass_by(passed))

    async def waiting(self, since: int, until: int, limit: int) -> list[tuple[int, Told]]:
        return await self.run(lambda: self.host.store.waiting(limit, since, until))

    async def drop(self, complaint: str, stream: str, pair: Pair) -> None:
        await self.run(lambda: self.host.store.drop(complaint, stream, pair))


@dataclass(frozen=True, slots=True)
class SimulatedNotes(Operations):
    """Notes of one process."""

    async def read(self, name: str) -> dict[str, Any] | None:
        return await self.run(lambda: self.host.store.kept.notes.get(name))

    async def write(self, name: str, note: dict[str, Any]) -> None:
        await self.run(lambda: self.host.store.kept.notes.update({name: dict(note)}))


@dataclass(frozen=True, slots=True)
class SimulatedBus(Operations):
    """The bus as one process sees it."""

    async def send(self, messages: Sequence[Message]) -> Sequence[Message]:
        await Suspension(0.0005 + 0.004 * self.host.chance.random())
        fate = self.host.suffer()
        if fate is Fate.LATE:
            await Suspension(3 * self.host.chance.random())
        if fate is Fate.AWAY:
            raise Away
        left = []
        for message in messages:
            told = fate is not Fate.UNACKED or self.host.chance.random() < 0.5
            told = told and message.topic not in self.host.broker.refusing
            if told:
                self.host.broker.append(message)
            if not told or (fate is Fate.UNACKED and self.host.chance.random() < 0.5):
                left.append(message)
        if fate is Fate.LOST:
            raise Away
        return left


@dataclass(frozen=True, slots=True)
class SimulatedTime:
    """The wall clock of one process."""

    host: Host

    def under(self) -> Circumstances:
        return Circumstances(moment(self.host.scheduler.now), self.host.store.epoch)

    async def pause(self, seconds: float) -> None:
        await Suspension(seconds)
