"""The demo's mail server and gateway: takes every mail, SMS and chat message, sends none on.

The newest are on a page: ``python -m deploy.demo.mailbox --smtp 8007 --http 8006``. SMS and chat
messages are posted to ``/api/v1/texts``, as notification posts them to a gateway.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Annotated, Literal

import uvicorn
from aiosmtpd.smtp import SMTP, Envelope, Session
from fastapi import FastAPI, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.vocabulary import zone_of
from shared.runtime.access import EVERYBODY, Rights
from shared.runtime.logs import configure_logs
from shared.runtime.web import create_router, create_web
from shared.ui import FILES, Site, Words

MOST_KEPT = 500
LONGEST_MAIL = 64 * 1024
LONGEST_SHOWN = 2000
MOST_SHOWN = 100
DEMO_NODE = "8171"
_RIGHTS: Rights = dict.fromkeys(("GET /", "GET /api/v1/mails", "POST /api/v1/texts"), EVERYBODY)

_WORDS: Words = {
    "title": ("Kotak surat (demo)", "Mailbox (demo)"),
    "what": (
        "Setiap surat, SMS, dan pesan dari demo berakhir di sini; tidak ada yang dikirim ke luar.",
        "Every mail, SMS and chat message of the demo ends here; none is sent on.",
    ),
    "count": (
        "Diterima sejak mulai: {count}; {most} yang terbaru ditampilkan.",
        "Taken since the start: {count}; the newest {most} are shown.",
    ),
    "by.email": ("(tanpa judul)", "(no subject)"),
    "by.sms": ("SMS", "SMS"),
    "by.chat": ("Pesan", "Chat message"),
    "to": ("kepada {to}", "to {to}"),
    "none": ("Belum ada surat.", "No mail yet."),
}


class Posted(BaseModel):
    """What a gateway for SMS and chat is handed."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: Annotated[str, Field(min_length=1, max_length=100)]
    channel: Literal["sms", "chat"]
    to: Annotated[str, Field(min_length=1, max_length=40)]
    text: Annotated[str, Field(max_length=LONGEST_SHOWN)]


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail or message as it came in."""

    at: datetime
    to: str
    subject: str
    text: str
    by: Literal["email", "sms", "chat"] = "email"

    @classmethod
    def read(cls, envelope: Envelope, at: datetime) -> Mail:
        """Read what a client handed over, whatever it is."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        message = message_from_bytes(content, policy=policy.default)
        try:
            body = message.get_body(("plain",))
            text = str(body.get_content()) if body else ""
            subject = str(message["subject"] or "")
        except (LookupError, ValueError, AttributeError):  # no mail that anybody could read
            text, subject = "(surat ini tidak dapat dibaca)", ""
        to = ", ".join(envelope.rcpt_tos[:5])
        return cls(at, to[:300], subject[:300], text[:LONGEST_SHOWN])


class Mailbox:
    """The newest mails, in memory: a restart empties it."""

    def __init__(self) -> None:
        """Begin empty."""
        self.count = 0
        self.newest: deque[Mail] = deque(maxlen=MOST_KEPT)
        self._taken: deque[str] = deque(maxlen=MOST_KEPT)

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take a mail."""
        del server, session
        self.newest.appendleft(Mail.read(envelope, datetime.now(UTC)))
        self.count += 1
        return "250 taken"

    def take(self, posted: Posted, at: datetime) -> None:
        """Take an SMS or a chat message; the same one again is no second message."""
        if posted.id in self._taken:
            return
        self._taken.appendleft(posted.id)
        self.newest.appendleft(Mail(at, posted.to, "", posted.text, posted.channel))
        self.count += 1

    def alive(self) -> bool:
        """Say yes."""
        return True

    def reasons(self) -> list[str]:
        """Give no reason against being ready."""
        return []


def create_mailbox(mailbox: Mailbox, host: str, smtp: int, node: str = DEMO_NODE) -> FastAPI:
    """Build the page, in the time of a node; the mail server runs as long as it."""
    site = Site.of(Path(__file__).parent / "templates", _WORDS, zone_of(node), "")

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        server = await asyncio.get_running_loop().create_server(
            lambda: SMTP(
                mailbox, data_size_limit=LONGEST_MAIL, hostname="mailbox.localhost", timeout=60
            ),
            host,
            smtp,
        )
        async with server:
            yield

    router = create_router(tags=["demo"])

    @router.get("/", include_in_schema=False)
    async def page(request: Request) -> Response:
        shown = list(mailbox.newest)[:MOST_SHOWN]
        values = {"count": mailbox.count, "most": MOST_SHOWN, "mails": shown}
        return site.page(request, "mailbox.html", values)

    @router.get("/api/v1/mails")
    async def mails() -> list[Mail]:
        """List the newest mails and messages."""
        return list(mailbox.newest)[:MOST_SHOWN]

    @router.post("/api/v1/texts", status_code=202)
    async def texts(posted: Posted) -> None:
        """Take an SMS or a chat message."""
        mailbox.take(posted, datetime.now(UTC))

    return create_web(
        title="Kentongan mailbox (demo)",
        routers=[router, site.files()],
        rights={**_RIGHTS, **FILES},
        lifespan=lifespan,
        health=mailbox,
        figures=lambda: b"",
    )


def main(arguments: list[str]) -> int:
    """Serve until stopped."""
    reader = argparse.ArgumentParser(prog="python -m deploy.demo.mailbox", description=__doc__)
    reader.add_argument("--host", default="127.0.0.1")
    reader.add_argument("--http", type=int, default=8006)
    reader.add_argument("--smtp", type=int, default=8007)
    reader.add_argument("--node", default=DEMO_NODE, help="whose time is shown")
    said = reader.parse_args(arguments)
    configure_logs(service="mailbox", node="demo")
    app = create_mailbox(Mailbox(), said.host, said.smtp, said.node)
    uvicorn.run(
        app, host=said.host, port=said.http, log_config=None, access_log=False, server_header=False
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
