"""Notification without engines, and a real mail server that answers as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property, partial
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session
from fastapi import FastAPI

from services.notification.api import create_api, create_letters
from services.notification.channels import Channel
from services.notification.channels.gateway import Gateway, GatewayChannel
from services.notification.channels.smtp import MailServer, SmtpChannel
from services.notification.domain.audiences import EMAIL
from services.notification.domain.brake import Limits
from services.notification.domain.ledger import Ledger
from services.notification.domain.notice import Notices
from services.notification.domain.offices import Office, Officer
from services.notification.domain.ways import Quiet
from services.notification.handlers import Guard, Letters, Notification
from services.notification.rights import RIGHTS
from services.notification.store import SHAPE
from services.notification.timers import Rounds
from services.notification.wording import Wording
from shared.contracts import followup, intake, notification, routing
from shared.contracts.fact import MOST_FACTS
from shared.contracts.intake import Contact
from shared.contracts.vocabulary import zone_of
from shared.runtime.document import Cause, record
from tests.desk import Clock, Service, door, received

COMPLAINT = "01a2b3c4-0000-7000-8000-000000000001"
REPORTER_AT, OFFICE_AT, LEADER_AT = "budi@warga.test", "pu@ambon.test", "kepala@ambon.test"
LEADER = Officer(position="Pimpinan", email=LEADER_AT)
PU = "Dinas Pekerjaan Umum"
OFFICES = {
    "dinas-pu": Office(code="dinas-pu", name=PU, email=OFFICE_AT, officers=(LEADER,)),
    "dinsos": Office(code="dinsos", name="Dinas Sosial"),
}
SENT, FAILED, UNCERTAIN = "notice.sent.v1", "notice.failed.v1", "notice.uncertain.v1"
DEAD = "notice.dead.v1"
WORDING = Wording()
MONTH = timedelta(days=30)
QUICK = 0.4
TITLE, TEXT = "Jalan berlubang", "Jalan di depan pasar berlubang."
ANSWER = "Sudah kami tambal."


class MailHost:
    """A mail server in this process; ``script`` gives its answers, one after the other.

    An answer is a reply line, ``close`` or ``silent``, at ``RCPT`` or at the end of ``DATA``;
    when the script is at its end, everything is taken.
    """

    def __init__(self) -> None:
        self.script: list[tuple[str, str]] = []
        self.taken: list[tuple[str, EmailMessage]] = []
        self.connections = 0
        self.reached = asyncio.Event()
        """Set when a scripted answer is due."""
        self.port = 0

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = await self._answer("RCPT", server)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = await self._answer("DATA", server)
        if answer.startswith("2"):
            assert isinstance(envelope.content, bytes)
            mail = message_from_bytes(envelope.content, policy=policy.SMTP)
            assert isinstance(mail, EmailMessage)
            self.taken.append((envelope.rcpt_tos[0], mail))
        return answer

    async def _answer(self, step: str, server: SMTP) -> str:
        if not self.script or self.script[0][0] != step:
            return "250 OK"
        answer = self.script.pop(0)[1]
        self.reached.set()
        if answer == "silent":
            await asyncio.Event().wait()
        if answer == "close":
            assert server.transport is not None
            server.transport.close()
            return "421 bye"
        return answer

    @property
    def ids(self) -> list[str]:
        """The Message-IDs of what was taken."""
        return [str(mail["message-id"]) for _, mail in self.taken]

    def serve(self) -> SMTP:
        """Serve one connection."""
        self.connections += 1
        return SMTP(self, hostname="mail.test", loop=asyncio.get_running_loop())

    @asynccontextmanager
    async def up(self) -> AsyncIterator[None]:
        """Listen, on the port of the last time if there was one."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(self.serve, "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield
        finally:
            server.close()
            for task in asyncio.all_tasks():
                if getattr(task.get_coro(), "__qualname__", "").startswith("SMTP._handle_client"):
                    task.cancel()
            await asyncio.sleep(0)


def unseal(sealed: str) -> Contact:
    """Open what the tests seal: a contact as JSON, the mail address itself, or nothing."""
    if sealed == "wrong":
        raise ValueError("none of our keys opens it")
    if sealed.startswith("{"):
        return Contact.model_validate_json(sealed)
    return Contact(email=sealed or None)


def unseal_pin(sealed: str) -> str:
    """Open a PIN that the tests seal, which is itself."""
    if sealed == "wrong":
        raise ValueError("none of our keys opens it")
    return sealed


class Notebook:
    """Notes in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}

    async def read(self, name: str) -> dict[str, Any] | None:
        return self.kept.get(name)

    async def write(self, name: str, note: dict[str, Any]) -> None:
        self.kept[name] = note


class Room(Service[Notices]):
    """Notification of Kota Ambon; ``channels`` are those that are set."""

    def __init__(
        self,
        clock: Clock | None = None,
        *,
        channels: Sequence[str] = (EMAIL,),
        limits: Limits | None = None,
        quiet: Quiet | None = None,
    ) -> None:
        self.ledger = Ledger()
        super().__init__(self.ledger, SHAPE, clock or Clock())
        self.notes = Notebook()
        self.notification = Notification(
            ledger=self.ledger,
            kept=self.documents,
            ask=self.ask,
            offices=OFFICES,
            unseal=unseal,
            unseal_pin=unseal_pin,
            now=self.now,
            wording=WORDING,
            channels=channels,
            quiet=quiet,
        )
        self.limits = limits or Limits()
        self.rounds = Rounds(self.notification, self.guard(), {})

    def now(self) -> datetime:
        """Read the clock."""
        return self.clock.now

    def seconds(self) -> float:
        """Read the time that really passed."""
        return self.clock.now.timestamp()

    def guard(self) -> Guard:
        """Watch as a process that has just started."""
        return Guard(self.notes, self.now, self.seconds, self.limits)

    def rounds_to(
        self, host: MailHost | None = None, *, lanes: int = 1, patience: float = 20.0, **urls: str
    ) -> Rounds:
        """Send to a mail server, and to gateways by the name of their channel."""
        channels: dict[str, Callable[[], Channel]] = {
            name: partial(GatewayChannel, Gateway(name, url, "token", patience))
            for name, url in urls.items()
        }
        if host is not None:
            server = MailServer("127.0.0.1", host.port, "lapor@ambon.test", patience=patience)
            channels[EMAIL] = partial(SmtpChannel, server)
        return Rounds(self.notification, self.guard(), channels, lanes)

    @cached_property
    def app(self) -> FastAPI:
        """The service's door."""
        letters = Letters(self.notification, "8171", zone_of("8171"), "Kota Ambon")
        doors = create_api(self.notification, self.rounds._guard, self.rounds)
        return door(RIGHTS, doors, create_letters(letters))

    def receive(self, complaint: str = COMPLAINT, **other: Any) -> None:
        """Hear that a complaint was received now."""
        said = {"title": TITLE, "text": TEXT, "reachable": True, **other}
        self.hear(complaint, "complaints", received(self.clock.now, **said))

    def contact(self, complaint: str = COMPLAINT, sealed: str = REPORTER_AT) -> None:
        """Hear how to reach the reporter."""
        self.hear(complaint, "contacts", intake.ContactSealed(sealed=sealed))

    def route(self, complaint: str = COMPLAINT, agency: str = "dinas-pu") -> None:
        """Hear that the complaint was routed."""
        self.hear(complaint, "dispositions", routing.ComplaintRouted(agency=agency, turn=1))

    def answer(self, complaint: str = COMPLAINT, agency: str = "dinas-pu") -> None:
        """Hear that the agency answered."""
        self.hear(complaint, "cases", followup.ResponseGiven(agency=agency, text=ANSWER))

    def fill(self) -> None:
        """Leave the complaint's history no room for another fact."""
        document = self.documents.kept[COMPLAINT]
        told = [
            notification.NoticeSent(notice=f"n{n}", about="x", audience="dinsos", channel="email")
            for n in range(MOST_FACTS - len(document.facts))
        ]
        full = record(self.ledger, document, told, Cause("filled"), self.clock.under())
        self.documents.kept[COMPLAINT] = full

    def state(self, complaint: str = COMPLAINT) -> Notices:
        """Give what is known of a complaint."""
        return self.documents.kept[complaint].state

    def reasons(self, complaint: str = COMPLAINT) -> list[str | None]:
        """Give the reasons of the facts told."""
        return [row["data"].get("reason") for row in self.documents.kept[complaint].facts]
