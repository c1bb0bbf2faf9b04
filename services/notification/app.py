"""Composition: the one place that knows everything."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI

from services.notification.api import create_api
from services.notification.channels import MailServer, SmtpChannel
from services.notification.domain.notice import Ledger
from services.notification.domain.offices import Offices
from services.notification.handlers import Notification
from services.notification.settings import NotificationSettings
from services.notification.store import SHAPE
from services.notification.timers import EVERY, Rounds
from shared.contracts.intake import Contact
from shared.runtime.blueprint import Blueprint
from shared.runtime.process import Process
from shared.runtime.sealing import PrivateKey, unseal
from shared.runtime.serving import read_file, web_of


def create_app(settings: NotificationSettings) -> FastAPI:
    """Join the parts of notification."""
    key = read_file(settings.contact_key, PrivateKey)
    offices = read_file(settings.register_file, Offices).by_code()
    ledger = Ledger()
    process = Process(settings, Blueprint("notification", ledger, SHAPE))
    notification = Notification(
        ledger=ledger,
        kept=process.documents,
        ask=process.ask,
        offices=offices,
        unseal=lambda sealed: Contact.model_validate_json(unseal(sealed, [key])),
        now=lambda: process.time.under().now,
    )
    rounds = Rounds(notification, _channel(settings), settings.smtp_connections)
    process.duty("send", EVERY, rounds.begin)
    return web_of(
        process,
        "Kentongan notification",
        [create_api(notification, rounds)],
        beside=rounds.running,
        remarks=rounds.remarks,
    )


def _channel(settings: NotificationSettings) -> Callable[[], SmtpChannel] | None:
    if settings.mail_server is None:
        return None
    host, port = settings.mail_server
    server = MailServer(
        host,
        port,
        settings.smtp_sender,
        settings.smtp_user,
        settings.smtp_password.get_secret_value() if settings.smtp_password else "",
        settings.smtp_starttls,
    )
    return lambda: SmtpChannel(server)
