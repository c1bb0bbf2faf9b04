"""Where an agency's office hears of what concerns it: the part of the register needed here."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.register import MOST_OFFICERS, MOST_UNITS
from shared.contracts.vocabulary import MOST_AGENCIES

LEADER = "pimpinan"
"""The first word of the position of who leads, as the register has it."""


class Officer(BaseModel):
    """Somebody of an agency, as far as one writes to them."""

    model_config = ConfigDict(frozen=True, extra="ignore", from_attributes=True)

    position: str = Field(max_length=200)
    unit: str | None = None
    email: str | None = Field(default=None, max_length=254)

    @property
    def leads(self) -> bool:
        """Say whether they stand for the whole agency as its leader (pimpinan)."""
        return self.unit is None and self.position.casefold().split()[:1] == [LEADER]


class Section(BaseModel):
    """A unit of an agency (unit kerja), as far as one writes to it."""

    model_config = ConfigDict(frozen=True, extra="ignore", from_attributes=True)

    code: str = Field(max_length=40)
    name: str = Field(max_length=200)
    email: str | None = Field(default=None, max_length=254)


class Office(BaseModel):
    """An agency (instansi) as far as one writes to it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    code: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=200)
    email: str | None = Field(default=None, max_length=254)
    units: tuple[Section, ...] = Field(default=(), max_length=MOST_UNITS)
    officers: tuple[Officer, ...] = Field(default=(), max_length=MOST_OFFICERS)

    def address(self, *, leads: bool, unit: str | None = None) -> str | None:
        """Give where it hears of something: its leader's or a unit's address, for what is theirs.

        Where a unit has none, an officer of the unit may; the agency's is the last to be taken.
        """
        own = [each.email for each in self.units if each.code == unit]
        own += [
            each.email
            for each in self.officers
            if (leads and each.leads) or (unit is not None and each.unit == unit)
        ]
        return next(filter(None, own), self.email)

    def called(self, unit: str | None) -> str:
        """Name it, or a unit of it."""
        named = next((each.name for each in self.units if each.code == unit), None)
        return f"{named}, {self.name}" if named else self.name


class Offices(BaseModel):
    """The agencies of the register file; its rules are routing's."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    agencies: tuple[Office, ...] = Field(max_length=MOST_AGENCIES)

    def by_code(self) -> dict[str, Office]:
        """Give each office by its agency's code."""
        return {office.code: office for office in self.agencies}
