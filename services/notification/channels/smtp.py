"""E-mail over SMTP."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime
from ssl import SSLCertVerificationError

from aiosmtplib import SMTP
from aiosmtplib.errors import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from services.notification.channels import ChannelAway
from services.notification.domain.message import Message, Outcome

PATIENCE = 20.0
"""Seconds a server may take for one step; all steps of one mail stay below the claim's time."""
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]+(\.[\w-]+)*", re.ASCII)
"""What is written to; few servers take addresses beyond ASCII."""
_ENHANCED = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over, and as whom."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    starttls: bool = False
    patience: float = PATIENCE


class SmtpChannel:
    """One connection to a mail server, used for one mail after the other."""

    def __init__(self, server: MailServer) -> None:
        """Connect when asked to."""
        self._server = server
        self._smtp: SMTP | None = None

    async def open(self) -> None:
        """Connect unless connected. Raises ChannelAway."""
        if self._smtp is not None and self._smtp.is_connected:
            return
        server = self._server
        smtp = SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            start_tls=server.starttls,
            local_hostname=_domain(server.sender),
            timeout=server.patience,
        )
        try:
            await smtp.connect()
        except (SMTPException, OSError, ValueError) as failed:
            smtp.close()
            raise ChannelAway(_why(failed)) from None
        self._smtp = smtp

    async def send(self, mail: Message, at: datetime) -> Outcome:
        """Hand over one mail, and say how that ended; never raises."""
        try:
            content = _written(mail, self._server.sender, at)
        except ValueError:
            return Outcome("failed", "the address cannot be written to")
        try:
            await self.open()
        except ChannelAway as away:
            return Outcome("retry", str(away))
        assert self._smtp is not None  # noqa: S101 - open() leaves one or raises
        outcome = await self._hand_over(self._smtp, mail.to, content)
        if outcome.kind != "sent":
            await self._clear()
        return outcome

    async def close(self) -> None:
        """Say goodbye if there is a connection."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            try:
                await smtp.quit(timeout=1.0)
            except (SMTPException, OSError):
                smtp.close()

    def abort(self) -> None:
        """Drop the connection; a mail in hand ends as it would if the server had done so."""
        if self._smtp is not None:
            self._smtp.close()

    async def _hand_over(self, smtp: SMTP, to: str, content: bytes) -> Outcome:
        try:
            await smtp.mail(self._server.sender)
            await smtp.rcpt(to)
        except SMTPSenderRefused as refused:  # our own fault: an operator can mend it
            return Outcome("retry", f"the mail server refuses the sender: {_codes(refused)}")
        except SMTPRecipientRefused as refused:
            return _judged(refused)
        except (SMTPException, OSError) as broken:
            return Outcome("retry", f"not handed over: {type(broken).__name__}")
        try:
            await smtp.data(content)
        except SMTPDataError as refused:
            return _judged(refused)
        except (SMTPException, OSError) as broken:
            return Outcome("uncertain", f"no answer to the mail: {type(broken).__name__}")
        return Outcome("sent")

    async def _clear(self) -> None:
        """Begin anew after a refusal; a connection that cannot is dropped."""
        try:
            if self._smtp is not None and self._smtp.is_connected:
                await self._smtp.rset()
                return
        except (SMTPException, OSError):
            pass
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None


def _why(failed: Exception) -> str:
    """Say why there is no connection, so that an operator knows what to mend."""
    if isinstance(failed, SMTPAuthenticationError):
        settings = "KENTONGAN_SMTP_USER or KENTONGAN_SMTP_PASSWORD"
        return f"the mail server refuses {settings}: {_codes(failed)}"
    if isinstance(failed, SMTPResponseException):
        return f"the mail server answers {_codes(failed)}"
    if isinstance(failed, SSLCertVerificationError):
        return f"the mail server's certificate is not trusted: {failed.verify_message}"
    if type(failed) is SMTPException:  # what is set and not offered, in the library's own words
        return f"the mail server cannot be used as it is set: {failed}"
    return f"the mail server does not answer: {type(failed).__name__}"


def _judged(refused: SMTPResponseException) -> Outcome:
    reason = f"the mail server answers {_codes(refused)}"
    return Outcome("failed" if 500 <= refused.code < 600 else "retry", reason)


def _codes(refused: SMTPResponseException) -> str:
    enhanced = _ENHANCED.match(refused.message)
    return f"{refused.code} {enhanced[0]}" if enhanced else str(refused.code)


def _written(mail: Message, sender: str, at: datetime) -> bytes:
    """Write a mail; its Message-ID is the notice's, so that a copy can be recognised."""
    if _ADDRESS.fullmatch(mail.to) is None:
        raise ValueError("this is no address")
    message = EmailMessage(policy=WIRE)
    message["From"] = Address(addr_spec=sender)
    username, _, domain = mail.to.rpartition("@")
    message["To"] = Address(username=username, domain=domain)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{mail.notice}@{_domain(sender)}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body, cte="quoted-printable")
    message["Content-Language"] = ", ".join(mail.languages)
    return message.as_bytes()


def _domain(address: str) -> str:
    return address.rpartition("@")[2]
