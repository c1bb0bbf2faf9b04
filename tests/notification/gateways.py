"""A real HTTP server in this process that answers as it is told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

PHRASE = {200: "OK", 202: "Accepted", 302: "Found", 429: "Too Many Requests"}


class GatewayHost:
    """Takes messages; ``script`` gives its answers, one after the other, then everything is taken.

    An answer is a status, a status with headers, ``close`` or ``silent`` once it has the message,
    ``endless`` for a body that never ends.
    """

    def __init__(self) -> None:
        self.script: list[int | str | tuple[int, dict[str, str]]] = []
        self.taken: list[tuple[dict[str, str], dict[str, Any]]] = []
        """Headers and body of what was answered with 2xx."""
        self.seen: list[tuple[dict[str, str], dict[str, Any]]] = []
        self.connections = 0
        self.reached = asyncio.Event()
        self.port = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/kirim"

    @asynccontextmanager
    async def up(self) -> AsyncIterator[None]:
        """Listen, on the port of the last time if there was one."""
        talks: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            talks[task] = writer
            try:
                with suppress(ConnectionError, asyncio.IncompleteReadError):
                    await self._converse(reader, writer)
            finally:
                writer.close()

        server = await asyncio.start_server(talk, "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield
        finally:
            server.close()
            for _ in range(4):  # whoever has just connected gets as far as to be let go
                await asyncio.sleep(0)
            for task in talks:
                task.cancel()
            await asyncio.gather(*talks, return_exceptions=True)
            for writer in talks.values():
                with suppress(ConnectionError):
                    await writer.wait_closed()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = True
        while True:
            lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            self.connections += first
            first = False
            headers = {
                name.lower(): value.strip()
                for name, _, value in (line.partition(":") for line in lines[1:] if line)
            }
            body = json.loads(await reader.readexactly(int(headers["content-length"])))
            assert lines[0].startswith("POST /kirim ")
            self.seen.append((headers, body))
            if not await self._answer(writer, headers, body):
                return

    async def _answer(
        self, writer: asyncio.StreamWriter, headers: dict[str, str], body: dict[str, Any]
    ) -> bool:
        answer = self.script.pop(0) if self.script else 202
        self.reached.set()
        if answer == "close":
            return False
        if answer == "silent":
            await asyncio.Event().wait()
        status, further = answer if isinstance(answer, tuple) else (answer, {})
        endless = status == "endless"
        code = 200 if isinstance(status, str) else status
        if 200 <= code < 300:
            self.taken.append((headers, body))
        said = {"content-length": "9999999" if endless else "2", **further}
        head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
        writer.write(f"HTTP/1.1 {code} {PHRASE.get(code, 'Said')}\r\n{head}\r\n{{}}".encode())
        await writer.drain()
        while endless:
            writer.write(b" " * 4096)
            await writer.drain()
            await asyncio.sleep(0)
        return True
