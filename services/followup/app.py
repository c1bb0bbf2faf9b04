"""Composition: the one place that knows everything."""

from __future__ import annotations

from fastapi import FastAPI

from services.followup.api import DOORS, create_contributions
from services.followup.domain.cases import Cases
from services.followup.domain.policy import DEFAULT, Policies
from services.followup.handlers import Contributions, Followup
from services.followup.rights import RIGHTS
from services.followup.settings import FollowupSettings
from services.followup.store import shape_of
from services.followup.timers import EVERY, SELDOM, Amendments, Timers
from shared.contracts.calendar import Calendar
from shared.contracts.vocabulary import zone_of
from shared.runtime.agencies import agencies_for, kept_current
from shared.runtime.blueprint import Blueprint
from shared.runtime.given_files import read_file
from shared.runtime.process import Process
from shared.runtime.serving import web_of


def create_app(settings: FollowupSettings) -> FastAPI:
    """Join the parts of followup."""
    calendar = Calendar(zone_of(settings.node), settings.closed, settings.opened)
    file = settings.policy_file
    cases = Cases(calendar, read_file(file, Policies) if file else DEFAULT)
    awaited = ["complaints", "dispositions"]
    process = Process(settings, Blueprint("followup", cases, shape_of(cases), awaited=awaited))
    documents, ask = process.documents, process.ask
    timers = Timers(cases, documents, ask, lambda: process.time.under().now, process.beats.views)
    process.duty("timers", EVERY, timers.look)
    notes, now = process.store.notes, timers.now
    amendments = Amendments(cases, process.relay.walk, notes, ask, now)
    process.duty("amendments", SELDOM, amendments.look)
    agencies = agencies_for(process)
    followup = Followup(cases, documents, ask, agencies)
    shared = create_contributions(Contributions(cases, documents, ask))
    doors = [*(create(followup) for create in DOORS), shared]
    return web_of(
        process,
        "Kentongan followup",
        doors,
        RIGHTS,
        beside=lambda: kept_current(agencies, process),
    )
