"""Composition: the one place that knows everything."""

from __future__ import annotations

from fastapi import FastAPI

from services.metrics.api import Api, indicator_routes, performance_routes
from services.metrics.domain.figures import Cells, DayFigures, Figures
from services.metrics.domain.performance import DayPerformance, Performance, Rows
from services.metrics.domain.timeline import Timeline, Timelines
from services.metrics.handlers import (
    Boards,
    Census,
    Cohorts,
    Completeness,
    Minutes,
    Recount,
    Tables,
    Telling,
    World,
)
from services.metrics.pages import Categories, Pages
from services.metrics.rights import RIGHTS
from services.metrics.settings import MetricsSettings
from services.metrics.store import FIGURES, PERFORMANCE, TIMELINES
from shared.contracts.vocabulary import zone_of
from shared.runtime.agencies import Agencies, agencies_for, kept_current
from shared.runtime.blueprint import Blueprint
from shared.runtime.given_files import read_file
from shared.runtime.process import Process
from shared.runtime.serving import web_of
from shared.runtime.store import MongoDocuments


def create_app(settings: MetricsSettings) -> FastAPI:
    """Join the parts of metrics."""
    zone = zone_of(settings.node)
    process = Process(settings, Blueprint("metrics", Timelines(), TIMELINES))
    figures = process.store.documents("figures", FIGURES)
    rows = process.store.documents("performance", PERFORMANCE)
    process.first += [figures.prepare, rows.prepare]
    agencies, place = agencies_for(process), settings.place or settings.node
    _count(process, figures, rows, agencies)
    tables = Tables(rows, process.beats.views, zone, process.time)
    boards = Boards(
        figures,
        process.documents,
        process.beats.views,
        agencies.answered_for,
        zone,
        process.time,
    )
    filed = settings.categories_file
    categories = read_file(filed, Categories) if filed else Categories()
    census = Census(agencies, zone, process.time)
    api = Api(boards, agencies, census, settings.node)
    pages = Pages(boards, agencies, categories, zone, place)
    return web_of(
        process,
        "Kentongan metrics",
        [
            api.routes(),
            indicator_routes(census, tables, settings.node),
            performance_routes(tables, agencies.answered_for, settings.node),
            pages.routes(),
            pages.site.files(),
        ],
        RIGHTS,
        beside=lambda: kept_current(agencies, process),
        endless=[api.close, pages.close],
    )


def _count(
    process: Process[Timeline],
    figures: MongoDocuments[Figures],
    rows: MongoDocuments[Performance],
    agencies: Agencies,
) -> None:
    """Have the holder of the lease count and tell."""
    node, zone = process.node, zone_of(process.node)
    world = World(
        process.store.quarantine,
        process.store.notes,
        process.out,
        process.time,
        process.tally,
        lambda: process.incarnation,
    )
    telling = Telling(DayFigures(), figures, Cells(node, zone), world)
    telling_rows = Telling(DayPerformance(), rows, Rows(node), world)
    timelines = process.documents

    minutes = Minutes(timelines, figures, zone, process.time, telling.tell)
    cohorts = Cohorts(timelines, rows, zone, process.time, telling_rows.tell, agencies.categories)
    recount = Recount(timelines, (minutes, cohorts), process.time, lambda: process.tally.heard)
    process.duty("recount", 1.0, recount.run)
    process.duty("tell figures", 5.0, telling.sweep)
    process.duty("retell figures", 5.0, telling.retell)
    process.duty("tell performance", 5.0, cohorts.once_decided(telling_rows.sweep))
    process.duty("retell performance", 5.0, cohorts.once_decided(telling_rows.retell))
    completeness = Completeness(
        node,
        timelines,
        (figures, rows),
        process.beats.views,
        process.out,
        process.time,
        lambda: process.incarnation,
    )
    process.duty("tell completeness", 15.0, completeness.tell)
