"""Composition: the one place that knows everything."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial

from fastapi import FastAPI

from services.notification.api import create_api, create_letters
from services.notification.channels import Channel, Channels
from services.notification.channels.gateway import Gateway, GatewayChannel
from services.notification.channels.smtp import MailServer, SmtpChannel
from services.notification.directory import Directory
from services.notification.domain.audiences import CHAT, EMAIL, SMS
from services.notification.domain.ledger import Ledger
from services.notification.domain.notice import Notices
from services.notification.domain.offices import Offices
from services.notification.figures import NoticeFigures
from services.notification.handlers import Digests, Guard, Letters, Notification, asks_by_id
from services.notification.handlers.digests import EVERY as DIGESTS_EVERY
from services.notification.rights import RIGHTS
from services.notification.settings import NotificationSettings
from services.notification.store import DIGESTS, SHAPE, Both, prune
from services.notification.timers import EVERY, Rounds
from services.notification.wording import Wording
from shared.contracts.calendar import Calendar
from shared.contracts.intake import Contact
from shared.contracts.vocabulary import zone_of
from shared.runtime.agencies import Agencies, agencies_for, kept_current
from shared.runtime.alongside import alongside
from shared.runtime.asking import Desk
from shared.runtime.blueprint import Blueprint
from shared.runtime.counter import Counter
from shared.runtime.given_files import read_file
from shared.runtime.process import Process
from shared.runtime.sealing import PrivateKey, unseal
from shared.runtime.serving import looks_of, web_of
from shared.runtime.store import MongoDocuments

PRUNED_EVERY = 3600.0
"""Seconds between two looks for digests that are old."""


def create_app(settings: NotificationSettings) -> FastAPI:
    """Join the parts of notification."""
    key = read_file(settings.contact_key, PrivateKey)
    ledger = Ledger()
    process = Process(settings, Blueprint("notification", ledger, SHAPE))
    channels = channels_of(settings)

    def now() -> datetime:
        return process.time.under().now

    agencies, zone = agencies_for(process), zone_of(settings.node)
    digests, asked = _keep_digests(process, ledger)
    offices = Directory(read_file(settings.register_file, Offices).by_code(), agencies)
    notification = Notification(
        ledger=ledger,
        kept=Both(process.documents, digests),
        ask=asks_by_id(process.ask, asked.ask),
        offices=offices,
        unseal=lambda sealed: Contact.model_validate_json(unseal(sealed, [key])),
        unseal_pin=lambda sealed: unseal(sealed, [key]).decode(),
        now=now,
        wording=Wording(),
        channels=channels.keys(),
        quiet=settings.quiet(zone),
        url=settings.public_url,
    )
    _write_digests(process, notification, settings)
    guard = Guard(process.store.notes, now, passed, settings.limits)
    rounds = Rounds(notification, guard, channels, settings.smtp_connections)
    process.duty("send", EVERY, rounds.begin)
    letters = Letters(notification, settings.node, zone, looks_of(process), settings.place)
    return web_of(
        process,
        "Kentongan notification",
        [
            create_api(notification, guard, rounds),
            create_letters(letters),
        ],
        RIGHTS,
        beside=lambda: _beside(process, asked, rounds, agencies),
        remarks=rounds.remarks,
        further=[NoticeFigures(rounds, guard)],
    )


@asynccontextmanager
async def _beside(
    process: Process[Notices],
    asked: Counter[Notices],
    rounds: Rounds,
    agencies: Agencies,
) -> AsyncIterator[None]:
    """Send what is due, keep digests, and know the offices, while the process runs."""
    async with (
        alongside("digests", asked.serve),
        kept_current(agencies, process),
        rounds.running(),
    ):
        yield


def _keep_digests(
    process: Process[Notices], ledger: Ledger
) -> tuple[MongoDocuments[Notices], Counter[Notices]]:
    """Keep digests apart, and judge requests about them; told is nothing, for no reader has one."""
    digests = process.store.documents("digests", DIGESTS)
    process.first.append(digests.prepare)
    process.duty("prune digests", PRUNED_EVERY, lambda: prune(digests, process.time.under().now))
    desk = Desk(ledger, digests, process.time, process.tally)
    return digests, Counter(desk, lambda _written: None)


def _write_digests(
    process: Process[Notices], post: Notification, settings: NotificationSettings
) -> None:
    """Have the holder of the lease write agencies what is due."""
    calendar = Calendar(zone_of(settings.node), settings.closed, settings.opened)
    digests = Digests(
        ledger=post.ledger,
        kept=post.kept,
        ask=post.ask,
        notes=process.store.notes,
        offices=post.offices,
        calendar=calendar,
        now=post.now,
        habit=settings.habit,
        views=process.beats.views,
    )
    process.duty("digests", DIGESTS_EVERY, digests.look)


def channels_of(settings: NotificationSettings) -> Channels:
    """Give a way to connect for each channel that is set."""
    found: dict[str, Callable[[], Channel]] = {}
    if settings.mail_server is not None:
        found[EMAIL] = partial(SmtpChannel, _mail_server(settings, *settings.mail_server))
    for name, url, token in (
        (SMS, settings.sms_gateway, settings.sms_token),
        (CHAT, settings.chat_gateway, settings.chat_token),
    ):
        if url:
            secret = token.get_secret_value() if token else ""
            found[name] = partial(GatewayChannel, Gateway(name, url, secret))
    return found


def _mail_server(settings: NotificationSettings, host: str, port: int) -> MailServer:
    return MailServer(
        host,
        port,
        settings.smtp_sender,
        settings.smtp_user,
        settings.smtp_password.get_secret_value() if settings.smtp_password else "",
        settings.smtp_starttls,
    )


def passed() -> float:
    """Give the seconds since the machine began, those it slept included."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(clock)
