"""What notification reads from its environment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, model_validator

from shared.contracts.wording import Worded
from shared.runtime.settings import Settings

MailServer = Annotated[
    str,
    Worded(
        pattern=r"^$|^[^:\s]+:[0-9]{1,5}$",
        sentence="A mail server is a host and a port, such as mail.ambon.go.id:25.",
    ),
]
Sender = Annotated[
    str,
    Worded(
        pattern=r"^[^@\s<>]+@[^@\s<>]+$",
        sentence="A sender is an address and nothing else, such as lapor@ambon.go.id.",
    ),
]


class NotificationSettings(Settings):
    """Settings of notification: the register file, the node's key, the mail server.

    Without a mail server notices wait; nothing is lost.
    """

    register_file: Path
    """The file with the agencies; the same that routing reads."""
    contact_key: Path
    """The file with the node's private key (JWK), which opens the contacts that intake seals."""
    smtp: MailServer = ""
    """Host and port of the mail server."""
    smtp_sender: Sender = "kentongan@localhost"
    smtp_user: str = ""
    smtp_password: SecretStr | None = None
    smtp_starttls: bool = False
    smtp_connections: int = Field(default=2, ge=1, le=20)
    """How many mails are handed over at once."""

    @property
    def mail_server(self) -> tuple[str, int] | None:
        """Give host and port of the mail server, if one is set."""
        host, _, port = self.smtp.rpartition(":")
        return (host, int(port)) if self.smtp else None

    @model_validator(mode="after")
    def _keep_the_password(self) -> Self:
        if self.smtp_user and not self.smtp_starttls:
            raise ValueError("KENTONGAN_SMTP_USER is sent only under KENTONGAN_SMTP_STARTTLS=true")
        return self
