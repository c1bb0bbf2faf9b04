"""A real mail server that answers as it is told."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class MailHost:
    """A mail server in this process; ``script`` gives its answers, one after the other.

    An answer is a reply line, ``close`` or ``silent``, at ``RCPT`` or at the end of ``DATA``;
    when the script is at its end, everything is taken. With a certificate (PEM, beside its key) it
    takes nothing before STARTTLS; with a user and a password nothing before AUTH, under TLS.
    """

    def __init__(
        self, certificate: Path | None = None, account: tuple[str, str] | None = None
    ) -> None:
        self.account = account
        self.logins: list[tuple[str, str]] = []
        self.encrypted: list[bool] = []
        """Whether each mail that was taken came under TLS."""
        self._context: ssl.SSLContext | None = None
        if certificate is not None:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(certificate)
        self.script: list[tuple[str, str]] = []
        self.taken: list[tuple[str, EmailMessage]] = []
        self.connections = 0
        self.reached = asyncio.Event()
        """Set when a scripted answer is due."""
        self.port = 0

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = await self._answer("RCPT", server)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = await self._answer("DATA", server)
        if answer.startswith("2"):
            assert isinstance(envelope.content, bytes)
            mail = message_from_bytes(envelope.content, policy=policy.SMTP)
            assert isinstance(mail, EmailMessage)
            self.taken.append((envelope.rcpt_tos[0], mail))
            self.encrypted.append(session.ssl is not None)
        return answer

    async def _answer(self, step: str, server: SMTP) -> str:
        if not self.script or self.script[0][0] != step:
            return "250 OK"
        answer = self.script.pop(0)[1]
        self.reached.set()
        if answer == "silent":
            await asyncio.Event().wait()
        if answer == "close":
            assert server.transport is not None
            server.transport.close()
            return "421 bye"
        return answer

    @property
    def ids(self) -> list[str]:
        """The Message-IDs of what was taken."""
        return [str(mail["message-id"]) for _, mail in self.taken]

    def serve(self) -> SMTP:
        """Serve one connection."""
        self.connections += 1
        return SMTP(
            self,
            hostname="mail.test",
            tls_context=self._context,
            require_starttls=self._context is not None,
            auth_required=self.account is not None,
            authenticator=self._let_in,
            loop=asyncio.get_running_loop(),
        )

    def _let_in(
        self, _server: SMTP, _session: Session, _at: Envelope, _how: str, said: object
    ) -> AuthResult:
        assert isinstance(said, LoginPassword)
        self.logins.append((said.login.decode(), said.password.decode()))
        return AuthResult(success=self.logins[-1] == self.account, handled=False)

    @asynccontextmanager
    async def up(self) -> AsyncIterator[None]:
        """Listen, on the port of the last time if there was one."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(self.serve, "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield
        finally:
            server.close()
            for task in asyncio.all_tasks():
                if getattr(task.get_coro(), "__qualname__", "").startswith("SMTP._handle_client"):
                    task.cancel()
            await asyncio.sleep(0)
