"""A real SMTP server that keeps what it is given."""

from __future__ import annotations

import email
import threading
from collections import Counter
from email.message import EmailMessage, Message
from email.policy import default as modern
from typing import Any

from aiosmtpd.controller import Controller

from deploy.engines.ports import free_port


class Mailbox:
    """Takes every mail; knows how often each Message-ID came."""

    def __init__(self) -> None:
        """Nothing listens before ``start``."""
        self.port = free_port()
        self.mails: list[EmailMessage] = []
        self._lock = threading.Lock()
        self._controller: Controller | None = None

    @property
    def address(self) -> str:
        """Give host and port."""
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        """Listen."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        """Listen no more; what came is kept."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a mail (named as aiosmtpd wants it)."""
        mail: Message = email.message_from_bytes(envelope.content, policy=modern)
        assert isinstance(mail, EmailMessage)
        with self._lock:
            self.mails.append(mail)
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """Give the mails to somebody, oldest first."""
        with self._lock:
            return [mail for mail in self.mails if mail["To"] == address]

    def twice(self) -> list[str]:
        """Give the Message-IDs that came more than once."""
        with self._lock:
            counted = Counter(str(mail["Message-ID"]) for mail in self.mails)
        return [name for name, times in counted.items() if times > 1]
