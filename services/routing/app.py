"""Composition: the one place that knows everything."""

from __future__ import annotations

import sys

from fastapi import FastAPI

from services.routing.api import create_api, create_areas
from services.routing.areas import LokalAreas
from services.routing.domain.aside import Window
from services.routing.domain.disposition import Dispositions
from services.routing.domain.register import Register
from services.routing.handlers import Routing
from services.routing.rights import RIGHTS
from services.routing.settings import RoutingSettings
from services.routing.store import SHAPE
from services.routing.timers import EVERY, Timers
from shared.contracts.calendar import Calendar
from shared.contracts.vocabulary import zone_of
from shared.runtime.blueprint import Blueprint
from shared.runtime.process import Process
from shared.runtime.serving import read_file, web_of


def create_app(settings: RoutingSettings) -> FastAPI:
    """Join the parts of routing."""
    register, areas = read_file(settings.register_file, Register), LokalAreas()
    nowhere = [rule.name for rule in register.rules if areas.find(rule.area) is None]
    if nowhere:
        sys.exit(f"{settings.register_file}: there is no such area: {', '.join(nowhere[:20])}.")
    dispositions = Dispositions(register)
    process = Process(settings, Blueprint("routing", dispositions, SHAPE, awaited=["complaints"]))
    calendar = Calendar(zone_of(settings.node), settings.closed, settings.opened)
    window = Window(calendar, settings.complete_days)
    documents, ask = process.documents, process.ask
    routing = Routing(dispositions, window, documents, ask, areas)
    now, heard = lambda: process.time.under().now, process.beats.views
    timers = Timers(dispositions, window, documents, ask, now, heard)
    process.duty("timers", EVERY, timers.look)
    doors = [create_api(routing), create_areas(routing)]
    return web_of(process, "Kentongan routing", doors, RIGHTS)
