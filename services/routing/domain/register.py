"""The register of agencies, and the rules by which complaints find them (instansi, kewenangan)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.contracts.vocabulary import MOST_AGENCIES, AgencyCode, AreaCode, CategoryCode


class Agency(BaseModel):
    """An agency that answers complaints (instansi, OPD)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: AgencyCode
    name: str = Field(min_length=1, max_length=200)
    email: str | None = Field(default=None, max_length=254)
    """Where the office hears of a new complaint; read by notification from the same file."""


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


class Register(BaseModel):
    """Agencies and rules as they stand in the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    agencies: tuple[Agency, ...] = Field(max_length=MOST_AGENCIES)
    rules: tuple[Rule, ...] = Field(max_length=20000)
    _index: _Index

    @model_validator(mode="after")
    def _check(self) -> Self:
        agencies = frozenset(agency.code for agency in self.agencies)
        _each_once(agency.code for agency in self.agencies)
        _each_once(rule.name for rule in self.rules)
        for rule in self.rules:
            if rule.agency not in agencies:
                raise ValueError(f"rule {rule.name!r} names {rule.agency!r}, which is no agency")
        self._index = _Index(agencies, {(rule.category, rule.area): rule for rule in self.rules})
        return self

    def has(self, agency: str) -> bool:
        """Say whether there is such an agency."""
        return agency in self._index.agencies

    @property
    def codes(self) -> frozenset[str]:
        """Give the codes of all agencies."""
        return self._index.agencies

    def rule_for(self, category: str | None, area: str | None, wanted: str | None) -> Rule | None:
        """Find the rule of the nearest area; none where the reporter asked for another agency."""
        while category and area:
            rule = self._index.rules.get((category, area))
            if rule is not None:
                return rule if wanted in (None, rule.agency) else None
            area = area.rpartition(".")[0]
        return None


def _each_once(names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"{name!r} stands there twice")
        seen.add(name)
