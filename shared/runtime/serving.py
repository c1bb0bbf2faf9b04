"""From a process to a server: the web shell around it, and the loop that runs both."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from socket import socket
from typing import Any, TypeVar

import uvicorn
from fastapi import APIRouter, FastAPI
from prometheus_client.registry import Collector

from shared.runtime.access import Rights, open_access
from shared.runtime.figures import figures_of
from shared.runtime.logs import configure_logs
from shared.runtime.memory import give_back
from shared.runtime.process import Process
from shared.runtime.settings import Settings, read_settings
from shared.runtime.store import MongoLooks
from shared.runtime.web import Bounds, create_web

Chosen = TypeVar("Chosen", bound=Settings)


def web_of(  # noqa: PLR0913 - each is asked for by name, and by few
    process: Process[Any],
    title: str,
    routers: Sequence[APIRouter],
    rights: Rights,
    *,
    beside: Callable[[], AbstractAsyncContextManager[object]] = nullcontext,
    remarks: Callable[[], Sequence[str]] = tuple,
    endless: Sequence[Callable[[], None]] = (),
    further: Sequence[Collector] = (),
    bounds: Bounds | None = None,
) -> FastAPI:
    """Put the web shell around a process: it runs while the server runs.

    ``beside`` is entered once the process runs and left before it ends; ``remarks`` stand in the
    health of a process that is ready; ``endless`` ends answers that would never end by themselves;
    ``further`` are figures of the service's own; ``bounds`` say how large bodies may be.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        settings = process.settings
        async with (
            process.running(),
            open_access(
                issuer=settings.issuer, audience=settings.audience, demo=settings.demo
            ) as access,
        ):
            access.admit(app)
            async with beside():
                yield

    app = create_web(
        title=title,
        routers=routers,
        rights=rights,
        node=process.settings.node,
        lifespan=lifespan,
        health=process,
        figures=figures_of(process, process.gauges.measures(), further),
        remarks=remarks,
        bounds=bounds,
    )
    app.state.endless = tuple(endless)
    return app


def looks_of(process: Process[Any]) -> MongoLooks:
    """Keep on record, in the store of a process, who looked at what."""
    looks = MongoLooks(process.store.database["looks"])
    process.first.append(looks.prepare)
    return looks


class Server(uvicorn.Server):
    """Ends what is endless first, for it waits for every answer before it stops.

    It looks whether to stop when it is told to, not ten times a second.
    """

    _stopping = False
    _ring: Callable[[], object] = staticmethod(lambda: None)

    @property
    def should_exit(self) -> bool:
        """Say whether it was told to stop."""
        return self._stopping

    @should_exit.setter
    def should_exit(self, stopping: bool) -> None:
        self._stopping = stopping
        self._ring()

    async def main_loop(self) -> None:
        """Serve until told to stop; once a second the date that answers carry is renewed."""
        bell, loop = asyncio.Event(), asyncio.get_running_loop()
        self._ring = lambda: loop.call_soon_threadsafe(bell.set)
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                await asyncio.wait_for(bell.wait(), 1)

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Stop serving."""
        for end in getattr(getattr(self.config.app, "state", None), "endless", ()):
            end()
        await super().shutdown(sockets)


def serve(
    service: str, settings_type: type[Chosen], create_app: Callable[[Chosen], FastAPI]
) -> None:
    """Read the environment, build the application, and serve until told to stop."""
    gc.set_threshold(50_000, 20, 50)  # batches make many objects that live for one batch
    give_back()
    settings = read_settings(settings_type)
    configure_logs(service=service, node=settings.node, level=settings.log_level)
    host, port = settings.address
    config = uvicorn.Config(
        create_app(settings),
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        lifespan="on",
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=10,
        server_header=False,
    )
    server = Server(config)
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(server.serve())
    sys.exit(0 if server.started else 3)
