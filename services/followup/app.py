"""Composition: the one place that knows everything."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from services.followup.api import DOORS, create_contributions, create_outages
from services.followup.domain.case import Case
from services.followup.domain.cases import Cases
from services.followup.domain.policy import DEFAULT, Policies
from services.followup.handlers import Book, Contributions, Followup, Outages
from services.followup.rights import RIGHTS
from services.followup.settings import FollowupSettings
from services.followup.store import OUTAGES, shape_of
from services.followup.timers import EVERY, SELDOM, Amendments, Timers, outages_read
from shared.contracts.calendar import Calendar
from shared.contracts.vocabulary import zone_of
from shared.runtime.agencies import Agencies, agencies_for, kept_current
from shared.runtime.blueprint import Blueprint
from shared.runtime.given_files import read_file
from shared.runtime.process import Process
from shared.runtime.serving import looks_of, web_of
from shared.runtime.web.looks import create_words


def create_app(settings: FollowupSettings) -> FastAPI:
    """Join the parts of followup."""
    calendar = Calendar(zone_of(settings.node), settings.closed, settings.opened)
    file = settings.policy_file
    book = Book()
    cases = Cases(calendar, read_file(file, Policies) if file else DEFAULT, book)
    awaited = ["complaints", "dispositions"]
    process = Process(settings, Blueprint("followup", cases, shape_of(cases), awaited=awaited))
    documents, ask = process.documents, process.ask
    timers = Timers(cases, documents, ask, lambda: process.time.under().now, process.beats.views)
    process.duty("timers", EVERY, timers.look)
    notes, now = process.store.notes, timers.now
    amendments = Amendments(cases, process.relay.walk, notes, ask, now)
    process.duty("amendments", SELDOM, amendments.look)
    agencies = agencies_for(process)
    outages = _outages(process, book, agencies)
    followup = Followup(cases, documents, ask, agencies)
    shared = create_contributions(Contributions(cases, documents, ask))
    looks = looks_of(process)
    words = create_words("/api/v1/cases/{complaint}", cases.stream, documents, looks, now)
    declaring = create_outages(outages, cases.policies.outages)
    doors = [*(create(followup) for create in DOORS), shared, words, declaring]
    return web_of(
        process,
        "Kentongan followup",
        doors,
        RIGHTS,
        beside=lambda: _beside(process, agencies, outages),
    )


def _outages(process: Process[Case], book: Book, agencies: Agencies) -> Outages:
    """Know what was declared before anything is judged."""
    declared = process.store.documents("outages", OUTAGES)
    outages = Outages(book, declared, process.time, agencies)
    process.first += [declared.prepare, outages.read]
    return outages


@asynccontextmanager
async def _beside(
    process: Process[Case], agencies: Agencies, outages: Outages
) -> AsyncIterator[None]:
    """Know the agencies and the outages while the process runs."""
    async with kept_current(agencies, process), outages_read(outages, process.time):
        yield
