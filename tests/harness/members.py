"""One process of one service, as a test starts it, kills it and asks it how it is."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from deploy.engines.ports import free_port
from deploy.parts import environment
from tests.harness.nursery import NursedProcess

FIGURES = {
    "heard": "kentongan_heard_records_total",
    "repeats": "kentongan_repeated_records_total",
    "conflicts": "kentongan_conflicting_writes_total",
    "held": "kentongan_held_histories_total",
    "passed": "kentongan_passed_records_total",
    "unadopted": "kentongan_unadopted_histories_total",
    "told": "kentongan_told_messages_total",
    "resent": "kentongan_resent_messages_total",
}
"""What a process counts since its start, by short name."""


@dataclass
class Member:
    """One of our programs at a port of its own, which it keeps over every restart."""

    name: str
    module: str
    log: Path
    told: Callable[[], Mapping[str, str]]
    arguments: Sequence[str] = ()
    port: int = field(default_factory=free_port)
    paused: bool = False
    _process: NursedProcess = field(init=False)

    def __post_init__(self) -> None:
        self._process = NursedProcess(self.name, self.log, patience=240)

    @property
    def url(self) -> str:
        """Give where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, *, wait: bool = True) -> None:
        """Start it; return when it is ready, or at once."""
        self.paused = False
        self._process.start(
            [sys.executable, "-m", self.module, *self.arguments],
            self.ready if wait else (lambda: True),
            environment(self.told()),
        )

    def ready(self) -> bool:
        """Say whether it is ready."""
        try:
            return httpx.get(f"{self.url}/health/ready", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    def alive(self) -> bool:
        """Say whether it runs, frozen or not."""
        return self._process.alive()

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self._process.kill()

    def stop(self) -> None:
        """Ask it to end, and wait."""
        self._process.stop(grace=20)

    def pause(self) -> None:
        """Freeze it."""
        self._process.pause()
        self.paused = True

    def resume(self) -> None:
        """Let it go on."""
        self._process.resume()
        self.paused = False

    def figures(self) -> dict[str, int]:
        """Give what it counts; nothing if it does not answer."""
        try:
            text = httpx.get(f"{self.url}/metrics", timeout=2).text
        except httpx.HTTPError:
            return {}
        read = dict(line.rsplit(" ", 1) for line in text.splitlines() if line[:1] not in ("", "#"))
        return {name: int(float(read[key])) for name, key in FIGURES.items() if key in read}

    def last_words(self) -> str:
        """Quote the end of its output."""
        return f"--- {self.name}{self._process.last_words(15)}"


def together(calls: Iterable[Callable[[], object]]) -> None:
    """Do several slow things at once; raise the first failure after all have ended."""
    with ThreadPoolExecutor(16) as pool:
        for done in [pool.submit(call) for call in calls]:
            done.result()


class Tallies:
    """Sums what processes count, over all their lives: of a killed one, what was last seen."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self._ended: dict[str, int] = dict.fromkeys(FIGURES, 0)
        self._living: dict[str, dict[str, int]] = {}
        self._lock = threading.Lock()

    def look(self, member: Member) -> None:
        """Take over what a living process counts now."""
        found = member.figures()
        with self._lock:
            if found:
                self._living[member.name] = found

    def ended(self, member: Member) -> None:
        """Note that a process has lost its counts."""
        with self._lock:
            for name, count in self._living.pop(member.name, {}).items():
                self._ended[name] += count

    def sums(self) -> dict[str, int]:
        """Give the sums."""
        with self._lock:
            return {
                name: count + sum(living.get(name, 0) for living in self._living.values())
                for name, count in self._ended.items()
            }
