"""Composition: the one place that knows everything."""

from __future__ import annotations

from fastapi import FastAPI

from services.routing.api import create_api
from services.routing.domain.disposition import Dispositions
from services.routing.domain.register import Register
from services.routing.handlers import Routing
from services.routing.settings import RoutingSettings
from services.routing.store import SHAPE
from shared.runtime.blueprint import Blueprint
from shared.runtime.process import Process
from shared.runtime.serving import read_file, web_of


def create_app(settings: RoutingSettings) -> FastAPI:
    """Join the parts of routing."""
    dispositions = Dispositions(read_file(settings.register_file, Register))
    process = Process(settings, Blueprint("routing", dispositions, SHAPE, awaited=["complaints"]))
    routing = Routing(dispositions, process.documents, process.ask)
    return web_of(process, "Kentongan routing", [create_api(routing)])
