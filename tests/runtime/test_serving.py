"""The loop of a server: it ends when it is told to, and does not ask ten times a second."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from uvicorn import Config

from shared.runtime.serving import Server
from tests.runtime.hurry import hurried


class Counted(Server):
    """Counts how often it looks whether to stop."""

    looks = 0

    async def on_tick(self, counter: int) -> bool:
        """Count, and look."""
        self.looks += 1
        return await super().on_tick(counter)


def a_server() -> Counted:
    """Give a server that serves nothing yet."""
    config = Config(FastAPI(), log_config=None)
    config.load()
    return Counted(config)


def _told(server: Server) -> None:
    server.should_exit = True


def _asked_by_the_system(server: Server) -> None:
    server.handle_exit(signal.SIGTERM, None)


@pytest.mark.parametrize("tell", [_told, _asked_by_the_system])
def test_it_ends_the_moment_it_is_told_to(tell: Callable[[Server], None]) -> None:
    """By our own code or by a signal, wherever between two looks that falls."""

    async def work() -> float:
        server, loop = a_server(), asyncio.get_running_loop()
        loop.call_later(7.25, tell, server)
        await server.main_loop()
        assert server.should_exit
        return loop.time()

    assert hurried(work()) == 7.25


def test_it_looks_once_a_second_and_renews_the_date() -> None:
    """Whoever serves nobody costs nothing; but every answer carries the date of now."""

    async def work() -> int:
        server, loop = a_server(), asyncio.get_running_loop()
        loop.call_later(60.5, _told, server)
        await server.main_loop()
        assert dict(server.server_state.default_headers)[b"date"]
        return server.looks

    assert hurried(work()) == 62


def test_who_is_told_before_it_begins_does_not_begin() -> None:
    """A signal may come while the application starts."""

    async def work() -> float:
        server = a_server()
        _told(server)
        await server.main_loop()
        return asyncio.get_running_loop().time()

    assert hurried(work()) == 0.0
