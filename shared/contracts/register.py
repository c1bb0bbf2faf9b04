"""What routing tells of the agencies of its node: one snapshot per agency, the higher pair wins.

Of one pair that with the later ``active_on`` does, and the later told.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.vocabulary import AgencyCode, AreaCode, CategoryCode, NodeCode
from shared.contracts.wording import ShortText, Worded

MOST_UNITS = 60
MOST_OFFICERS = 60
MOST_DUTIES = 200
MOST_AREAS = 500
"""Areas of one duty."""
MOST_COMING = 30
"""Days to come on which one agency becomes another: told with each, it is one message whole."""

EmailAddress = Annotated[
    str,
    Worded(
        pattern=r"^[^\s@,;<>\"\x00-\x1f\x7f]{1,64}@[^\s@,;<>\"\x00-\x1f\x7f]{1,189}$",
        sentence="An e-mail address looks like pupr@kota-ambon.example.",
    ),
]
PhoneNumber = Annotated[
    str,
    Worded(
        pattern=r"^\+?[0-9][0-9 ()-]{3,29}$",
        sentence="A phone number is 5 to 31 digits, spaces, dashes and brackets, perhaps with a + "
        "before them, such as +62 911 312345.",
    ),
]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)


class Unit(_Part):
    """A part of an agency that works on complaints (unit kerja, bidang)."""

    code: AgencyCode
    name: ShortText
    email: EmailAddress | None = None


class OfficerEntry(_Part):
    """Somebody who is reached in an office about complaints (pejabat penghubung, pimpinan)."""

    name: ShortText
    position: ShortText
    """What the decree appoints them as: *pejabat penghubung*, *pimpinan*, *wakil*."""
    unit: AgencyCode | None = None
    """Code of the unit; None where they stand for the whole agency."""
    email: EmailAddress | None = None
    phone: PhoneNumber | None = None


class Decree(_Part):
    """The decree that appoints who handles complaints (SK tim pengelola pengaduan)."""

    number: ShortText
    signed_on: date
    valid_until: date | None = None
    """Its last day; None where it names none."""


class Duty(_Part):
    """What an agency answers for (kewenangan): complaints of a category from some areas."""

    category: CategoryCode
    areas: tuple[AreaCode, ...] = Field(min_length=1, max_length=MOST_AREAS)


class AgencyEdition(_Part):
    """An agency as it stands from one day on (instansi, OPD)."""

    valid_from: date
    """Local date of the node; with its first second this holds, until the next edition's."""
    name: ShortText
    email: EmailAddress | None = None
    """Where the office hears of a new complaint."""
    active: bool = True
    """Whether complaints may be routed to it."""
    decree: Decree | None = None
    units: tuple[Unit, ...] = Field(default=(), max_length=MOST_UNITS)
    officers: tuple[OfficerEntry, ...] = Field(default=(), max_length=MOST_OFFICERS)
    duties: tuple[Duty, ...] = Field(default=(), max_length=MOST_DUTIES)


class AgencyRegistered(_Part):
    """An agency as it stands now and as it will from later days on (daftar instansi)."""

    type: ClassVar[str] = "agency.registered.v1"

    node: NodeCode
    code: AgencyCode
    editions: tuple[AgencyEdition, ...] = Field(min_length=1)
    """The one in force when this was told, and those to come, by date."""
    epoch: int
    version: int
    active_on: date | None = None
    """Local day on which one of its officers last did something (keaktifan): read or wrote the
    register, or acted on a case. No more is told of it than the day; None where none ever did."""

    def on(self, day: date) -> AgencyEdition:
        """Give what is in force on a local day; the first where that lies before all."""
        found = [edition for edition in self.editions if edition.valid_from <= day]
        return found[-1] if found else self.editions[0]
