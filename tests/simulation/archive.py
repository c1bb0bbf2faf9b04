"""The archive of one service in memory, and who moves complaints there and clears up behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from shared.runtime.archiving import Archived, Archivist, Copy
from shared.runtime.document import Document
from shared.runtime.ports import Away, Change
from tests.simulation.fate import Fate
from tests.simulation.ports import Operations, SimulatedDocuments
from tests.simulation.scheduler import SECOND, Suspension

if TYPE_CHECKING:
    from tests.simulation.process import Process

AnyDocument = Document[Any]
AGE = 60
"""Seconds a complaint lies unchanged: longer than any process sleeps, as is a day in production.

Time that the simulation jumps over does not count: nobody can be asleep and write behind it."""
LEFT_ALONE = timedelta(seconds=20)
TOGETHER = 20


@dataclass(frozen=True, slots=True)
class SimulatedArchive(Operations):
    """The archive of one process."""

    async def load(self, ids: Sequence[str]) -> dict[str, AnyDocument]:
        archive = self.host.store.kept.archive
        return await self.run(lambda: {key: archive[key] for key in ids if key in archive})

    async def changed(self, since: int, until: int, limit: int) -> list[AnyDocument]:
        def effect() -> list[AnyDocument]:
            archive = self.host.store.kept.archive.values()
            found = [each for each in archive if since <= each.changed_at < until]
            return sorted(found, key=lambda each: (each.changed_at, each.id))[:limit]

        return await self.run(effect)

    async def taken(self, new: Sequence[AnyDocument]) -> dict[str, str]:
        return {}  # the store has all numbers in one index

    async def put(self, documents: Sequence[AnyDocument], at: int) -> None:
        kept = self.host.store.kept

        def effect(some: Sequence[AnyDocument]) -> None:
            for each in some:
                kept.archive[each.id], kept.loose[each.id] = each, at

        await Suspension(0.0005 + 0.004 * self.host.chance.random())
        fate = self.host.suffer()
        if fate is Fate.AWAY:
            raise Away
        if fate in (Fate.LOST, Fate.UNACKED):
            effect(documents[: self.host.chance.randint(0, len(documents))])
            raise Away
        if fate is Fate.LATE:
            await Suspension(3 * self.host.chance.random())
        effect(documents)

    async def loosen(self, returning: Sequence[Change[Any]]) -> None:
        kept = self.host.store.kept

        def effect() -> None:
            for each in (change.document for change in returning):
                copy = kept.archive.get(each.id)
                if copy is not None and copy.version == each.version - 1:
                    kept.loose[each.id] = each.changed_at

        await self.run(effect)

    async def loose(self, until: int, limit: int) -> list[Copy]:
        kept = self.host.store.kept

        def effect() -> list[Copy]:
            found = sorted((at, key) for key, at in kept.loose.items() if at < until)
            return [Copy(key, kept.archive[key].version, at) for at, key in found[:limit]]

        return await self.run(effect)

    async def settle(self, copies: Sequence[Copy]) -> None:
        await self._each(copies, lambda key: None)

    async def drop(self, copies: Sequence[Copy]) -> None:
        archive = self.host.store.kept.archive
        await self._each(copies, lambda key: archive.pop(key, None))

    async def _each(self, copies: Sequence[Copy], then: Callable[[str], object]) -> None:
        """Do something to each copy that is still as it was read, and take its mark."""
        kept = self.host.store.kept

        def effect() -> None:
            for each in copies:
                copy = kept.archive.get(each.id)
                if copy and (copy.version, kept.loose.get(each.id)) == (each.version, each.loose):
                    del kept.loose[each.id]
                    then(each.id)

        await self.run(effect)


def archived(process: Process) -> Archived[Any]:
    """Give what a process knows of complaints, live and archived, over the ports."""
    return Archived(SimulatedDocuments(process), SimulatedArchive(process), process.tally)


async def archive(process: Process, closed: Callable[[Any], bool]) -> None:
    """Move what is closed as soon as it may be, and clear up; both processes do, at any moment."""
    age = timedelta(0)  # what is old enough is chosen here, by the time that was lived through
    archivist = Archivist(process.documents, closed, age, process.time, process.tally, LEFT_ALONE)
    while True:
        await Suspension(1 + 2 * process.chance.random())
        try:
            page = await process.operations.run(lambda: rested(process, closed))
            await archivist.move(page)
            await archivist.resolve()
        except Away:
            continue


def rested(process: Process, closed: Callable[[Any], bool]) -> list[AnyDocument]:
    """Give closed live complaints that nobody has written for long enough."""
    store, until = process.store, process.scheduler.lived - AGE * SECOND
    old = [each for key, each in store.live.items() if store.lived.get(key, 0) < until]
    return [each for each in old if closed(each.state)][:TOGETHER]
