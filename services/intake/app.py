"""Composition: the one place that knows everything."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial

from fastapi import APIRouter, FastAPI

from services.intake.api import (
    Spoken,
    create_acts,
    create_api,
    create_attachments,
    create_counter,
    create_erasure,
    create_folder,
    create_lost,
    create_scans,
)
from services.intake.areas import LokalCodes
from services.intake.cleaning import clean
from services.intake.domain.attachments import Limits
from services.intake.domain.categories import Categories
from services.intake.domain.complaint import Complaint, Complaints
from services.intake.domain.counter import Office
from services.intake.domain.hosts import public
from services.intake.domain.places import Places
from services.intake.fetching import Web
from services.intake.handlers import (
    BURIED_EVERY,
    FETCHED_EVERY,
    Arrivals,
    Attachments,
    Counter,
    Crowd,
    Erasing,
    Intake,
    LostPins,
    PinRequests,
    Pins,
    Promises,
    Tries,
    Usual,
    derive_for,
)
from services.intake.rights import RIGHTS
from services.intake.settings import IntakeSettings
from services.intake.store import SHAPE, Counts, Files
from services.intake.subscribers import readings
from shared.runtime.access import place_of
from shared.runtime.agencies import Agencies, agencies_for, kept_current
from shared.runtime.blueprint import Blueprint
from shared.runtime.given_files import read_file
from shared.runtime.process import Process
from shared.runtime.sealing import PublicKey, seal
from shared.runtime.serving import looks_of, web_of
from shared.runtime.web import Bounds

UPLOADS = r"/api/v1/(counter/)?complaints/[^/]+/attachments"
"""The addresses that take more than other bodies may have."""
SWEEP_EVERY = 60.0


def create_app(settings: IntakeSettings) -> FastAPI:
    """Join the parts of intake."""
    complaints = _complaints(settings)
    blueprint = Blueprint(
        "intake",
        complaints,
        SHAPE,
        derive=derive_for(settings.node, settings.publishers),
        topics=readings(complaints, settings.node, settings.publishers),
        ready_without_bus=True,
    )
    process = Process(settings, blueprint)
    agencies = agencies_for(process)
    intake = _counter(process, complaints, settings, agencies)
    attachments = _attachments(process, complaints)
    promises = _promises(process, attachments, settings)
    erasing = Erasing(
        intake, process.documents, attachments.give_up, lambda: process.time.under().now
    )
    process.duty("bury", BURIED_EVERY, erasing.bury)
    office = Office(settings.node, settings.place, settings.public_url)
    routers = routers_of(intake, attachments, erasing, office)
    bounds = Bounds(larger={UPLOADS: attachments.arrivals.limits.largest})

    @asynccontextmanager
    async def beside() -> AsyncIterator[None]:
        async with kept_current(agencies, process), promises.running():
            yield

    web = web_of(process, "Kentongan intake", routers, RIGHTS, beside=beside, bounds=bounds)
    web.add_middleware(Spoken, rights=RIGHTS)
    return web


def routers_of(
    intake: Intake, attachments: Attachments, erasing: Erasing, office: Office
) -> Sequence[APIRouter]:
    """Give all that intake offers."""
    return (
        create_api(intake),
        create_acts(intake),
        create_counter(Counter(intake, office)),
        create_attachments(intake, attachments),
        create_scans(intake, attachments),
        create_folder(attachments),
        create_erasure(erasing),
        create_lost(LostPins(intake, PinRequests(intake.tries.counts, intake.pins.name))),
    )


def _complaints(settings: IntakeSettings) -> Complaints:
    """Take over what the node asks of reports, and which files it takes beside them."""
    categories, files = settings.categories_file, settings.attachments_file
    return Complaints(
        read_file(categories, Categories) if categories else Categories(),
        read_file(files, Limits) if files else Limits(),
    )


def _counter(
    process: Process[Complaint],
    complaints: Complaints,
    settings: IntakeSettings,
    agencies: Agencies,
) -> Intake:
    """Have reports taken, contacts sealed and crowds slowed."""
    pins = Pins(settings.pin_secret.get_secret_value().encode())
    counts = Counts(process.store.database["pin_tries"])
    process.first.append(counts.prepare)
    return Intake(
        node=settings.node,
        complaints=complaints,
        found=process.documents,
        ask=process.ask,
        views=process.beats.views,
        pins=pins,
        seal=partial(seal, key=read_file(settings.contact_key, PublicKey)),
        crowd=Crowd(pins, Usual(settings.crowd_address, settings.crowd_contact)),
        places=Places(LokalCodes(), place_of(settings.node)),
        tries=Tries(counts, pins.name),
        routed=lambda: agencies.categories() or (),
        called=agencies.called,
        agencies=lambda: agencies.codes() or (),
    )


def _attachments(process: Process[Complaint], complaints: Complaints) -> Attachments:
    """Have files taken in and kept, and the holder of the lease sweep what belongs to nothing."""
    kept = process.store.database
    files = Files(kept["file_parts"], kept["file_marks"])
    attachments = Attachments(
        complaints=complaints,
        documents=process.documents,
        ask=process.ask,
        arrivals=Arrivals(complaints.limits, clean),
        files=files,
        looks=looks_of(process),
        time=process.time,
    )

    async def sweep() -> None:
        await files.prepare()
        await attachments.sweep()

    process.duty("sweep files", SWEEP_EVERY, sweep)
    return attachments


def _promises(
    process: Process[Complaint], attachments: Attachments, settings: IntakeSettings
) -> Promises:
    """Have the holder of the lease fetch what publishers named."""
    promises = Promises(
        complaints=attachments.complaints,
        kept=process.documents,
        ask=process.ask,
        attachments=attachments,
        hosts=settings.hosts,
        fetch=Web((lambda _address: True) if settings.files_nearby else public),
        now=lambda: process.time.under().now,
    )
    process.duty("fetch files", FETCHED_EVERY, promises.look)
    return promises
