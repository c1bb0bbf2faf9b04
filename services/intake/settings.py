"""What intake reads from its environment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import NoDecode

from services.intake.domain.hosts import Host, Hosts
from shared.contracts.topics import publisher_name
from shared.runtime.settings import PublicUrl, Settings

DEMO_PIN_SECRET = "kentongan-demo: everybody knows this secret"  # noqa: S105 - and it says so
SHORTEST_SECRET = 32
MOST_PUBLISHERS = 100
MOST_HOSTS = 10
"""From where the files of one publisher are fetched."""


class IntakeSettings(Settings):
    """Settings of intake, beside the common ones.

    ``pin_secret`` is what PINs are derived from: whoever changes it changes every PIN.
    ``contact_key`` is a file with the public key (JWK) of this node's notification service.
    ``categories_file`` names the categories and their questions; without one nothing is asked.
    ``attachments_file`` says which files are taken and how large; without one, the usual ones.
    ``crowd_address`` and ``crowd_contact`` are reports an hour from one address, or over one
    contact, above which each is marked; at ten times that, reporters are asked to wait.
    ``place`` is the name of the node as people know it, ``public_url`` the page where reporters
    look: both stand on the slip of the counter.
    ``publishers`` is a list with commas: from whose topics submissions are taken. ``files_from`` is
    one too, of publishers with hosts: ``sigap=berkas.sigap.example``. Only there are the files
    fetched that a publisher names; ``sigap=`` ends that, whatever else is said of it, and refuses
    what waits. ``files_nearby`` has them fetched at addresses that are not public, in
    demonstrations.
    """

    pin_secret: SecretStr
    contact_key: Path
    categories_file: Path | None = None
    attachments_file: Path | None = None
    place: str = Field(default="", max_length=80)
    public_url: PublicUrl = ""
    crowd_address: int = Field(default=60, ge=1, le=1_000_000)
    crowd_contact: int = Field(default=6, ge=1, le=1_000_000)
    publishers: Annotated[tuple[str, ...], NoDecode] = Field(default=(), max_length=MOST_PUBLISHERS)
    files_from: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), max_length=MOST_PUBLISHERS * MOST_HOSTS
    )
    files_nearby: bool = False

    @field_validator("pin_secret")
    @classmethod
    def _is_secret(cls, secret: SecretStr, known: ValidationInfo) -> SecretStr:
        said = secret.get_secret_value()
        if len(said) < SHORTEST_SECRET:
            raise ValueError(f"a secret has at least {SHORTEST_SECRET} characters")
        if said == DEMO_PIN_SECRET and not known.data.get("demo"):
            raise ValueError("this is the demo's secret, which everybody knows; choose another")
        return secret

    @field_validator("publishers", "files_from", mode="before")
    @classmethod
    def _listed(cls, said: object) -> object:
        if isinstance(said, str):
            return tuple(name.strip() for name in said.split(",") if name.strip())
        return said

    @field_validator("publishers")
    @classmethod
    def _are_names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(publisher_name(name) for name in names))

    @field_validator("files_from")
    @classmethod
    def _are_hosts(cls, said: tuple[str, ...], known: ValidationInfo) -> tuple[str, ...]:
        for publisher, named, host in (each.partition("=") for each in said):
            if publisher not in known.data.get("publishers", ()):
                wrong = f"{publisher[:60]!r} is none of the publishers"
                raise ValueError(f"{wrong}; say who and where: sigap=berkas.sigap.example")
            if host or not named:
                Host.read(host)
        return said

    @field_validator("files_nearby")
    @classmethod
    def _is_shown(cls, said: bool, known: ValidationInfo) -> bool:  # noqa: FBT001 - pydantic's way
        if said and not known.data.get("demo"):
            raise ValueError("files are fetched from public addresses alone, but in demonstrations")
        return said

    @property
    def hosts(self) -> Hosts:
        """Give, by publisher, from where its files are fetched."""
        named: dict[str, set[str]] = {}
        for publisher, _, host in (each.partition("=") for each in self.files_from):
            named.setdefault(publisher, set()).add(host)
        return {
            publisher: frozenset(() if "" in hosts else map(Host.read, hosts))
            for publisher, hosts in named.items()
        }
