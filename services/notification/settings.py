"""What notification reads from its environment."""

from __future__ import annotations

import re
from datetime import date, time
from pathlib import Path
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, model_validator

from services.notification.domain.brake import Limits
from services.notification.domain.digests import Habit
from services.notification.domain.ways import Quiet
from shared.contracts.vocabulary import MOST_AGENCIES, AgencyCode
from shared.contracts.wording import Worded
from shared.runtime.settings import PublicUrl, Settings

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
GatewayUrl = Annotated[
    str,
    Worded(
        pattern=r"^$|^https?://[^\s/@]+(/\S*)?$",
        sentence="A gateway is an http or https address, such as https://sms.example/send.",
    ),
]
QuietHours = Annotated[
    str,
    Worded(
        pattern=r"^$|^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$",
        sentence="Quiet hours are two times of the day, such as 21:00-06:00, or nothing.",
    ),
]
HourOfDay = Annotated[
    str,
    Worded(
        pattern=r"^$|^([01][0-9]|2[0-3]):[0-5][0-9]$",
        sentence="An hour is a time of the day, such as 07:30, or nothing.",
    ),
]
_HERE = re.compile(r"^http://(localhost|127\.[0-9.]+|\[::1\])(:|/|$)")


class NotificationSettings(Settings):
    """Settings of notification: the register file, the node's key, the channels, the limits.

    Where a channel is not set its notices wait; nothing is lost.
    """

    register_file: Path
    """The file with the agencies; the same that routing reads."""
    contact_key: Path
    """The file with the node's private key (JWK), which opens the contacts that intake seals."""
    place: str = Field(default="", max_length=80)
    """Name of the node as people know it, for letters: ``Kota Ambon``."""
    public_url: PublicUrl = ""
    """The page where reporters look, for mails to them and letters; empty where there is none."""
    smtp: MailServer = ""
    """Host and port of the mail server."""
    smtp_sender: Sender = "kentongan@localhost"
    smtp_user: str = ""
    smtp_password: SecretStr | None = None
    smtp_starttls: bool = False
    smtp_connections: int = Field(default=2, ge=1, le=20)
    """How many mails, and messages to each gateway, are handed over at once."""
    sms_gateway: GatewayUrl = ""
    """Where SMS are posted."""
    sms_token: SecretStr | None = None
    chat_gateway: GatewayUrl = ""
    """Where chat messages are posted."""
    chat_token: SecretStr | None = None
    quiet_hours: QuietHours = "21:00-06:00"
    """When no phone rings but for what is urgent, by the node's local time."""
    digest_at: HourOfDay = "07:30"
    """From when on a working day agencies are written what is due; empty: not at all."""
    digest_ahead: int = Field(default=2, ge=0, le=30)
    """Working days beyond today whose cases a digest calls due soon: with 2, from day 3 of the 5 to
    respond."""
    digest_without: frozenset[AgencyCode] = Field(default=frozenset(), max_length=MOST_AGENCIES)
    """Agencies that get no digest, as a JSON list of their codes."""
    closed: frozenset[date] = Field(default=frozenset(), max_length=1000)
    """Local days off beyond the national ones, as a JSON list of dates."""
    opened: frozenset[date] = Field(default=frozenset(), max_length=1000)
    """National days off on which this node works, as a JSON list of dates."""
    most_notices: int = Field(default=20_000, ge=1)
    """Notices of the node within an hour; more pull the brake."""
    most_per_reporter: int = Field(default=60, ge=1)
    """Notices to one reporter within an hour; more are held back."""

    @property
    def mail_server(self) -> tuple[str, int] | None:
        """Give host and port of the mail server, if one is set."""
        host, _, port = self.smtp.rpartition(":")
        return (host, int(port)) if self.smtp else None

    @model_validator(mode="after")
    def _keep_the_password(self) -> Self:
        if self.smtp_user and not self.smtp_starttls:
            raise ValueError("KENTONGAN_SMTP_USER is sent only under KENTONGAN_SMTP_STARTTLS=true")
        for name, url, token in (
            ("SMS", self.sms_gateway, self.sms_token),
            ("CHAT", self.chat_gateway, self.chat_token),
        ):
            if token and url.startswith("http:") and not _HERE.match(url):
                raise ValueError(f"KENTONGAN_{name}_TOKEN is sent only to an https address")
        return self

    @property
    def limits(self) -> Limits:
        """Give what is still no flood."""
        return Limits(node=self.most_notices, recipient=self.most_per_reporter)

    @property
    def habit(self) -> Habit:
        """Give when agencies are written a digest, and of what."""
        at = time.fromisoformat(self.digest_at) if self.digest_at else None
        return Habit(at, self.digest_ahead, self.digest_without)

    def quiet(self, zone: ZoneInfo) -> Quiet | None:
        """Give the quiet hours in the node's zone, if there are any."""
        begins, _, ends = self.quiet_hours.partition("-")
        if not ends or begins == ends:
            return None
        return Quiet(time.fromisoformat(begins), time.fromisoformat(ends), zone)
