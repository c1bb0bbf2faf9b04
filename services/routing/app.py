"""Composition: the one place that knows everything."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from services.routing.api import (
    create_api,
    create_areas,
    create_decisions,
    create_mergers,
    create_register,
)
from services.routing.areas import LokalAreas
from services.routing.domain.area import Areas
from services.routing.domain.aside import Window
from services.routing.domain.disposition import Disposition
from services.routing.domain.dispositions import Dispositions
from services.routing.domain.entry import Entries
from services.routing.domain.filed import too_long
from services.routing.domain.known import Filed, Known
from services.routing.domain.register import RegisterFile
from services.routing.handlers import Activity, Mergers, Registrar, Routing
from services.routing.registry import Book, Registry, voice_of
from services.routing.rights import RIGHTS
from services.routing.settings import RoutingSettings
from services.routing.store import ENTRIES, SHAPE
from services.routing.timers import EVERY, Timers
from shared.contracts.calendar import Calendar
from shared.contracts.vocabulary import zone_of
from shared.runtime.access import place_of
from shared.runtime.alongside import alongside
from shared.runtime.blueprint import Blueprint
from shared.runtime.duties import retelling
from shared.runtime.given_files import read_file, reject
from shared.runtime.process import Process
from shared.runtime.relaying import Relay
from shared.runtime.serving import looks_of, web_of
from shared.runtime.store import Own
from shared.runtime.systemtime import SystemTime
from shared.runtime.telling import Teller
from shared.runtime.web.looks import create_words


def create_app(settings: RoutingSettings) -> FastAPI:
    """Join the parts of routing."""
    areas = LokalAreas(place_of(settings.node))
    file = read_register(settings.register_file, areas)
    calendar = Calendar(zone_of(settings.node), settings.closed, settings.opened)
    book = Book(calendar, SystemTime())
    dispositions = Dispositions(book)
    process = Process(settings, Blueprint("routing", dispositions, SHAPE, awaited=["complaints"]))
    registry = _keep(process, book, file)
    window = Window(calendar, settings.complete_days)
    documents, ask = process.documents, process.ask
    routing = Routing(dispositions, window, documents, ask, _known(settings, areas))
    now, heard = lambda: process.time.under().now, process.beats.views
    timers = Timers(dispositions, window, documents, ask, now, heard)
    process.duty("timers", EVERY, timers.look)
    registrar = Registrar(registry, areas, documents)
    activity = Activity(registrar)
    mergers = Mergers(dispositions, calendar, documents, ask, now)
    process.duty("mergers", EVERY, mergers.look)
    path, looks = "/api/v1/dispositions/{complaint}", looks_of(process)
    doors = (
        create_api(routing),
        create_decisions(routing),
        create_areas(routing),
        create_mergers(mergers, routing),
        create_register(registrar, activity),
        create_words(path, dispositions.stream, documents, looks, now),
    )

    @asynccontextmanager
    async def beside() -> AsyncIterator[None]:
        async with (
            alongside("register", registry.keep_current),
            alongside("activity", activity.keep_noted),
        ):
            yield

    return web_of(process, "Kentongan routing", doors, RIGHTS, beside=beside)


def _known(settings: RoutingSettings, areas: Areas) -> Known:
    """Say which categories and areas there are at this node."""
    own = settings.categories_file
    filed = read_file(own, Filed).codes if own else frozenset[str]()
    return Known(areas, place_of(settings.node), filed)


def read_register(path: Path, areas: Areas) -> RegisterFile:
    """Read the register file; where it is wrong, say in which lines, and end."""
    file = read_file(path, RegisterFile)
    nowhere = [
        (("rules", at, "area"), f"The Kemendagri table has no area {rule.area}; name another.")
        for at, rule in enumerate(file.rules)
        if areas.find(rule.area) is None
    ]
    if wrong := [*nowhere, *too_long(file)]:
        reject(path, wrong)
    return file


def _keep(process: Process[Disposition], book: Book, file: RegisterFile) -> Registry:
    """Keep the register in the store of a process, and have the holder of the lease tell it."""
    agencies = process.store.documents("register", ENTRIES)
    book.time = process.time  # what is changed carries the epoch of this store
    teller = Teller(voice_of(process.node, book), process.out, process.time, process.tally)
    relay = Relay(
        Entries(),
        agencies,
        process.store.quarantine,
        Own(process.store.notes, "register"),
        teller,
        process.time,
        process.tally,
    )

    async def sweep() -> None:
        if process.incarnation is not None:
            await relay.tell_untold()

    process.duty("tell register", EVERY, sweep)
    process.duty("retell register", EVERY, retelling(relay.retell, lambda: process.incarnation))
    registry = Registry(book, file, agencies)
    process.first.append(registry.prepare)
    return registry
