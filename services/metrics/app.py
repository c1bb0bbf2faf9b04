"""Composition: the one place that knows everything."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from services.metrics.api import Api
from services.metrics.domain.figures import Cells
from services.metrics.domain.timeline import Timelines
from services.metrics.handlers import Boards, Recount, Telling, World
from services.metrics.pages import Pages
from services.metrics.settings import MetricsSettings
from services.metrics.store import FIGURES, TIMELINES
from shared.contracts.vocabulary import zone_of
from shared.runtime.blueprint import Blueprint
from shared.runtime.hearing import patiently
from shared.runtime.process import Process
from shared.runtime.serving import web_of


def create_app(settings: MetricsSettings) -> FastAPI:
    """Join the parts of metrics."""
    zone = zone_of(settings.node)
    process = Process(settings, Blueprint("metrics", Timelines(), TIMELINES))
    figures = process.store.documents("figures", FIGURES)
    world = World(
        figures,
        process.store.quarantine,
        process.store.notes,
        process.out,
        process.time,
        process.tally,
        lambda: process.incarnation,
    )
    telling = Telling(Cells(settings.node, zone), world)
    recount = Recount(
        process.documents, figures, zone, process.time, telling.tell, lambda: process.tally.heard
    )
    process.duty("recount", 1.0, recount.run)
    process.duty("tell figures", 5.0, telling.sweep)
    process.duty("retell figures", 5.0, telling.retell)
    boards = Boards(figures, process.documents, process.beats.views, zone, process.time)
    api, pages = Api(boards, settings.node), Pages(boards, zone, settings.place or settings.node)

    @asynccontextmanager
    async def beside() -> AsyncIterator[None]:
        preparing = asyncio.create_task(patiently(process.time, figures.prepare))
        yield
        preparing.cancel()

    return web_of(
        process,
        "Kentongan metrics",
        [api.routes(), pages.routes(), pages.site.files()],
        beside=beside,
        endless=[api.close, pages.close],
    )
