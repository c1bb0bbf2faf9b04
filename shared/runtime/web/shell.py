"""What lies around every answer: the bound of the body, safe headers, the last resort."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.runtime.web.problems import BodyTooLarge, problem, route_of

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
    """The one middleware; pure ASGI, since it lies around the hottest route."""

    def __init__(self, app: ASGIApp, bounds: Bounds) -> None:
        self.app = app
        self.bounds = bounds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        exchange = _Exchange(receive, send, self.bounds.of(scope["path"]))
        try:
            if _declared(scope) > exchange.most:
                raise BodyTooLarge(exchange.most)  # noqa: TRY301 - as when it is found out later
            await self.app(scope, exchange.receive, exchange.send)
        except ClientDisconnect:
            return
        except BodyTooLarge as large:
            if exchange.started:
                raise
            answer = problem(large.status_code, "body_too_large", large.detail)
            await answer(scope, receive, exchange.send)
        except Exception:
            _log.exception("request_failed", method=scope["method"], route=route_of(scope))
            if exchange.started:
                raise
            await problem(500, "failed", _FAILED)(scope, receive, exchange.send)


class _Exchange:
    """One request and its answer, on their way through."""

    __slots__ = ("_receive", "_send", "most", "read", "started")

    def __init__(self, receive: Receive, send: Send, most: int) -> None:
        self._receive, self._send, self.most = receive, send, most
        self.read, self.started = 0, False

    async def receive(self) -> Message:
        message = await self._receive()
        self.read += len(message.get("body", b""))
        if self.read > self.most:
            raise BodyTooLarge(self.most)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            message["headers"] = _dress(message.get("headers", ()))
        await self._send(message)


def _dress(headers: Sequence[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    said = {name for name, _value in headers}
    return [*headers, *_ALWAYS, *(more for more in _UNLESS_SAID if more[0] not in said)]


def _declared(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0
