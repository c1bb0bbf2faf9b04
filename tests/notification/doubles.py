"""Notification without engines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property, partial
from typing import Any

from fastapi import FastAPI

from services.notification.api import create_api, create_letters
from services.notification.channels import Channel
from services.notification.channels.gateway import Gateway, GatewayChannel
from services.notification.channels.smtp import MailServer, SmtpChannel
from services.notification.domain.audiences import EMAIL
from services.notification.domain.brake import Limits
from services.notification.domain.ledger import Ledger
from services.notification.domain.notice import Notices
from services.notification.domain.offices import Office, Officer, Section
from services.notification.domain.ways import Quiet
from services.notification.handlers import Guard, Letters, Notification, asks_by_id
from services.notification.rights import RIGHTS
from services.notification.store import DIGESTS, SHAPE, Both
from services.notification.timers import Rounds
from services.notification.wording import Wording
from shared.contracts import followup, intake, notification, routing
from shared.contracts.fact import MOST_FACTS
from shared.contracts.intake import Contact
from shared.contracts.vocabulary import zone_of
from shared.runtime.document import Cause, record
from tests.desk import Clock, Service, door, received
from tests.looks import InMemoryLooks
from tests.notebook import Notebook
from tests.notification.mail import MailHost

COMPLAINT, PU = "01a2b3c4-0000-7000-8000-000000000001", "Dinas Pekerjaan Umum"
REPORTER_AT, OFFICE_AT, LEADER_AT = "budi@warga.test", "pu@ambon.test", "kepala@ambon.test"
LEADER = Officer(position="Pimpinan", email=LEADER_AT)
ROAD = Section(code="bina-marga", name="Bina Marga", email="jalan@ambon.test")
OFFICES = {
    "dinas-pu": Office(
        code="dinas-pu", name=PU, email=OFFICE_AT, officers=(LEADER,), units=(ROAD,)
    ),
    "dinsos": Office(code="dinsos", name="Dinas Sosial"),
}
SENT, FAILED, UNCERTAIN = "notice.sent.v1", "notice.failed.v1", "notice.uncertain.v1"
DEAD, WORDING, LOOK_AT = "notice.dead.v1", Wording(), "https://lapor.ambon.example"
MONTH, QUICK, DUE = timedelta(days=30), 0.4, date(2026, 5, 3)
TITLE, TEXT, ANSWER = "Jalan berlubang", "Jalan di depan pasar berlubang.", "Sudah kami tambal."


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
        self.looks = InMemoryLooks()
        self.notes, self.apart = Notebook(), Service(self.ledger, DIGESTS, self.clock)
        self.both = Both(self.documents, self.apart.documents)
        self.notification = Notification(
            ledger=self.ledger,
            kept=self.both,
            ask=asks_by_id(self.ask, self.apart.ask),
            offices=OFFICES,
            unseal=unseal,
            unseal_pin=unseal_pin,
            now=self.now,
            wording=WORDING,
            channels=channels,
            quiet=quiet,
            url=LOOK_AT,
        )
        self.limits = limits or Limits()
        self.rounds = Rounds(self.notification, self.guard(), {})

    def now(self) -> datetime:
        """Read the clock."""
        return self.clock.now

    def seconds(self) -> float:
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
        zone = zone_of("8171")
        letters = Letters(self.notification, "8171", zone, self.looks, "Kota Ambon")
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

    def open(self, complaint: str = COMPLAINT, agency: str = "dinas-pu") -> None:
        """Hear that the agency has it."""
        self.hear(complaint, "cases", followup.CaseOpened(agency=agency, turn=1, respond_by=DUE))

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
