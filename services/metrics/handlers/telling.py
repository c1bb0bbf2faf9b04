"""Telling figures: one snapshot per cell, the higher (epoch, version) wins."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from services.metrics.domain.figures import Cells, DayFigures, Figures
from shared.contracts.fact import Pair, instant
from shared.contracts.metrics import CellCounted
from shared.contracts.topics import topic
from shared.runtime.document import Document
from shared.runtime.ports import Bus, Documents, Notes, Quarantine, Tally, Time
from shared.runtime.relaying import Relay, retelling
from shared.runtime.telling import Teller, Utterance, Voice
from shared.runtime.timing import moment


@dataclass(frozen=True, slots=True)
class Own:
    """The notes of the figures' relay, apart from those of the timelines'."""

    notes: Notes

    async def read(self, name: str) -> dict[str, Any] | None:
        """Read a note."""
        return await self.notes.read(f"figures.{name}")

    async def write(self, name: str, note: dict[str, Any]) -> None:
        """Write a note."""
        await self.notes.write(f"figures.{name}", note)


@dataclass(frozen=True, slots=True)
class World:
    """What telling needs of its process; ``incarnation`` is None while there is no bus."""

    documents: Documents[Figures]
    quarantine: Quarantine
    notes: Notes
    bus: Bus
    time: Time
    tally: Tally
    incarnation: Callable[[], str | None]


class Telling:
    """Tells what was counted: at once, by a sweep for what was left, and to a bus that forgot."""

    def __init__(self, cells: Cells, world: World) -> None:
        """Tell the cells of a node."""
        self._cells, self._world = cells, world
        self._news = self._relay(cells.news)
        whole = self._relay(lambda document: cells.whole(document, world.time.under().now))
        self.retell = retelling(whole, world.incarnation)
        """Tells every day again to a bus that forgot, the latest with their minutes."""

    async def tell(self, documents: Sequence[Document[Figures]]) -> None:
        """Tell what is new, if there is a bus; if not, it stays marked."""
        if documents and self._world.incarnation() is not None:
            await self._news.tell(documents)

    async def sweep(self) -> None:
        """Tell what has stayed marked."""
        if self._world.incarnation() is not None:
            await self._news.tell_untold()

    def _relay(
        self, cells: Callable[[Document[Figures]], Iterable[tuple[str, CellCounted]]]
    ) -> Relay[Figures]:
        world, source = self._world, f"/node/{self._cells.node}/metrics"
        where = topic(self._cells.node, "metrics")

        def derive(document: Document[Figures]) -> Iterable[Utterance]:
            return [_utter(where, document, key, cell) for key, cell in cells(document)]

        voice = Voice(source=source, topic=where, type=CellCounted.type, derive=derive)
        teller = Teller(voice, world.bus, world.time, world.tally)
        return Relay(
            DayFigures(),
            world.documents,
            world.quarantine,
            Own(world.notes),
            teller,
            world.time,
            world.tally,
        )


def _utter(where: str, document: Document[Figures], key: str, cell: CellCounted) -> Utterance:
    pair = Pair(cell.epoch, cell.version)
    return Utterance(
        topic=where,
        key=key,
        mark=str(pair),
        type=CellCounted.type,
        subject=key,
        pair=pair,
        time=instant(moment(document.changed_at)),
        body=lambda: cell.model_dump_json().encode(),
    )
