"""What is said of agencies at the register's door, and what is shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from services.routing.domain.entry import AgencyAmended, Clearable, Entry
from services.routing.domain.register import DecreeGiven, OfficerGiven, UnitGiven
from shared.contracts.fact import Row
from shared.contracts.register import (
    MOST_DUTIES,
    MOST_OFFICERS,
    MOST_UNITS,
    AgencyEdition,
    Duty,
    EmailAddress,
)
from shared.contracts.vocabulary import AgencyCode
from shared.contracts.wording import ShortWriting, Writing
from shared.runtime.document import Document


class DutyGiven(Duty, extra="forbid"):
    """What an agency answers for, as somebody writes it down (kewenangan)."""


class AmendIn(BaseModel):
    """What is another from a day on, today where none is named; the rest stays as it is."""

    model_config = ConfigDict(extra="forbid")

    valid_from: date | None = None
    name: ShortWriting | None = None
    email: EmailAddress | None = None
    active: bool | None = None
    decree: DecreeGiven | None = None
    units: list[UnitGiven] | None = Field(default=None, max_length=MOST_UNITS)
    officers: list[OfficerGiven] | None = Field(default=None, max_length=MOST_OFFICERS)
    duties: list[DutyGiven] | None = Field(default=None, max_length=MOST_DUTIES)
    cleared: list[Clearable] = Field(default=[], max_length=2)
    """Parts that are taken away: ``email``, ``decree``."""
    reason: Writing | None = None

    def amendment(self, today: date) -> AgencyAmended:
        """Give what is said as the fact says it."""
        said = self.model_dump(exclude={"code", "valid_from"}, exclude_none=True)
        return AgencyAmended(valid_from=self.valid_from or today, **said)


class EnterIn(AmendIn):
    """An agency that is not in the register yet."""

    code: AgencyCode
    name: ShortWriting


class AgencyOut(BaseModel):
    """An agency: what holds on the day that was asked for, and what comes after.

    ``active_at`` is when one of its officers last did something about a complaint, ``active_on``
    the day on which one was last active at all (keaktifan), noted within minutes; None where none
    ever was.
    """

    code: str
    revision: int
    in_force: AgencyEdition | None
    coming: list[AgencyEdition]
    active_at: datetime | None
    active_on: date | None

    @classmethod
    def of(cls, document: Document[Entry], day: date, active_at: datetime | None) -> AgencyOut:
        """Show an entry."""
        in_force = document.state.on(day)
        editions = document.state.editions(day)
        return cls(
            code=document.id,
            revision=document.revision,
            in_force=in_force,
            coming=list(editions if in_force is None else editions[1:]),
            active_at=active_at,
            active_on=document.state.active_on,
        )


class AgencyLine(BaseModel):
    """An agency in a list; ``name`` is None of one that only comes."""

    code: str
    revision: int
    name: str | None
    active: bool
    decree_until: date | None
    """The last day of its decree, where that names one."""
    active_on: date | None
    """The day on which an officer of it was last active; None where none ever was."""


class AgenciesOut(BaseModel):
    """A page of the register; ``next`` continues it, None at its end."""

    items: list[AgencyLine]
    next: str | None

    @classmethod
    def of(cls, found: Sequence[Document[Entry]], day: date, limit: int) -> AgenciesOut:
        """Show entries as they are on a day."""
        items = [_line(document, document.state.on(day)) for document in found]
        return cls(items=items, next=found[-1].id if len(found) == limit else None)


def _line(document: Document[Entry], edition: AgencyEdition | None) -> AgencyLine:
    decree = edition.decree if edition else None
    return AgencyLine(
        code=document.id,
        revision=document.revision,
        name=edition.name if edition else None,
        active=edition is not None and edition.active,
        decree_until=decree.valid_until if decree else None,
        active_on=document.state.active_on,
    )


class ChangeOut(BaseModel):
    """One change: ``by`` whom, ``at`` which moment it was made, and what it says."""

    at: datetime
    by: str | None
    """Who signed in, or ``file`` where the register file of this node said so."""
    says: dict[str, Any]


class ChangesOut(BaseModel):
    """Every change of an agency, oldest first."""

    items: list[ChangeOut]

    @classmethod
    def of(cls, rows: Sequence[Row]) -> ChangesOut:
        """Show a history."""
        items = [
            ChangeOut(at=datetime.fromisoformat(row["at"]), by=row["by"], says=row["data"])
            for row in rows
        ]
        return cls(items=items)
