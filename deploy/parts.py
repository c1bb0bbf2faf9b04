"""What the supervisor keeps: engines, and processes of our own that answer over HTTP or TCP."""

from __future__ import annotations

import http.client
import os
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from deploy.bootstrap import ROOT
from deploy.engines.engine import Engine
from deploy.engines.local import LocalEngine
from deploy.engines.process import Process

PATIENCE = 1.0
KEPT_ENVIRONMENT = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TZ",
    "TMPDIR",
    "VIRTUAL_ENV",
    "SSL_CERT_FILE",
)
"""What a child takes over of our own environment; everything else is told to it by name."""


def environment(told: Mapping[str, str]) -> dict[str, str]:
    """Give a child what it is told and nothing that happens to lie about."""
    kept = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    own = {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    return {**kept, **own, **told}


@dataclass(frozen=True, slots=True)
class Launch:
    """How a program is started: its module, its arguments, what its environment tells it."""

    module: str
    arguments: Sequence[str] = ()
    told: Mapping[str, str] | None = None


class Program:
    """One of our Python programs as a child process."""

    layer = 1

    def __init__(
        self,
        name: str,
        log: Path,
        launch: Callable[[], Launch],
        answers: Callable[[], bool],
    ) -> None:
        """Name it, say where its output goes, how it is started and how to ask whether it is up.

        ``launch`` is asked at every start, so that a port taken meanwhile can be another one.
        """
        self.name, self._launch, self._answers = name, launch, answers
        self._process = Process(name, log, alone=True)
        self.logs = (log,)

    def start(self) -> None:
        """Start it; return at once."""
        launch = self._launch()
        command = [sys.executable, "-m", launch.module, *launch.arguments]
        self._process.start(command, lambda: True, environment(launch.told or {}))

    def alive(self) -> bool:
        """Say whether it runs."""
        return self._process.alive()

    def code(self) -> int | None:
        """Give the status it ended with."""
        return self._process.code()

    def answers(self) -> bool:
        """Say whether it is ready."""
        return self._answers()

    def pause(self) -> None:
        """Freeze it."""
        self._process.pause()

    def resume(self) -> None:
        """Let it go on."""
        self._process.resume()

    def stop(self, grace: float) -> None:
        """Ask it to end, insist after the grace."""
        self._process.stop(grace)


class EnginePart:
    """An engine as the supervisor keeps it; one that is given is only looked at."""

    layer = 0

    def __init__(self, engine: Engine) -> None:
        """Keep an engine."""
        self.engine, self.name = engine, engine.name
        self._processes = engine.processes if isinstance(engine, LocalEngine) else ()
        self.logs = tuple(process.log for process in self._processes)

    def start(self) -> None:
        """Start it; return when it answers."""
        self.engine.start()

    def alive(self) -> bool:
        """Say whether it runs; one that is not ours is left to whoever runs it."""
        return not self.engine.ours or self.engine.alive()

    def code(self) -> int | None:
        """Give the status of whichever process of it has ended."""
        codes = [process.code() for process in self._processes]
        return next((code for code in codes if code is not None), None)

    def answers(self) -> bool:
        """Say yes: its start has waited for an answer."""
        return True

    def pause(self) -> None:
        """Freeze it."""
        self.engine.pause()

    def resume(self) -> None:
        """Let it go on."""
        self.engine.resume()

    def stop(self, grace: float) -> None:
        """End it; an embedded one at once."""
        if not self.engine.ours:
            return
        if self.engine.profile != "embedded":
            self.engine.stop(grace)
        self.engine.close()


def get(port: int, path: str) -> int:
    """Give the HTTP status of a path on this machine; 0 if nobody answers soon."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        line.request("GET", path)
        return line.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        line.close()


def listens(port: int) -> bool:
    """Say whether somebody listens on a port of this machine."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=PATIENCE):
        return True
    return False


def is_free(port: int) -> bool:
    """Say whether we could listen on a port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
