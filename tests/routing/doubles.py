"""Routing without engines, and complaints for it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import httpx
from fastapi import FastAPI

from services.routing.api import (
    create_api,
    create_areas,
    create_decisions,
    create_mergers,
    create_register,
)
from services.routing.areas import LokalAreas
from services.routing.domain.aside import Window
from services.routing.domain.disposition import Disposition
from services.routing.domain.dispositions import Dispositions
from services.routing.domain.entry import Entry
from services.routing.domain.known import Known
from services.routing.domain.register import Agency, RegisterFile, Rule
from services.routing.handlers import Activity, Mergers, Registrar, Routing
from services.routing.registry import Book, Registry
from services.routing.rights import RIGHTS
from services.routing.store import ENTRIES, SHAPE
from shared.contracts.calendar import Calendar
from shared.contracts.vocabulary import zone_of
from shared.runtime.document import Document
from shared.runtime.web.looks import create_words
from tests.desk import KEY, Clock, Memory, Service, client, door, headers, received
from tests.looks import InMemoryLooks
from tests.registers import Always

COMPLAINT = "01a2b3c4-0000-7000-8000-000000000001"
QUEUE = "/api/v1/queue"
SHOWN = f"/api/v1/dispositions/{COMPLAINT}"
TOKEN = "coordinator"
AGENCIES = ("dinas-pu", "dinsos", "kecamatan-baguala", "dukcapil")
REGISTER = RegisterFile(
    agencies=tuple(Agency(code=code, name=code) for code in AGENCIES),
    rules=(
        Rule(category="jalan", area="81.71", agency="dinas-pu"),
        Rule(category="jalan", area="81.71.05", agency="kecamatan-baguala"),
        Rule(category="bansos", area="81", agency="dinsos"),
    ),
)


class Cupboard(Memory[Entry]):
    """Agencies in memory."""

    async def prepare(self) -> None:
        """Have no index to make."""

    async def changed(self, since: int, until: int, limit: int) -> list[Document[Entry]]:
        """Give documents by ``changed_at`` in [since, until), oldest first."""
        found = [each for each in self.kept.values() if since <= each.changed_at < until]
        return sorted(found, key=lambda each: each.changed_at)[:limit]


class Room(Service[Disposition]):
    """Routing of Kota Ambon."""

    def __init__(
        self, register: RegisterFile = REGISTER, clock: Clock | None = None, *, kept: bool = False
    ) -> None:
        """Decide by a register as it stands, or where it is ``kept`` by the one of the store."""
        clock = clock or Clock()
        self.window = Window(Calendar(zone_of("8171")), 10)
        self.agencies, self.book = Cupboard(ENTRIES), Book(self.window.calendar, clock)
        self.dispositions = Dispositions(self.book if kept else Always(register))
        super().__init__(self.dispositions, SHAPE, clock)
        self.looks = InMemoryLooks()
        self.mergers = Mergers(
            self.dispositions, self.window.calendar, self.documents, self.ask, lambda: clock.now
        )
        self.registry = Registry(self.book, register, self.agencies)
        self.registrar = Registrar(self.registry, LokalAreas(), self.documents)
        self.activity = Activity(self.registrar)
        known = Known(LokalAreas(), "81.71", {"taman"})
        self.routing = Routing(self.dispositions, self.window, self.documents, self.ask, known)

    @cached_property
    def app(self) -> FastAPI:
        """The service's door."""
        return door(
            RIGHTS,
            create_api(self.routing),
            create_decisions(self.routing),
            create_areas(self.routing),
            create_mergers(self.mergers, self.routing),
            create_register(self.registrar, self.activity),
            create_words(
                "/api/v1/dispositions/{complaint}",
                self.dispositions.stream,
                self.documents,
                self.looks,
                lambda: self.clock.now,
            ),
        )

    def receive(self, complaint: str = COMPLAINT, **other: Any) -> Disposition:
        """Hear that a complaint was received now."""
        said = received(self.clock.now, **other)
        return self.hear(complaint, "complaints", said).state


async def post(
    room: Room,
    path: str,
    body: Any,
    *,
    token: str = TOKEN,
    key: str | None = KEY,
    seen: int | None = None,
    complaint: str = COMPLAINT,
) -> httpx.Response:
    """Ask as an officer, by default a coordinator with the present revision."""
    revision = room.documents.kept[complaint].revision if seen is None else seen
    async with client(room.app) as http:
        given = headers(token, key=key, seen=revision)
        where = f"/api/v1/dispositions/{complaint}/{path}"
        return await http.post(where, json=body, headers=given)


async def get(room: Room, path: str, token: str = TOKEN, **query: Any) -> httpx.Response:
    """Read as an officer."""
    async with client(room.app) as http:
        return await http.get(path, params=query, headers=headers(token))
