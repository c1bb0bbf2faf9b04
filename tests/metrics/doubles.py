"""Metrics without engines, and complaints for it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from fastapi import FastAPI
from msgspec.structs import replace

from services.metrics.api import Api
from services.metrics.domain.figures import Cells, Figures, place_of
from services.metrics.domain.timeline import Timeline, Timelines
from services.metrics.handlers import Boards, Recount, Telling, World
from services.metrics.pages import Pages
from services.metrics.store import FIGURES, TIMELINES
from shared.contracts import followup, intake, notification, routing
from shared.contracts.vocabulary import Clock as Deadline
from shared.contracts.vocabulary import TrackingNumber, zone_of
from shared.runtime.document import Document, State
from shared.runtime.ports import Away, Change, Dirt, Message, Tally, Written
from tests import desk
from tests.desk import Clock, Memory, Service, door

AMBON = zone_of("8171")


class Shelf(Memory[State]):
    """Documents in memory with everything that metrics asks; can be slow and lose answers."""

    def __init__(self, shape: Any, chance: Random | None = None) -> None:
        super().__init__(shape)
        self.chance, self.reads = chance, 0
        self.gate: asyncio.Event | None = None
        """Where one count, once it has its number, waits to be let go on."""

    async def _suffer(self) -> None:
        """Let others go first for a while; sometimes be away."""
        if self.chance is not None:
            for _ in range(self.chance.choice((0, 0, 1, 3, 10))):
                await asyncio.sleep(0)
            if self.chance.random() < 0.02:
                raise Away("chance")

    async def load(self, ids: Sequence[str]) -> dict[str, Document[State]]:
        await self._suffer()
        found = await super().load(ids)
        await self._suffer()
        return found

    async def write(self, changes: Sequence[Change[State]]) -> Written:
        await self._suffer()
        written = await super().write(changes)
        await self._suffer()
        return written

    async def dirty(self, since: int, until: int, limit: int) -> list[Dirt]:
        await self._suffer()
        marks = [
            Dirt(each.id, each.version, each.changed_at, each.dirty)
            for each in self.kept.values()
            if each.dirty and since <= each.changed_at < until
        ]
        self.reads += len(marks[:limit])
        return sorted(marks, key=lambda mark: mark.at)[:limit]

    async def number(self, field: str, value: str) -> int:
        await self._suffer()
        found = len(self._having(field, value))
        self.reads += found
        await self._suffer()
        gate, self.gate = self.gate, None
        if gate is not None:
            await gate.wait()
        return found

    async def matching(self, field: str, value: str, limit: int) -> list[Document[State]]:
        return self._having(field, value)[:limit]

    async def clean(self, dirt: Sequence[Dirt]) -> None:
        await self._suffer()
        for mark in dirt:
            each = self.kept[mark.id]
            if each.version == mark.version:
                self.kept[mark.id] = replace(each, dirty=())

    async def untold(self, until: int, limit: int) -> list[Document[State]]:
        marked = [each for each in self.kept.values() if each.untold and each.untold < until]
        return sorted(marked, key=lambda each: each.untold or 0)[:limit]

    async def unmark(self, told: Sequence[Document[State]]) -> None:
        for each in told:
            if self.kept[each.id].untold == each.untold:
                self.kept[each.id] = replace(self.kept[each.id], untold=None)

    async def changed(self, since: int, until: int, limit: int) -> list[Document[State]]:
        found = [each for each in self.kept.values() if since <= each.changed_at < until]
        return sorted(found, key=lambda each: each.changed_at)[:limit]

    def _having(self, field: str, value: str) -> list[Document[State]]:
        assert value >= self.shape.indexed[field], f"the index does not go down to {value}"
        found = []
        for each in self.kept.values():
            held = self.shape.finds(each.state).get(field)
            if held == value or (isinstance(held, list) and value in held):
                found.append(each)
        return found


class Notebook:
    """Notes in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}

    async def read(self, name: str) -> dict[str, Any] | None:
        return self.kept.get(name)

    async def write(self, name: str, note: dict[str, Any]) -> None:
        self.kept[name] = note


class Wire:
    """A bus that remembers what was sent."""

    def __init__(self) -> None:
        self.sent: list[Message] = []

    async def send(self, messages: Sequence[Message]) -> Sequence[Message]:
        self.sent.extend(messages)
        return []


class Room(Service[Timeline]):
    """Metrics of Kota Ambon."""

    def __init__(self, clock: Clock | None = None, chance: Random | None = None) -> None:
        clock = clock or Clock()
        super().__init__(Timelines(), TIMELINES, clock)
        self.documents = self.timelines = Shelf[Timeline](TIMELINES, chance)
        self.figures = Shelf[Figures](FIGURES, chance)
        self.wire, self.notes, self.incarnation = Wire(), Notebook(), "one"
        self.on_the_bus = True
        world = World(
            self.figures,
            None,  # type: ignore[arg-type]  # nothing of figures is ever held
            self.notes,
            self.wire,
            clock,
            Tally(),
            lambda: self.incarnation if self.on_the_bus else None,
        )
        self.telling = Telling(Cells("8171", AMBON), world)
        self.heard = 0
        self.seen: Mapping[str, datetime] = {}
        self.board = Boards(self.figures, self.timelines, self._views, AMBON, clock)

    def recount(self) -> Recount:
        """Give one process's recount."""
        return Recount(
            self.timelines, self.figures, AMBON, self.clock, self.telling.tell, lambda: self.heard
        )

    async def count(self) -> None:
        """Count until nothing is stale."""
        recount = self.recount()
        for _ in range(200):
            await recount.run()
            self.clock.pass_by(timedelta(seconds=1))
            if not any(each.dirty for each in self.timelines.kept.values()):
                return
        raise AssertionError("the recount does not come to an end")

    def door(self) -> FastAPI:
        """Give the whole service over HTTP."""
        api, pages = Api(self.board, "8171"), Pages(self.board, AMBON, "Kota Ambon")
        app = door(api.routes(), pages.routes(), pages.site.files())
        app.state.endless = (api.close, pages.close)
        return app

    async def _views(self) -> Mapping[str, datetime]:
        return self.seen

    def shown(self) -> dict[str, int]:
        """Give every figure that is not zero, by place."""
        return {
            f"{each.id} {minute}": count
            for each in self.figures.kept.values()
            for minute, count in each.state.minutes.items()
        }

    def naive(self) -> dict[str, int]:
        """Count every timeline the plain way."""
        return naive(each.state for each in self.timelines.kept.values())

    def receive(self, complaint: str, **other: Any) -> None:
        """Hear that a complaint was received now."""
        self.hear(complaint, "complaints", received(complaint, self.clock.now, **other))

    def route(self, complaint: str, agency: str, turn: int = 1) -> None:
        """Hear that a complaint was routed now."""
        self.hear(complaint, "dispositions", routing.ComplaintRouted(agency=agency, turn=turn))

    def answer(self, complaint: str, agency: str) -> None:
        """Hear that an agency answered now."""
        self.hear(complaint, "cases", followup.ResponseGiven(agency=agency, text="Sudah."))

    def resolve(self, complaint: str, agency: str) -> None:
        """Hear that a case was resolved now."""
        self.hear(complaint, "cases", followup.CaseResolved(agency=agency))

    def miss(self, complaint: str, agency: str | None) -> None:
        """Hear that a deadline was missed now."""
        due = self.clock.now.date()
        missed = followup.DeadlineMissed(clock=Deadline.RESPOND, due_on=due, agency=agency)
        self.hear(complaint, "cases", missed)

    def notify(self, complaint: str) -> None:
        """Hear that the reporter was told."""
        sent = notification.NoticeSent(notice="n", about="x", audience="reporter", channel="email")
        self.hear(complaint, "notices", sent)


def received(complaint: str, at: datetime, **other: Any) -> intake.ComplaintReceived:
    """Tell of a complaint under a number of its own."""
    number = str(TrackingNumber.of("8171", complaint))
    said = {"tracking_number": number, "category": "jalan-jembatan", **other}
    return desk.received(at, **said)


def naive(timelines: Iterable[Timeline]) -> dict[str, int]:
    """Count milestones by place, the plain way."""
    counts: dict[str, int] = {}
    for timeline in timelines:
        for window in timeline.windows:
            place = place_of(window, AMBON)
            name = f"{place.day} {place.minute}"
            counts[name] = counts.get(name, 0) + 1
    return counts
