"""Live parts of a page or of an interface, by server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import structlog
from fastapi.responses import StreamingResponse

from shared.runtime.document import Refused
from shared.runtime.ports import Away

TICK = 1.0
HEARTBEAT = 15.0
"""Seconds of silence after which a listener gets a comment, so that nobody thinks it dead."""
MOST_LISTENERS = 500
RETRY = b"retry: 3000\n\n"
BEAT = b": here\n\n"

Parts = Mapping[str, Any]
_log = structlog.get_logger("live")


class Listening:
    """One listener: what it has not been sent yet, the newest of each part and no more."""

    def __init__(self, parts: Parts) -> None:
        """Begin with everything there is."""
        self.waiting: dict[str, Any] = dict(parts)
        self.first = True
        self.bell = asyncio.Event()
        if parts:
            self.bell.set()

    def take(self, parts: Parts) -> None:
        """Let newer parts take the place of older ones."""
        self.waiting.update(parts)
        self.bell.set()

    def give(self) -> tuple[dict[str, Any], bool]:
        """Give what waits, and whether it is everything."""
        given, first = self.waiting, self.first
        self.waiting, self.first = {}, False
        self.bell.clear()
        return given, first


class Live:
    """Looks once for all listeners, and sends each what changed, as fast as that one reads.

    A listener's memory is bounded by the number of parts: what it was too slow for is replaced by
    what is newer. While nobody listens nobody looks.
    """

    def __init__(
        self,
        look: Callable[[], Awaitable[Parts]],
        encode: Callable[[Parts, bool], bytes],
        tick: float = TICK,
    ) -> None:
        """Send the parts that ``look`` gives; ``encode`` is told whether they are all."""
        self._look, self._encode, self._tick = look, encode, tick
        self._listeners: set[Listening] = set()
        self._parts: dict[str, Any] = {}
        self._looking: asyncio.Task[None] | None = None
        self._closed = False

    def response(self) -> StreamingResponse:
        """Answer a request with the stream. Raises Refused where too many listen."""
        if self._closed or len(self._listeners) >= MOST_LISTENERS:
            raise Refused(503, "busy", "Too many are listening; read the page instead.")
        headers = {"cache-control": "no-cache", "x-accel-buffering": "no"}
        return StreamingResponse(self.listen(), media_type="text/event-stream", headers=headers)

    def close(self) -> None:
        """End every stream, so that a server that stops need not wait for them."""
        self._closed = True
        for listening in self._listeners:
            listening.bell.set()

    async def listen(self) -> AsyncIterator[bytes]:
        """Give the events for one listener: everything first, then what changes."""
        if self._looking is None:
            self._parts = {}
            self._looking = asyncio.create_task(self._forever())
        listening = Listening(self._parts)
        self._listeners.add(listening)
        try:
            yield RETRY
            while not self._closed:
                try:
                    async with asyncio.timeout(HEARTBEAT):
                        await listening.bell.wait()
                except TimeoutError:
                    yield BEAT
                    continue
                parts, first = listening.give()
                if parts:
                    yield self._encode(parts, first)
        finally:
            self._listeners.discard(listening)
            if not self._listeners and self._looking is not None:
                self._looking.cancel()
                self._looking = None

    async def _forever(self) -> None:
        while True:
            try:
                parts = await self._look()
            except Away:
                pass  # what was seen last stays; it says of when it is
            except Exception:  # noqa: BLE001  # one bad look must not end the stream
                _log.exception("look_failed")
            else:
                news = {name: new for name, new in parts.items() if self._parts.get(name) != new}
                self._parts = dict(parts)
                if news:
                    for listening in self._listeners:
                        listening.take(news)
            await asyncio.sleep(self._tick)


def event(name: str, text: str) -> bytes:
    """Write one event of one or more lines."""
    lines = "".join(f"data: {line}\n" for line in text.splitlines() if line)
    return f"event: {name}\n{lines}\n".encode()
