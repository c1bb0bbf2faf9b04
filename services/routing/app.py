"""Composition: the one place that knows everything."""

from __future__ import annotations

from fastapi import FastAPI

from services.routing.api import create_api
from services.routing.domain.aside import Window
from services.routing.domain.disposition import Dispositions
from services.routing.domain.register import Register
from services.routing.handlers import Routing
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
    dispositions = Dispositions(read_file(settings.register_file, Register))
    process = Process(settings, Blueprint("routing", dispositions, SHAPE, awaited=["complaints"]))
    window = Window(Calendar(zone_of(settings.node), settings.closed), settings.complete_days)
    documents, ask = process.documents, process.ask
    routing = Routing(dispositions, window, documents, ask)
    now, heard = lambda: process.time.under().now, process.beats.views
    timers = Timers(dispositions, window, documents, ask, now, heard)
    process.duty("timers", EVERY, timers.look)
    return web_of(process, "Kentongan routing", [create_api(routing)])
