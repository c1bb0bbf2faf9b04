"""Telling what was counted: one snapshot per cell, the higher (epoch, version) wins."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol

from shared.contracts.fact import Pair, instant
from shared.contracts.metrics import CellCounted, PerformanceCounted
from shared.contracts.topics import topic
from shared.runtime.document import Document, Domain, State
from shared.runtime.duties import retelling
from shared.runtime.ports import Bus, Documents, Notes, Quarantine, Tally, Time
from shared.runtime.relaying import Relay
from shared.runtime.store import Own
from shared.runtime.telling import Teller, Utterance, Voice
from shared.runtime.timing import moment

Snapshot = CellCounted | PerformanceCounted
Keyed = Iterable[tuple[str, Snapshot]]


class Snapshots(Protocol[State]):
    """Makes the snapshots of counted documents, each under its key."""

    @property
    def node(self) -> str:
        """Whose they are."""

    @property
    def type(self) -> str:
        """The wire name of each."""

    def news(self, document: Document[State]) -> Keyed:
        """Give what waits to be told."""

    def whole(self, document: Document[State], now: datetime) -> Keyed:
        """Give what a bus is told that forgot."""


@dataclass(frozen=True, slots=True)
class World:
    """What telling needs of its process; ``incarnation`` is None while there is no bus."""

    quarantine: Quarantine
    notes: Notes
    bus: Bus
    time: Time
    tally: Tally
    incarnation: Callable[[], str | None]


class Telling(Generic[State]):
    """Tells what was counted: at once, by a sweep for what was left, and to a bus that forgot."""

    def __init__(
        self,
        domain: Domain[State],
        documents: Documents[State],
        snapshots: Snapshots[State],
        world: World,
    ) -> None:
        """Tell the snapshots of documents."""
        self._domain, self._documents, self._world = domain, documents, world
        self._snapshots = snapshots
        self._news = self._relay(snapshots.news)
        whole = self._relay(lambda document: snapshots.whole(document, world.time.under().now))
        self.retell = retelling(whole.retell, world.incarnation)
        """Tells every day again to a bus that forgot, the latest with their minutes."""

    async def tell(self, documents: Sequence[Document[State]]) -> None:
        """Tell what is new, if there is a bus; if not, it stays marked."""
        if documents and self._world.incarnation() is not None:
            await self._news.tell(documents)

    async def sweep(self) -> None:
        """Tell what has stayed marked."""
        if self._world.incarnation() is not None:
            await self._news.tell_untold()

    def _relay(self, snapshots: Callable[[Document[State]], Keyed]) -> Relay[State]:
        world, node, kind = self._world, self._snapshots.node, self._snapshots.type
        where = topic(node, "metrics")

        def derive(document: Document[State]) -> Iterable[Utterance]:
            return [_utter(where, document, key, each) for key, each in snapshots(document)]

        voice = Voice(source=f"/node/{node}/metrics", topic=where, type=kind, derive=derive)
        teller = Teller(voice, world.bus, world.time, world.tally)
        return Relay(
            self._domain,
            self._documents,
            world.quarantine,
            Own(world.notes, self._domain.stream),
            teller,
            world.time,
            world.tally,
        )


def _utter(where: str, document: Document[Any], key: str, snapshot: Snapshot) -> Utterance:
    pair = Pair(snapshot.epoch, snapshot.version)
    return Utterance(
        topic=where,
        key=key,
        mark=str(pair),
        type=snapshot.type,
        subject=key,
        pair=pair,
        time=instant(moment(document.changed_at)),
        body=lambda: snapshot.model_dump_json().encode(),
    )
