"""Start processes and engines, start again what dies, and end everything soon.

What is decided stands in ``keeping``; here it meets the processes. Each child leads a session
of its own, so that Ctrl-C reaches only us, and none outlives us (``engines.family``).
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from deploy.engines.engine import EngineAbsent, EngineFailed
from deploy.keeping import Watched, last_lines, why

GRACE = 1.2
"""Seconds that services have to end by themselves; engines have half of it after them."""
PATIENCE = 180.0
"""Seconds that something that lives may take to its first answer: a busy machine is slow."""
SAID_AFTER = 20.0
TICK = 0.2
PROBE = 0.5
LONGEST_LOG = 4 * 1024 * 1024
Say = Callable[[str], None]


class Part(Protocol):
    """Something that runs and is to run on: an engine or a process."""

    @property
    def name(self) -> str:
        """Name it for people."""

    @property
    def logs(self) -> Sequence[Path]:
        """Where it writes what it says."""

    @property
    def layer(self) -> int:
        """What it stands on: engines are layer 0 and end last."""

    def start(self) -> None:
        """Start it; need not wait until it answers."""

    def alive(self) -> bool:
        """Say whether it runs."""

    def code(self) -> int | None:
        """Give the status it ended with."""

    def answers(self) -> bool:
        """Say whether it can be used; asked in a thread, may take a second."""

    def pause(self) -> None:
        """Freeze it."""

    def resume(self) -> None:
        """Let it go on."""

    def stop(self, grace: float) -> None:
        """Ask it to end, insist after the grace."""


class CannotStart(Exception):
    """Something does not start; the message has its last words and names its log."""


@dataclass
class Kept:
    """A part, what is known of it, and what is done each time it has been started anew.

    Until that is done, what stands on it is frozen: a bus that has lost its topics must not be
    asked for one before it has been created as it should be.
    """

    part: Part
    afterwards: Callable[[], Awaitable[object]] | None = None
    watched: Watched = field(default_factory=Watched)
    busy: asyncio.Task[None] | None = None
    probed: float = 0.0
    announced: bool = False


class Supervisor:
    """Keeps parts running, in the order in which they were given."""

    def __init__(self, say: Say, clock: Callable[[], float] = time.monotonic) -> None:
        """Keep nothing yet; what happens later is told by ``say``, one line each."""
        self._say, self._clock = say, clock
        self._kept: dict[str, Kept] = {}
        self._pool = ThreadPoolExecutor(32, "keeper")
        self._loop: asyncio.Task[None] | None = None
        self._stopping = False

    async def start(
        self,
        parts: Sequence[Part],
        *,
        afterwards: Callable[[], Awaitable[object]] | None = None,
        patience: float = PATIENCE,
    ) -> None:
        """Start parts together, and return when each answers. Raises CannotStart."""
        for part in parts:
            self._kept[part.name] = Kept(part, afterwards)
        if self._loop is None:
            self._loop = asyncio.create_task(self._keep())
        began, quiet = self._clock(), True
        waiting = [self._kept[part.name] for part in parts]
        while waiting := [kept for kept in waiting if kept.watched.state != "up"]:
            for kept in waiting:
                if kept.watched.hopeless or self._clock() > began + patience:
                    raise CannotStart(self._last_words(kept))
            if quiet and self._clock() > began + SAID_AFTER:
                names, quiet = ", ".join(kept.part.name for kept in waiting), False
                self._say(f"still waiting for {names}")
            if self._loop.done():
                self._loop.result()
            await asyncio.sleep(TICK / 2)

    def states(self) -> dict[str, str]:
        """Say of each part how it is."""
        return {name: kept.watched.state for name, kept in self._kept.items()}

    async def stop(self, grace: float = GRACE) -> None:
        """End everything, the last started first, within twice the grace."""
        self._stopping = True
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)
        layers: dict[int, list[Part]] = {}
        for kept in self._kept.values():
            if kept.busy is not None:
                kept.busy.cancel()
            layers.setdefault(kept.part.layer, []).append(kept.part)
        for layer in sorted(layers, reverse=True):
            share = grace if layer else grace / 2
            stops = [self._threaded(part.stop, share) for part in layers[layer]]
            await asyncio.gather(*stops, return_exceptions=True)
        self._pool.shutdown(wait=False)

    async def _keep(self) -> None:
        trimmed = self._clock()
        while True:
            now = self._clock()
            for kept in list(self._kept.values()):
                if kept.busy is None or kept.busy.done():
                    self._look_after(kept, now)
            if now - trimmed > 5:
                trimmed = now
                for kept in list(self._kept.values()):
                    for log in kept.part.logs:
                        await self._threaded(trim, log)
            await asyncio.sleep(TICK)

    def _look_after(self, kept: Kept, now: float) -> None:
        watched, part = kept.watched, kept.part
        if watched.state == "down":
            if watched.due(now) and not watched.hopeless:
                kept.watched = watched.started(now)
                kept.busy = asyncio.create_task(self._start(kept))
        elif not part.alive():
            self._note_death(kept, why(part.code()))
        elif watched.state == "starting" and now - kept.probed >= PROBE / 2:
            kept.probed = now
            kept.busy = asyncio.create_task(self._probe(kept))

    def _note_death(self, kept: Kept, reason: str) -> None:
        kept.watched = kept.watched.died(self._clock())
        kept.announced = kept.watched.ever_up
        if kept.announced:
            pause = kept.watched.next_at - self._clock()
            soon = "now" if pause < TICK else f"in {pause:.0f} s"
            self._say(f"{kept.part.name} {reason}; it is started again {soon}")

    async def _start(self, kept: Kept) -> None:
        above = self._above(kept) if kept.afterwards is not None else []
        try:
            for part in above:
                part.pause()
            await self._threaded(kept.part.start)
            if kept.afterwards is not None:
                await kept.afterwards()
        except (EngineFailed, EngineAbsent, OSError) as failed:
            if not self._stopping:
                self._note_death(kept, f"does not start ({str(failed).splitlines()[0][:120]})")
        except Exception as failed:  # noqa: BLE001 - whatever it is, the part must not be given up
            await self._threaded(kept.part.stop, 0.0)
            self._note_death(kept, f"is of no use ({str(failed)[:120]})")
        finally:
            for part in above:
                part.resume()

    def _above(self, kept: Kept) -> list[Part]:
        others = (other.part for other in self._kept.values())
        return [part for part in others if part.layer > kept.part.layer and part.alive()]

    async def _probe(self, kept: Kept) -> None:
        if await self._threaded(kept.part.answers) and kept.part.alive():
            began = kept.watched.since
            kept.watched = kept.watched.answered(self._clock())
            if kept.announced:
                kept.announced = False
                self._say(f"{kept.part.name} answers again after {self._clock() - began:.1f} s")

    async def _threaded(self, call: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401
        return await asyncio.get_running_loop().run_in_executor(self._pool, call, *arguments)

    def _last_words(self, kept: Kept) -> str:
        part = kept.part
        how = why(part.code()) if not part.alive() else "runs but is not ready"
        said = "".join(_quoted(log) for log in part.logs)
        return f"{part.name} does not start: it {how}.{said}"


def trim(log: Path, longest: int = LONGEST_LOG) -> bool:
    """Move a log that has grown too long aside, under one other name; say whether it was.

    The child goes on writing into the same file, since it appends; lines of the moment between
    the copy and the cut are lost.
    """
    with suppress(OSError):
        if log.stat().st_size > longest:
            with log.open("rb") as old:
                old.seek(-longest // 2, 2)
                log.with_name(log.name + ".1").write_bytes(old.read(longest // 2))
            os.truncate(log, 0)
            return True
    return False


def _quoted(log: Path) -> str:
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 64 * 1024))
            text = file.read().decode(errors="replace")
    except OSError:
        text = ""
    return f"\n  the end of {log}:{last_lines(text)}"
