"""One server as a child process: start, stop, kill, freeze, and its last words."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol

from .engine import EngineFailed
from .family import release, signal_family, wait_for_end, watch


class Child(Protocol):
    """A child process, as ``subprocess.Popen`` shows it."""

    @property
    def pid(self) -> int:
        """Give its number."""

    def poll(self) -> int | None:
        """Give the status it ended with, negative where a signal ended it, if it has ended."""

    def wait(self, timeout: float, /) -> int:
        """Wait for its end. Raises subprocess.TimeoutExpired."""

    def send_signal(self, number: signal.Signals, /) -> None:
        """Signal it, if it runs."""


@dataclass
class Process:
    """A command that runs in a session of its own, with its output in a file."""

    name: str
    log: Path
    patience: float = 60.0
    ask: signal.Signals = signal.SIGTERM
    alone: bool = False
    """It has no children in groups of their own: nobody has to look for them to kill it."""
    _child: Child | None = field(default=None, init=False)

    def start(
        self,
        command: Sequence[str],
        answers: Callable[[], bool],
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Run the command and wait until it answers; do nothing if it runs already."""
        if self.alive():
            return
        self.kill()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self._child = self.spawn(command, output, environment)
        watch(self._child.pid)
        deadline = time.monotonic() + self.patience
        while not answers():
            if self._child.poll() is not None:
                self._forget()
                raise EngineFailed(f"{self.name} ended while starting.{self.last_words()}")
            if time.monotonic() > deadline:
                self.kill()
                raise EngineFailed(
                    f"{self.name} did not answer within {self.patience:g} s.{self.last_words()}"
                )
            time.sleep(0.05)

    def spawn(
        self, command: Sequence[str], output: IO[bytes], environment: Mapping[str, str] | None
    ) -> Child:
        """Start the command in the folder of its log."""
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=self.log.parent,
            env=environment,
            start_new_session=True,
        )

    def stop(self, grace: float = 10.0) -> None:
        """Ask it to end and wait; kill what is left after the grace."""
        if self._child is None:
            return
        if self._child.poll() is None:
            self.resume()
            self._child.send_signal(self.ask)
            with suppress(subprocess.TimeoutExpired):
                self._child.wait(grace)
        self.kill()

    def kill(self) -> None:
        """Kill it with all its children and wait until they are gone."""
        if self._child is not None:
            if self._child.poll() is None and self.alone:
                with suppress(ProcessLookupError):
                    os.killpg(self._child.pid, signal.SIGKILL)
                self._child.wait(10)
            elif self._child.poll() is None:
                family = signal_family(self._child.pid, signal.SIGKILL)
                self._child.wait(10)
                wait_for_end(family, 10)
            self._forget()

    def pause(self) -> None:
        """Freeze it and its children."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it and its children go on."""
        self._signal(signal.SIGCONT)

    def alive(self) -> bool:
        """Say whether it runs, frozen or not."""
        return self._child is not None and self._child.poll() is None

    def code(self) -> int | None:
        """Give the status it ended with, negative where a signal ended it; else nothing."""
        return None if self._child is None else self._child.poll()

    def last_words(self, lines: int = 12) -> str:
        """Quote the end of its output, for an error that a person reads."""
        try:
            said = self.log.read_text(errors="replace").splitlines()[-lines:]
        except OSError:
            said = []
        return "".join(f"\n    {line}" for line in said) or " It said nothing."

    def _signal(self, number: signal.Signals) -> None:
        if self._child is None or self._child.poll() is not None:
            return
        if self.alone:
            with suppress(ProcessLookupError):
                os.killpg(self._child.pid, number)
        else:
            signal_family(self._child.pid, number)

    def _forget(self) -> None:
        if self._child is not None:
            release(self._child.pid)
            self._child = None
