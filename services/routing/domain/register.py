"""The register of agencies, and the rules by which complaints find them (instansi, kewenangan)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.contracts.register import (
    MOST_OFFICERS,
    MOST_UNITS,
    Decree,
    EmailAddress,
    OfficerEntry,
    Unit,
)
from shared.contracts.vocabulary import MOST_AGENCIES, AgencyCode, AreaCode, CategoryCode
from shared.contracts.wording import Misplaced, ShortText

MOST_RULES = 20_000
"""Rules of all agencies together, on any one day."""


class UnitGiven(Unit, extra="forbid"):
    """A unit as somebody writes it down (unit kerja)."""


class OfficerGiven(OfficerEntry, extra="forbid"):
    """An officer as somebody writes one down (pejabat penghubung, pimpinan)."""


class DecreeGiven(Decree, extra="forbid"):
    """A decree as somebody writes it down (SK)."""


class Agency(BaseModel):
    """An agency that answers complaints (instansi, OPD)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: AgencyCode
    name: ShortText
    email: EmailAddress | None = None
    """Where the office hears of a new complaint."""
    active: bool = True
    decree: DecreeGiven | None = None
    units: tuple[UnitGiven, ...] = Field(default=(), max_length=MOST_UNITS)
    officers: tuple[OfficerGiven, ...] = Field(default=(), max_length=MOST_OFFICERS)


class Rule(BaseModel):
    """Complaints of a category from an area go to an agency (kewenangan)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    category: CategoryCode
    area: AreaCode
    agency: AgencyCode

    @property
    def name(self) -> str:
        """Name the rule as the facts it causes do."""
        return f"{self.category} in {self.area}"


@dataclass(frozen=True, slots=True)
class _Index:
    agencies: frozenset[str]
    rules: dict[tuple[str, str], Rule]
    categories: frozenset[str]


class Register(BaseModel):
    """Agencies and rules as they are in force on one day.

    It has no bounds of its own: the door keeps them, and what is stored beyond them decides, too.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    agencies: tuple[Agency, ...]
    rules: tuple[Rule, ...]
    _index: _Index

    @model_validator(mode="after")
    def _check(self) -> Self:
        _each_once("agencies", (agency.code for agency in self.agencies))
        _each_once("rules", (rule.name for rule in self.rules))
        agencies = frozenset(agency.code for agency in self.agencies)
        for at, rule in enumerate(self.rules):
            if rule.agency not in agencies:
                raise Misplaced(
                    f"{rule.agency!r} is no agency of this file; add it under agencies, or name "
                    "another.",
                    *("rules", at, "agency"),
                )
        active = frozenset(agency.code for agency in self.agencies if agency.active)
        rules = {(each.category, each.area): each for each in self.rules if each.agency in active}
        self._index = _Index(active, rules, frozenset(rule.category for rule in self.rules))
        return self

    def has(self, agency: str) -> bool:
        """Say whether complaints may be routed to an agency."""
        return agency in self._index.agencies

    @property
    def codes(self) -> frozenset[str]:
        """Give the codes of all agencies to which complaints may be routed."""
        return self._index.agencies

    @property
    def categories(self) -> frozenset[str]:
        """Name those that a rule is about."""
        return self._index.categories

    def holder(self, category: str, area: str) -> str | None:
        """Give who answers for a category in just this area; None where nobody does."""
        rule = self._index.rules.get((category, area))
        return rule.agency if rule else None

    def rule_for(self, category: str | None, area: str | None, wanted: str | None) -> Rule | None:
        """Find the rule of the nearest area; none where the reporter asked for another agency."""
        while category and area:
            rule = self._index.rules.get((category, area))
            if rule is not None:
                return rule if wanted in (None, rule.agency) else None
            area = area.rpartition(".")[0]
        return None


class RegisterFile(Register):
    """Agencies and rules as an operator wrote them down."""

    agencies: tuple[Agency, ...] = Field(max_length=MOST_AGENCIES)
    rules: tuple[Rule, ...] = Field(max_length=MOST_RULES)

    @model_validator(mode="after")
    def _check_units(self) -> Self:
        for at, agency in enumerate(self.agencies):
            units_fit(agency.units, agency.officers, "agencies", at)
        return self


class Registers(Protocol):
    """The register as it is in force at any time."""

    def at(self, now: datetime) -> Register:
        """Give what is in force at a moment."""

    @property
    def today(self) -> Register:
        """Give what is in force now."""


def units_fit(units: Sequence[Unit], officers: Sequence[OfficerEntry], *place: str | int) -> None:
    """Raise Misplaced where a unit stands twice, or an officer is of none that there is."""
    _each_once("units", (unit.code for unit in units), *place)
    known = {unit.code for unit in units}
    for at, officer in enumerate(officers):
        if officer.unit is not None and officer.unit not in known:
            raise Misplaced(
                f"{officer.unit!r} is no unit of this agency; add it under units, or take it out.",
                *(*place, "officers", at, "unit"),
            )


def _each_once(field: str, names: Iterable[str], *place: str | int) -> None:
    seen: set[str] = set()
    for at, name in enumerate(names):
        if name in seen:
            raise Misplaced(f"{name!r} stands there twice; take one out.", *place, field, at)
        seen.add(name)
