"""Starts our services without importing them anew each time.

Imports are nine tenths of what a service's start costs, and journeys and storms start a hundred
of them. Here one process imports them once, and each service is a fork of it: a process of its
own with its own environment, log and session, which a test kills and freezes like any other. How
a service starts from nothing is seen where the demo and the commands are tested.
"""

from __future__ import annotations

import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import IO

from deploy.engines.process import Process
from shared.contracts.topics import SERVICES


class Nursed:
    """A forked process, asked as ``subprocess.Popen`` is."""

    def __init__(
        self, module: str, arguments: Sequence[str], log: Path, told: Mapping[str, str]
    ) -> None:
        """Fork it."""
        self._process = _nursery().Process(
            target=_live, args=(module, list(arguments), str(log), dict(told)), daemon=True
        )
        self._process.start()
        assert self._process.pid is not None
        self.pid = self._process.pid

    def poll(self) -> int | None:
        """Give the status it ended with, if it has."""
        return self._process.exitcode

    def wait(self, patience: float) -> int:
        """Wait for its end. Raises subprocess.TimeoutExpired."""
        self._process.join(patience)
        if (status := self._process.exitcode) is None:
            raise subprocess.TimeoutExpired(self._process.name, patience)
        return status

    def send_signal(self, number: signal.Signals) -> None:
        """Signal it, if it runs."""
        if self.poll() is None:
            os.kill(self.pid, number)


class NursedProcess(Process):
    """One of our services, forked."""

    def spawn(
        self, command: Sequence[str], output: IO[bytes], environment: Mapping[str, str] | None
    ) -> Nursed:
        """Run ``python -m module arguments`` as a fork."""
        _python, _m, module, *arguments = command
        return Nursed(module, arguments, Path(output.name), environment or {})


@cache
def _nursery() -> ForkServerContext:
    context = get_context("forkserver")
    context.set_forkserver_preload([f"services.{name}.app" for name in SERVICES])
    return context


def _live(module: str, arguments: Sequence[str], log: str, told: Mapping[str, str]) -> None:
    os.setsid()
    output = os.open(log, os.O_WRONLY | os.O_APPEND)
    for stream in (sys.stdout.fileno(), sys.stderr.fileno()):
        os.dup2(output, stream)
    os.environ.clear()
    os.environ.update(told)
    os.chdir(Path(log).parent)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
