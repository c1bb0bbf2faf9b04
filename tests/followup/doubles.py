"""Followup without engines, and complaints for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any

import httpx
from fastapi import FastAPI

from services.followup.api import DOORS, create_contributions, create_outages
from services.followup.domain import acts
from services.followup.domain.case import Case
from services.followup.domain.cases import Cases
from services.followup.domain.policy import DEFAULT, Policies, Term
from services.followup.handlers import Book, Contributions, Followup, Outages
from services.followup.rights import RIGHTS
from services.followup.store import OUTAGES, shape_of
from shared.contracts import intake, routing
from shared.contracts.calendar import Calendar
from shared.contracts.fact import MOST_FACTS
from shared.contracts.followup import CaseAssigned, ResponseGiven
from shared.contracts.register import AgencyEdition, Unit
from shared.contracts.vocabulary import zone_of
from shared.runtime.document import Cause, record
from shared.runtime.web.looks import create_words
from tests.desk import KEY, Clock, Memory, Service, client, door, headers, received
from tests.looks import InMemoryLooks

AMBON = Calendar(zone_of("8171"))
COMPLAINT = "01a2b3c4-0000-7000-8000-000000000001"
CASES = "/api/v1/cases"
CASE = f"{CASES}/{COMPLAINT}"
LIAISON = "liaison:dinas-pu"
APPROVED = Policies(
    versions=(DEFAULT.versions[0].model_copy(update={"approval": ("dinas-pu",)}),),
)
"""The usual policy, by which dinas-pu has its answers approved."""
UNITS = (Unit(code="jalan", name="Bidang Jalan"), Unit(code="air", name="Bidang Air"))
REGISTER = {
    "dinas-pu": AgencyEdition(valid_from=date(2026, 1, 1), name="Dinas PU", units=UNITS),
    "dishub": AgencyEdition(valid_from=date(2026, 1, 1), name="Dinas Perhubungan"),
    "dinsos": AgencyEdition(valid_from=date(2026, 1, 1), name="Dinas Sosial"),
}


class Room(Service[Case]):
    """Followup of Kota Ambon."""

    def __init__(
        self,
        clock: Clock | None = None,
        *,
        calendar: Calendar = AMBON,
        policies: Policies = DEFAULT,
    ) -> None:
        self.book = Book()
        self.cases = Cases(calendar, policies, self.book)
        super().__init__(self.cases, shape_of(self.cases), clock or Clock())
        self.looks = InMemoryLooks()
        self.followup = Followup(self.cases, self.documents, self.ask, REGISTER)
        self.declared = Memory(OUTAGES)
        self.outages = Outages(self.book, self.declared, self.clock, REGISTER)

    @cached_property
    def app(self) -> FastAPI:
        """The service's door."""
        doors = (create(self.followup) for create in DOORS)
        shared = Contributions(self.cases, self.documents, self.ask)
        path, now = "/api/v1/cases/{complaint}", lambda: self.clock.now
        words = create_words(path, self.cases.stream, self.documents, self.looks, now)
        declaring = create_outages(self.outages, self.cases.policies.outages)
        return door(RIGHTS, *doors, create_contributions(shared), words, declaring)

    def receive(self, complaint: str = COMPLAINT, **other: Any) -> None:
        """Hear that a complaint was received now."""
        self.hear(complaint, "complaints", received(self.clock.now, **other))

    def route(
        self,
        complaint: str = COMPLAINT,
        agency: str = "dinas-pu",
        turn: int = 1,
        **more: Any,
    ) -> None:
        """Hear that a complaint was routed now."""
        self.hear(
            complaint,
            "dispositions",
            routing.ComplaintVerified(),
            routing.ComplaintRouted(agency=agency, turn=turn, **more),
        )

    def due(self, clock: Term, complaint: str = COMPLAINT) -> str | None:
        """Give the date of a clock."""
        due_on = self.documents.kept[complaint].state.due_on(clock)
        return due_on.isoformat() if due_on else None

    def respond(self, text: str = "Sudah.", *, interim: bool = False) -> None:
        """Answer the reporter now, as the agency that has the case."""
        document, under = self.documents.kept[COMPLAINT], self.clock.under()
        agency, cause = str(document.state.agency), Cause(f"r{len(document.facts)}", by="x")
        said = ResponseGiven(agency=agency, text=text, interim=interim)
        after = acts.respond(self.cases, document, said, cause, under)
        self.documents.kept[COMPLAINT] = after

    def approve(self) -> None:
        """Approve the draft now, as the leader of the agency that has the case."""
        document, under = self.documents.kept[COMPLAINT], self.clock.under()
        agency, cause = str(document.state.agency), Cause(f"a{len(document.facts)}", by="leader-1")
        self.documents.kept[COMPLAINT] = acts.approve(self.cases, document, agency, cause, under)

    def send_back(self, reason: str) -> None:
        """Send the draft back now, as the leader of the agency that has the case."""
        document, under = self.documents.kept[COMPLAINT], self.clock.under()
        agency, cause = str(document.state.agency), Cause(f"b{len(document.facts)}", by="leader-1")
        after = acts.send_back(self.cases, document, agency, reason, cause, under)
        self.documents.kept[COMPLAINT] = after

    def decline(self) -> None:
        """Send the complaint back now, as the agency that has the case."""
        document, under = self.documents.kept[COMPLAINT], self.clock.under()
        agency, cause = str(document.state.agency), Cause(f"d{len(document.facts)}", by="x")
        after = acts.decline(self.cases, document, agency, "Bukan kami.", cause, under)
        self.documents.kept[COMPLAINT] = after

    def resolve(self) -> None:
        """Close the case now, as its agency."""
        document, under = self.documents.kept[COMPLAINT], self.clock.under()
        agency, cause = str(document.state.agency), Cause(f"c{len(document.facts)}", by="x")
        self.documents.kept[COMPLAINT] = acts.resolve(
            self.cases, document, agency, None, cause, under
        )

    def fill(self, complaint: str = COMPLAINT) -> None:
        """Leave a case's history no room for another fact."""
        document = self.documents.kept[complaint]
        said = CaseAssigned(agency=str(document.state.agency), note="x")
        told = [said] * (MOST_FACTS - len(document.facts))
        full = record(self.cases, document, told, Cause("filled"), self.clock.under())
        self.documents.kept[complaint] = full

    def tick(self, heard: Mapping[str, datetime] | None = None) -> None:
        """Look at the clocks now."""
        document, under = self.documents.kept[COMPLAINT], self.clock.under()
        self.documents.kept[COMPLAINT] = self.cases.tick(document, under, heard)

    def reply(self, text: str = "Belum.") -> None:
        """Hear that the reporter wrote now."""
        self.hear(COMPLAINT, "complaints", intake.ReporterReplied(text=text))

    @property
    def case(self) -> Case:
        """The case as it stands."""
        return self.documents.kept[COMPLAINT].state

    def open(self, complaint: str = COMPLAINT, agency: str = "dinas-pu") -> int:
        """Receive and route a complaint; give the case's revision."""
        self.receive(complaint)
        self.route(complaint, agency)
        return self.documents.kept[complaint].revision


async def post(
    room: Room,
    path: str,
    body: Any,
    *,
    token: str = LIAISON,
    key: str | None = KEY,
    seen: int | None = None,
) -> httpx.Response:
    """Ask as a liaison officer, by default with the present revision."""
    revision = room.documents.kept[COMPLAINT].revision if seen is None else seen
    async with client(room.app) as http:
        given = headers(token, key=key, seen=revision)
        return await http.post(f"{CASE}/{path}", json=body, headers=given)


async def get(room: Room, path: str, token: str = LIAISON, **query: Any) -> httpx.Response:
    """Read as a liaison officer."""
    async with client(room.app) as http:
        return await http.get(path, params=query, headers=headers(token))
