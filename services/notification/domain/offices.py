"""Where an agency's office hears of what concerns it: the part of the register needed here."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.vocabulary import MOST_AGENCIES


class Office(BaseModel):
    """An agency (instansi) as far as one writes to it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    code: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=200)
    email: str | None = Field(default=None, max_length=254)


class Offices(BaseModel):
    """The agencies of the register file; its rules are routing's."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    agencies: tuple[Office, ...] = Field(max_length=MOST_AGENCIES)

    def by_code(self) -> dict[str, Office]:
        """Give each office by its agency's code."""
        return {office.code: office for office in self.agencies}
