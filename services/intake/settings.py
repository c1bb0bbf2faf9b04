"""What intake reads from its environment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import NoDecode

from shared.contracts.topics import publisher_name
from shared.runtime.settings import Settings

DEMO_PIN_SECRET = "kentongan-demo: everybody knows this secret"  # noqa: S105 - and it says so
SHORTEST_SECRET = 32
MOST_PUBLISHERS = 100


class IntakeSettings(Settings):
    """Settings of intake, beside the common ones.

    ``pin_secret`` is what PINs are derived from: whoever changes it changes every PIN.
    ``contact_key`` is a file with the public key (JWK) of this node's notification service.
    ``categories_file`` names the categories and their questions; without one nothing is asked.
    ``attachments_file`` says which files are taken and how large; without one, the usual ones.
    ``crowd_address`` and ``crowd_contact`` are reports an hour from one address, or over one
    contact, above which each is marked; at ten times that, reporters are asked to wait.
    ``publishers`` is a list with commas: from whose topics submissions are taken.
    """

    pin_secret: SecretStr
    contact_key: Path
    categories_file: Path | None = None
    attachments_file: Path | None = None
    crowd_address: int = Field(default=60, ge=1, le=1_000_000)
    crowd_contact: int = Field(default=6, ge=1, le=1_000_000)
    publishers: Annotated[tuple[str, ...], NoDecode] = Field(default=(), max_length=MOST_PUBLISHERS)

    @field_validator("pin_secret")
    @classmethod
    def _is_secret(cls, secret: SecretStr, known: ValidationInfo) -> SecretStr:
        said = secret.get_secret_value()
        if len(said) < SHORTEST_SECRET:
            raise ValueError(f"a secret has at least {SHORTEST_SECRET} characters")
        if said == DEMO_PIN_SECRET and not known.data.get("demo"):
            raise ValueError("this is the demo's secret, which everybody knows; choose another")
        return secret

    @field_validator("publishers", mode="before")
    @classmethod
    def _listed(cls, said: object) -> object:
        if isinstance(said, str):
            return tuple(name.strip() for name in said.split(",") if name.strip())
        return said

    @field_validator("publishers")
    @classmethod
    def _are_names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(publisher_name(name) for name in names))
