"""Composition: the one place that knows everything."""

from __future__ import annotations

from functools import partial

from fastapi import FastAPI

from services.intake.api import create_acts, create_api, create_counter, create_erasure, create_lost
from services.intake.domain.categories import Categories
from services.intake.domain.complaint import Complaints
from services.intake.handlers import (
    BURIED_EVERY,
    Counter,
    Erasing,
    Intake,
    LostPins,
    Pins,
    derive_for,
)
from services.intake.rights import RIGHTS
from services.intake.settings import IntakeSettings
from services.intake.store import SHAPE
from services.intake.subscribers import readings
from shared.runtime.blueprint import Blueprint
from shared.runtime.given_files import read_file
from shared.runtime.process import Process
from shared.runtime.sealing import PublicKey, seal
from shared.runtime.serving import web_of


def create_app(settings: IntakeSettings) -> FastAPI:
    """Join the parts of intake."""
    key = read_file(settings.contact_key, PublicKey)
    categories = settings.categories_file
    complaints = Complaints(read_file(categories, Categories) if categories else Categories())
    blueprint = Blueprint(
        "intake",
        complaints,
        SHAPE,
        derive=derive_for(settings.node, settings.publishers),
        topics=readings(complaints, settings.node, settings.publishers),
        ready_without_bus=True,
    )
    process = Process(settings, blueprint)
    intake = Intake(
        node=settings.node,
        complaints=complaints,
        found=process.documents,
        ask=process.ask,
        views=process.beats.views,
        pins=Pins(settings.pin_secret.get_secret_value().encode()),
        seal=partial(seal, key=key),
    )
    erasing = Erasing(intake, process.documents, lambda: process.time.under().now)
    process.duty("bury", BURIED_EVERY, erasing.bury)
    routers = [
        create_api(intake),
        create_acts(intake),
        create_counter(Counter(intake)),
        create_erasure(erasing),
        create_lost(LostPins(intake)),
    ]
    return web_of(process, "Kentongan intake", routers, RIGHTS)
