"""Routing without engines, and complaints for it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from fastapi import FastAPI

from services.routing.api import create_api
from services.routing.domain.disposition import Disposition, Dispositions
from services.routing.domain.register import Agency, Register, Rule
from services.routing.handlers import Routing
from services.routing.store import SHAPE
from tests.desk import Clock, Service, door, received

COMPLAINT = "01a2b3c4-0000-7000-8000-000000000001"
AGENCIES = ("dinas-pu", "dinsos", "kecamatan-baguala", "dukcapil")
REGISTER = Register(
    agencies=tuple(Agency(code=code, name=code) for code in AGENCIES),
    rules=(
        Rule(category="jalan", area="81.71", agency="dinas-pu"),
        Rule(category="jalan", area="81.71.05", agency="kecamatan-baguala"),
        Rule(category="bansos", area="81", agency="dinsos"),
    ),
)


class Room(Service[Disposition]):
    """Routing of Kota Ambon."""

    def __init__(self, register: Register = REGISTER, clock: Clock | None = None) -> None:
        self.dispositions = Dispositions(register)
        super().__init__(self.dispositions, SHAPE, clock or Clock())
        self.routing = Routing(self.dispositions, self.documents, self.ask)

    @cached_property
    def app(self) -> FastAPI:
        """The service's door."""
        return door(create_api(self.routing))

    def receive(self, complaint: str = COMPLAINT, **other: Any) -> Disposition:
        """Hear that a complaint was received now."""
        said = received(self.clock.now, **other)
        return self.hear(complaint, "complaints", said).state
