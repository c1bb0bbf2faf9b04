"""What lies around every answer: the bound of the body, safe headers, the last resort."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.runtime.web.problems import BodyTooLarge, plain, problem, route_of

POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'"
)
"""What a page may load: its own server's files and nothing else."""

_ALWAYS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
]
_UNLESS_SAID = [
    (b"cache-control", b"no-store"),
    (b"content-security-policy", POLICY.encode()),
]

READ_ON = 1024 * 1024
"""Bytes beyond a bound, or as much again as the bound if that is more, that are read and thrown
away: until its body is sent, many a client looks at no answer, and who closes cuts it off."""
LINGER = 30.0
"""Seconds for which they are waited for."""

_LENGTHS = (b"content-length", b"transfer-encoding")

_FAILED = "Something went wrong here. It has been noted; try again later."

_log = structlog.get_logger("web")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many bytes a body may have; ``larger`` says so for paths that match a pattern."""

    body: int = 64 * 1024
    larger: Mapping[str, int] = field(default_factory=dict)

    def of(self, path: str) -> int:
        """Give the bound of one path."""
        for pattern, most in self.larger.items():
            if re.fullmatch(pattern, path):
                return most
        return self.body


class Shell:
    """Bounds bodies and answers what fails; pure ASGI, since it lies around the hottest route."""

    def __init__(self, app: ASGIApp, bounds: Bounds) -> None:
        self.app = app
        self.bounds = bounds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        declared = _declared(scope)
        exchange = _Exchange(receive, send, self.bounds.of(scope["path"]), declared)
        try:
            if declared is not None and declared > exchange.most:
                raise BodyTooLarge(exchange.most)  # noqa: TRY301 - as when it is found out later
            await self.app(scope, exchange.receive, exchange.send)
        except ClientDisconnect:
            return
        except BodyTooLarge as large:
            if exchange.started:
                raise
            await plain(large.status_code, large.detail)(scope, receive, exchange.send)
        except Exception:
            _log.exception("request_failed", method=scope["method"], route=route_of(scope))
            if exchange.started:
                raise
            await problem(500, "failed", _FAILED)(scope, receive, exchange.send)


class _Exchange:
    """One request and its answer, on their way through.

    Nobody is answered to the end whose body is not read to its end, within bounds: else whatever
    is refused early, for its size or its sender, would be refused by cutting the connection.
    """

    __slots__ = ("_receive", "_send", "ended", "most", "read", "sized", "started")

    def __init__(self, receive: Receive, send: Send, most: int, declared: int | None) -> None:
        self._receive, self._send, self.most = receive, send, most
        self.read, self.started, self.ended = 0, False, declared == 0
        self.sized = declared is not None and declared <= most

    async def receive(self) -> Message:
        message = await self._next()
        if self.read > self.most:
            raise BodyTooLarge(self.most)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            message["headers"] = _dress(message.get("headers", ()))
            if not (self.ended or self.sized):
                message["headers"].append((b"connection", b"close"))
        elif not (self.ended or message.get("more_body")):
            await self._send({**message, "more_body": True})
            await self._throw_away()
            message = {"type": "http.response.body"}
        await self._send(message)

    async def _next(self) -> Message:
        message = await self._receive()
        self.read += len(message.get("body", b""))
        self.ended = not message.get("more_body", False)
        return message

    async def _throw_away(self) -> None:
        most = self.most + max(self.most, READ_ON)
        with suppress(TimeoutError):
            async with asyncio.timeout(LINGER):
                while not self.ended and self.read <= most:
                    await self._next()


def _dress(headers: Sequence[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    said = {name for name, _value in headers}
    return [*headers, *_ALWAYS, *(more for more in _UNLESS_SAID if more[0] not in said)]


def _declared(scope: Scope) -> int | None:
    """Say how long the body is to be; None where it comes in pieces, or nobody can know."""
    said = {name: value for name, value in scope["headers"] if name in _LENGTHS}
    if b"transfer-encoding" in said:
        return None
    length = said.get(b"content-length", b"0")
    return int(length) if length.isdigit() else None
