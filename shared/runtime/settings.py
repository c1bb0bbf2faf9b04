"""What every process reads from its environment, once, at start."""

from __future__ import annotations

import os
import re
import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.contracts.vocabulary import NodeCode
from shared.contracts.wording import Worded

Chosen = TypeVar("Chosen", bound="Settings")
SECRETS = "KENTONGAN_SECRETS"
"""Names a folder of files, each with what one variable would say: `kentongan_pin_secret`."""

HostPort = Annotated[
    str,
    Worded(
        pattern=r"^[^:]+:[0-9]{1,5}$",
        sentence="An address is a host and a port, such as 127.0.0.1:8000.",
    ),
]

Profile = Literal["embedded", "real"]
"""Which kind of engines answer; it chooses client settings, never code."""

PublicUrl = Annotated[
    str,
    Worded(
        pattern=r"^$|^https?://[^\s/@]{1,253}(/[\x21-\x7e]{0,200})?$",
        sentence="A public address is one that browsers open: https://lapor.ambon.go.id.",
    ),
]
"""Where the node's reporters look; empty where nobody has said so."""

_ISSUER = re.compile(r"https?://[^\s/@]+(/\S*)?")
_HERE = re.compile(r"http://(localhost|127\.[0-9.]+|\[::1\])(:[0-9]+)?(/\S*)?")


class Settings(BaseSettings):
    """Settings of one process of one service at one node.

    ``profile`` says which kind of engines answer at the addresses: it chooses client settings,
    never code. Times are in milliseconds.
    """

    model_config = SettingsConfigDict(env_prefix="KENTONGAN_", frozen=True, extra="ignore")

    node: NodeCode
    kafka: str = Field(min_length=1)
    mongo: SecretStr
    profile: Profile = "real"
    demo: bool = False
    """Whether this is a demonstration: only there are sample accounts, known secrets and sign-in
    over http taken."""
    http: HostPort = "127.0.0.1:8000"
    issuer: str = ""
    """Address of the OpenID provider; officers cannot sign in without one."""
    audience: str = "kentongan"
    gather: int = Field(default=50, ge=0, le=5000)
    """How long a small batch waits for company before the next is fetched."""
    batch: int | None = Field(default=None, ge=1, le=2000)
    """Records of one batch at most; left out, what suits the engines."""
    archive_days: int = Field(default=365, ge=1, le=3650)
    """Days for which a closed complaint lies unchanged before it moves to the archive."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("issuer")
    @classmethod
    def _is_issuer(cls, said: str, known: ValidationInfo) -> str:
        """Take http, whose keys anybody on the way could replace, in demonstrations and here."""
        if said and not _ISSUER.fullmatch(said):
            raise ValueError("an issuer is an https address, such as https://sso.example")
        if said.startswith("http:") and not (known.data.get("demo") or _HERE.fullmatch(said)):
            raise ValueError("an issuer elsewhere than on this machine is an https address")
        return said

    @property
    def archive_age(self) -> timedelta:
        """Give how long a closed complaint lies unchanged before it moves to the archive."""
        return timedelta(days=self.archive_days)

    @property
    def batch_size(self) -> int:
        """Give the records of one batch: the embedded store is slow to find many ids at once."""
        return self.batch or (50 if self.profile == "embedded" else 500)

    @property
    def address(self) -> tuple[str, int]:
        """Give host and port to listen on."""
        host, _, port = self.http.rpartition(":")
        return host, int(port)


def read_settings(kind: type[Chosen]) -> Chosen:
    """Read the environment; where it is wrong, say which variable and how, and end.

    What no variable says is read from its file in the folder of secrets, if there is one: files
    can be given to one container alone, and no list of its variables shows them.
    """
    folder = Path(os.environ.get(SECRETS) or "/nowhere")
    try:
        return kind(_secrets_dir=folder if folder.is_dir() else None)
    except ValidationError as wrong:
        lines = [
            f"KENTONGAN_{'_'.join(str(part) for part in error['loc']).upper()}: {error['msg']}"
            for error in wrong.errors(include_url=False, include_input=False)
        ]
        sys.exit("The environment is not right:\n  " + "\n  ".join(lines))
