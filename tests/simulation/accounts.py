"""Processes of metrics: they count, tell what was counted, and say up to when that is all."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from services.metrics.domain.cohort import hour_of
from services.metrics.domain.figures import Cells, DayFigures, place_of
from services.metrics.domain.performance import DayPerformance, Rows
from services.metrics.handlers import Cohorts, Completeness, Minutes, Recount, Telling, World
from shared.contracts.metrics import Measure, WindowsCompleted
from shared.contracts.vocabulary import zone_of
from shared.runtime.document import Document
from shared.runtime.ports import Message
from tests.simulation.bus import NODE
from tests.simulation.marks import Marks
from tests.simulation.node import Claim
from tests.simulation.ports import SimulatedBus, SimulatedDocuments
from tests.simulation.process import Process
from tests.simulation.scheduler import Suspension
from tests.simulation.store import Store

ZONE = zone_of(NODE)
NAMED = frozenset({"jalan"})
"""Categories that the register names."""
STAY = (Measure.RECEIVED, Measure.ANSWERED)
"""Measures that a complaint reaches once and for ever: no later fact takes one out of a window."""


@dataclass(frozen=True, slots=True)
class Timelines(Marks):
    """The timelines of one process, as they are counted."""

    async def number(self, _field: str, window: str) -> int:
        return await self.run(lambda: len(self.host.store.within(window)))

    async def states(self, _field: str, hour: str) -> AsyncIterator[list[Any]]:
        live = self.host.store.live
        yield await self.run(
            lambda: [each.state for each in live.values() if hour_of(each.state.milestones) == hour]
        )


class Shelf:
    """What of a process is at work at a shelf of the store beside the complaints."""

    def __init__(self, process: Process, name: str) -> None:
        self.store, self.broker = process.store.shelf(name), process.broker
        self.scheduler, self.chance = process.scheduler, process.chance
        self.suffer = process.suffer


@dataclass(frozen=True, slots=True)
class Kept(SimulatedDocuments):
    """Counted documents of one process."""

    async def window(self, _field: str, _low: str, _high: str, _limit: int) -> list[Document[Any]]:
        return []  # it is known from the start what may be told by name


@dataclass(frozen=True, slots=True)
class Claiming(SimulatedBus):
    """The bus, on its way to which it is noted what metrics claimed to be complete, and as what."""

    process: Process

    async def send(self, messages: Sequence[Message]) -> Sequence[Message]:
        for message in messages:
            said = WindowsCompleted.model_validate_json(message.value or b"")
            figures = stored(self.process.store)
            self.process.node.claims.append(Claim(said.through, figures))
        return await SimulatedBus.send(self, messages)


def stored(store: Store) -> dict[tuple[str, str], int]:
    """Give what was counted, by day and minute."""
    return {
        (key, minute): count
        for key, document in store.shelf("figures").live.items()
        for minute, count in document.state.minutes.items()
    }


def counted(documents: Sequence[Document[Any]]) -> dict[tuple[str, str], int]:
    """Count timelines, by day and minute."""
    counts: dict[tuple[str, str], int] = {}
    for document in documents:
        for window in document.state.windows:
            place = place_of(window, ZONE)
            counts[place] = counts.get(place, 0) + 1
    return counts


class Accountant(Process):
    """A process of metrics, whose duties are production's."""

    def start(self) -> None:
        super().start()
        unused: Any = None
        figures, rows = (Kept(Shelf(self, name)) for name in ("figures", "rows"))
        bus, time, timelines = SimulatedBus(self), self.time, Timelines(self)
        world = World(unused, self.notes, bus, time, self.tally, self.bus_known)
        telling = Telling(DayFigures(), figures, Cells(NODE, ZONE), world)
        telling_rows = Telling(DayPerformance(), rows, Rows(NODE), world)
        minutes = Minutes(timelines, figures, ZONE, time, telling.tell)
        cohorts = Cohorts(timelines, rows, ZONE, time, telling_rows.tell, lambda: NAMED)
        self.recount = Recount(timelines, (minutes, cohorts), time, lambda: self.tally.heard)
        self.completeness = Completeness(
            NODE,
            timelines,
            (figures, rows),
            self.beats.views,
            Claiming(self, self),
            time,
            self.bus_known,
        )
        self.duties = (telling.sweep, telling_rows.sweep, telling.retell, telling_rows.retell)

    def bus_known(self) -> str | None:
        """Name the bus that this process knows."""
        return str(self.incarnation) if self.incarnation >= 0 else None

    async def live(self) -> None:
        await super().live()
        self.spawn(self.count())
        self.spawn(self.tell())

    async def count(self) -> None:
        while True:
            await Suspension(2 + 2 * self.chance.random())
            await self.recount.run()

    async def tell(self) -> None:
        """Tell what was left untold, and what is complete, as the lease's holder."""
        while True:
            await Suspension(10 + 5 * self.chance.random())
            if self.node.lease[0] == self.name:
                for duty in self.duties:
                    await duty()
                await self.completeness.tell()
