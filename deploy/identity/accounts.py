"""The sample accounts; invented, and all with one password."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.vocabulary import AgencyCode, AreaCode
from shared.runtime.access import Role

SAMPLES = Path(__file__).with_name("accounts.json")


class Account(BaseModel):
    """Somebody who can sign in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    username: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    name: str = Field(min_length=1, max_length=100)
    roles: tuple[Role, ...] = Field(min_length=1)
    agency: AgencyCode | None = None
    area: AreaCode | None = None


class Accounts(BaseModel):
    """All who can sign in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    password: str = Field(min_length=4)
    accounts: tuple[Account, ...] = Field(min_length=1, max_length=200)

    def sign_in(self, username: str, password: str) -> Account | None:
        """Give the account if name and password are right."""
        right = secrets.compare_digest(password.encode(), self.password.encode())
        found = self.named(username)
        return found if right else None

    def named(self, username: str) -> Account | None:
        """Give an account by its name."""
        return next((one for one in self.accounts if one.username == username), None)

    def listed(self) -> Sequence[Account]:
        """Give all, for the page on which people choose."""
        return self.accounts


def read_accounts(path: Path = SAMPLES) -> Accounts:
    """Read accounts from a file."""
    return Accounts.model_validate_json(path.read_bytes())
