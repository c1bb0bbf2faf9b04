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
from services.notification.handlers import Guard, Letters, Notification
from services.notification.rights import RIGHTS
from services.notification.settings import NotificationSettings
from services.notification.store import SHAPE
from services.notification.timers import EVERY, Rounds
from services.notification.wording import Wording
from shared.contracts.intake import Contact
from shared.contracts.vocabulary import zone_of
from shared.runtime.agencies import Agencies, agencies_for, kept_current
from shared.runtime.blueprint import Blueprint
from shared.runtime.given_files import read_file
from shared.runtime.process import Process
from shared.runtime.sealing import PrivateKey, unseal
from shared.runtime.serving import web_of


def create_app(settings: NotificationSettings) -> FastAPI:
    """Join the parts of notification."""
    key = read_file(settings.contact_key, PrivateKey)
    ledger = Ledger()
    process = Process(settings, Blueprint("notification", ledger, SHAPE))
    channels = channels_of(settings)

    def now() -> datetime:
        return process.time.under().now

    agencies, zone = agencies_for(process), zone_of(settings.node)
    notification = Notification(
        ledger=ledger,
        kept=process.documents,
        ask=process.ask,
        offices=Directory(read_file(settings.register_file, Offices).by_code(), agencies),
        unseal=lambda sealed: Contact.model_validate_json(unseal(sealed, [key])),
        unseal_pin=lambda sealed: unseal(sealed, [key]).decode(),
        now=now,
        wording=Wording(),
        channels=channels.keys(),
        quiet=settings.quiet(zone),
    )
    guard = Guard(process.store.notes, now, passed, settings.limits)
    rounds = Rounds(notification, guard, channels, settings.smtp_connections)
    process.duty("send", EVERY, rounds.begin)
    return web_of(
        process,
        "Kentongan notification",
        [
            create_api(notification, guard, rounds),
            create_letters(Letters(notification, settings.node, zone, settings.place)),
        ],
        RIGHTS,
        beside=lambda: _beside(process, rounds, agencies),
        remarks=rounds.remarks,
        further=[NoticeFigures(rounds, guard)],
    )


@asynccontextmanager
async def _beside(
    process: Process[Notices], rounds: Rounds, agencies: Agencies
) -> AsyncIterator[None]:
    """Send what is due, and know the offices, while the process runs."""
    async with kept_current(agencies, process), rounds.running():
        yield


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
