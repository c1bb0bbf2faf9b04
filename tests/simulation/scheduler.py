"""Simulated time, and coroutines stepped by hand in its order.

A simulated process is a handful of coroutines. Each call of a simulated port suspends; between
two suspensions nothing else runs, so a crash at a suspension is a crash right after what the
coroutine did last.
"""

from __future__ import annotations

import heapq
from bisect import bisect
from collections.abc import Coroutine, Generator
from dataclasses import dataclass, field
from typing import Any, Protocol

SECOND = 1_000_000
DAY = 86_400 * SECOND


class Crashed(BaseException):
    """The process died here; what it had in memory is gone."""


class Home(Protocol):
    """Where a task runs: it may be asleep, and it dies as a whole."""

    asleep_until: int

    def died(self) -> None:
        """Take note that the process is no more."""


@dataclass(slots=True, eq=False)
class Task:
    """One coroutine, and the token of the suspension it waits in."""

    name: str
    coroutine: Coroutine[Suspension, None, None]
    home: Home | None
    token: int = 0
    over: bool = False


@dataclass(slots=True, eq=False)
class Signal:
    """Something tasks wait for."""

    waiters: list[tuple[Task, int]] = field(default_factory=list)


@dataclass(slots=True)
class Suspension:
    """Wait for some seconds, or for a signal, whichever comes first.

    Not frozen: one is made for every step, and to freeze it costs as much as the step.
    """

    seconds: float
    signal: Signal | None = None

    def __await__(self) -> Generator[Suspension, None, None]:
        yield self


@dataclass(slots=True)
class Scheduler:
    """Runs whatever is due next. ``now`` is microseconds since 1970."""

    now: int
    steps: int = 0
    jumped: int = 0
    """How much of the time nobody lived through."""
    _jumps: list[tuple[int, int]] = field(default_factory=list)
    """When time was jumped over, as ``lived`` says it, and how much had been by then."""
    _queue: list[tuple[int, int, Task, int]] = field(default_factory=list)
    _count: int = 0

    def spawn(
        self, name: str, coroutine: Coroutine[Any, None, None], home: Home | None = None
    ) -> Task:
        task = Task(name, coroutine, home)
        self._push(self.now, task)
        return task

    def fire(self, signal: Signal) -> None:
        """Wake everyone who waits for a signal."""
        waiters, signal.waiters = signal.waiters, []
        for task, token in waiters:
            if not task.over and task.token == token:
                task.token += 1
                self._push(self.now, task)

    def jump(self, micros: int) -> None:
        """Let time pass while nobody moves: everything that was due runs late."""
        self._jumps.append((self.lived, self.jumped + micros))
        self.now += micros
        self.jumped += micros

    @property
    def lived(self) -> int:
        """Give the time without what was jumped over."""
        return self.now - self.jumped

    def since_lived(self, micros: int) -> int:
        """Give the time since which so much was lived through, whatever was jumped over."""
        since = self.lived - micros
        before = bisect(self._jumps, since, key=lambda jump: jump[0])
        return since + (self._jumps[before - 1][1] if before else 0)

    def step(self) -> bool:
        """Run what is due next; say whether there was anything."""
        while self._queue:
            at, _, task, token = heapq.heappop(self._queue)
            if task.over or task.token != token:
                continue
            if task.home is not None and task.home.asleep_until > max(at, self.now):
                self._push(task.home.asleep_until, task)
                continue
            self.now = max(at, self.now)
            self.steps += 1
            self._resume(task)
            return True
        return False

    def close(self) -> None:
        """Drop every task that still waits."""
        for _, _, task, _ in self._queue:
            self.end(task)
        self._queue.clear()

    def end(self, task: Task) -> None:
        """Drop a task where it stands."""
        if not task.over:
            task.over = True
            task.coroutine.close()

    def _push(self, at: int, task: Task) -> None:
        self._count += 1
        heapq.heappush(self._queue, (at, self._count, task, task.token))

    def _resume(self, task: Task) -> None:
        try:
            wait = task.coroutine.send(None)
        except StopIteration:
            task.over = True
            return
        except Crashed:
            task.over = True
            if task.home is not None:
                task.home.died()
            return
        task.token += 1
        if wait.signal is not None:
            wait.signal.waiters.append((task, task.token))
        self._push(self.now + int(wait.seconds * SECOND), task)
