"""Run something under a supervisor until a person or a signal ends it, and end it soon."""

from __future__ import annotations

import asyncio
import gc
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial

from deploy import topics
from deploy.console import Exit, fail, note, progress, say
from deploy.engines.choose import Engines
from deploy.engines.engine import EngineAbsent, EngineFailed
from deploy.folder import Folder, InUse
from deploy.parts import EnginePart
from deploy.supervisor import CannotStart, Supervisor
from deploy.topics import BusAbsent, Outcome

Work = Callable[[Supervisor], Awaitable[None]]
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(folder: Folder, work: Work, remedy: str) -> Exit:
    """Hold a folder and do the work until it is stopped; say in one sentence what went wrong."""
    try:
        with folder.taken():
            asyncio.run(_until_stopped(folder, work))
            gc.freeze()  # or the interpreter takes a second or two to forget all it has imported
    except InUse as busy:
        fail(str(busy))
    except (CannotStart, EngineFailed, EngineAbsent, BusAbsent, OSError) as failed:
        fail(f"{failed}\n{remedy}")
    return Exit.CLEAN


async def _until_stopped(folder: Folder, work: Work) -> None:
    supervisor = Supervisor(note)
    task = asyncio.ensure_future(work(supervisor))
    loop, asked = asyncio.get_running_loop(), list[float]()

    def end() -> None:
        asked.append(time.monotonic())
        task.cancel()

    for number in SIGNALS:
        loop.add_signal_handler(number, end)
    try:
        with suppress(asyncio.CancelledError):
            await task
    finally:
        asked.append(time.monotonic())
        await supervisor.stop()
        took = time.monotonic() - asked[0]
        say(f"\nEverything ended after {took:.1f} s; what is stored stays in {folder.path}.")


async def start_engines(
    supervisor: Supervisor, engines: Engines, node: str, publishers: Callable[[], Sequence[str]]
) -> None:
    """Start store and broker, and create the topics whenever the broker has been started.

    Publishers are asked for each time: one may have been added since the last start.
    """
    began = time.monotonic()
    outcomes: list[Outcome] = []

    async def create() -> None:
        wanted = topics.wanted([node], publishers())
        outcome = await topics.create(engines.broker.address, wanted)
        for wrong in outcome.wrong:
            note(str(wrong))
        outcomes.append(outcome)

    store, broker = EnginePart(engines.store), EnginePart(engines.broker)
    starts = (
        asyncio.ensure_future(supervisor.start([store])),
        asyncio.ensure_future(supervisor.start([broker], afterwards=create)),
    )
    try:
        await asyncio.gather(*starts)
    finally:
        for each in starts:
            each.cancel()
    took = time.monotonic() - began
    progress("ok", "Store", engines.store.name)
    made, there = len(outcomes[-1].created), len(outcomes[-1].present)
    detail = f"{engines.broker.name}, {made + there} topics" + (f", {made} new" if made else "")
    progress("ok", "Broker", detail, took)


def timed(what: str) -> Callable[[str], None]:
    """Begin a step; call the result with a detail when it is done."""
    began = time.monotonic()
    return partial(_done, what, began)


def _done(what: str, began: float, detail: str) -> None:
    progress("ok", what, detail, time.monotonic() - began)
