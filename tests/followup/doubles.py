"""Followup without engines, and complaints for it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import httpx
from fastapi import FastAPI

from services.followup.api import create_api
from services.followup.domain.case import Case, Cases
from services.followup.domain.policy import Policy
from services.followup.handlers import Followup
from services.followup.store import shape_of
from shared.contracts import routing
from shared.contracts.calendar import Calendar
from shared.contracts.vocabulary import zone_of
from tests.desk import KEY, Clock, Service, client, door, headers, received

AMBON = Calendar(zone_of("8171"))
COMPLAINT = "01a2b3c4-0000-7000-8000-000000000001"
CASES = "/api/v1/cases"
CASE = f"{CASES}/{COMPLAINT}"
LIAISON = "liaison:dinas-pu"


class Room(Service[Case]):
    """Followup of Kota Ambon."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.cases = Cases(AMBON, Policy())
        super().__init__(self.cases, shape_of(self.cases), clock or Clock())
        self.followup = Followup(self.cases, self.documents, self.ask)

    @cached_property
    def app(self) -> FastAPI:
        """The service's door."""
        return door(create_api(self.followup))

    def receive(self, complaint: str = COMPLAINT, **other: Any) -> None:
        """Hear that a complaint was received now."""
        self.hear(complaint, "complaints", received(self.clock.now, **other))

    def route(self, complaint: str = COMPLAINT, agency: str = "dinas-pu", turn: int = 1) -> None:
        """Hear that a complaint was routed now."""
        self.hear(
            complaint,
            "dispositions",
            routing.ComplaintVerified(),
            routing.ComplaintRouted(agency=agency, turn=turn),
        )

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
