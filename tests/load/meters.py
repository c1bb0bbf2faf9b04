"""What processes cost, read from /proc: CPU seconds and resident memory."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from deploy.engines.family import descendants

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
EVERY = 0.5


def cpu(pid: int, *, reaped: bool = False) -> float:
    """Give the CPU seconds of a process; ``reaped`` adds those of its ended children."""
    with suppress(OSError):
        stat = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
        return sum(map(int, stat[11 : 15 if reaped else 13])) / _TICKS
    return 0.0


def family_cpu(root: int) -> float:
    """Give the CPU seconds of a process and all its descendants, ended ones included."""
    return sum(cpu(pid, reaped=True) for pid in (root, *descendants(root)))


def memory(pid: int) -> int:
    """Give the resident bytes of a process."""
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    return 0


@dataclass
class Meter:
    """Reads the services one by one and the engines as families, and watches the memory."""

    services: Mapping[str, int]
    engines: Mapping[str, int]
    idle: dict[str, int] = field(default_factory=dict)
    peak: dict[str, int] = field(default_factory=dict)
    _end: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def read(self) -> dict[str, float]:
        """Give CPU seconds so far, by name."""
        ours = {name: cpu(pid) for name, pid in self.services.items()}
        return {**ours, **{name: family_cpu(pid) for name, pid in self.engines.items()}}

    def start(self) -> None:
        """Take the memory now for idle, and note the highest from here on."""
        self.idle = {name: memory(pid) for name, pid in self.services.items()}
        self.peak = dict(self.idle)
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Watch no longer."""
        self._end.set()
        if self._thread is not None:
            self._thread.join()

    def _watch(self) -> None:
        while not self._end.wait(EVERY):
            for name, pid in self.services.items():
                self.peak[name] = max(self.peak[name], memory(pid))


def spent(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """Give the CPU seconds between two readings."""
    return {name: after[name] - before.get(name, 0.0) for name in after}
