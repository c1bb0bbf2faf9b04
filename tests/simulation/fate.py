"""What goes wrong, and when: drawn from a seed, or written down as a script."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping, Sequence
from enum import Enum, auto
from itertools import accumulate
from random import Random
from typing import Protocol


class Fate(Enum):
    """What becomes of one operation of one process."""

    ON = auto()
    """Nothing special."""
    AWAY = auto()
    """It fails before it took effect."""
    LOST = auto()
    """It takes effect, perhaps in part, and the answer is lost."""
    UNACKED = auto()
    """Of what is sent, each message is told or not and acknowledged or not."""
    LATE = auto()
    """It takes long."""
    CRASH = auto()
    """The process dies before it."""
    PAUSE = auto()
    """The process falls asleep before it, longer than its session; then it goes on."""
    REBALANCE = auto()
    """The partitions of its service are dealt anew while it goes on."""
    REPEAT = auto()
    """Its consumer goes back and reads again what it has read."""
    COMPACT = auto()
    """The bus compacts its topics."""


class Course(Protocol):
    """Says the fate of each operation in turn."""

    def next(self) -> Fate:
        """Give the fate of the next operation."""


class Drawn:
    """Fates drawn at given rates per operation."""

    def __init__(self, chance: Random, rates: Mapping[Fate, float]) -> None:
        self._chance = chance
        self._fates = list(rates)
        self._bounds = list(accumulate(rates.values()))
        self._most = self._bounds[-1] if self._bounds else 0.0

    def next(self) -> Fate:
        drawn = self._chance.random()
        return Fate.ON if drawn >= self._most else self._fates[bisect(self._bounds, drawn)]


class Scripted:
    """Fates written down: after so many operations that go well, this one."""

    def __init__(self, script: Sequence[tuple[int, Fate]]) -> None:
        self._script = list(reversed(script))
        self._left = self._script[-1][0] if script else 0

    def next(self) -> Fate:
        if not self._script:
            return Fate.ON
        if self._left > 0:
            self._left -= 1
            return Fate.ON
        _, fate = self._script.pop()
        if self._script:
            self._left = self._script[-1][0]
        return fate


class Calm:
    """Nothing goes wrong."""

    def next(self) -> Fate:
        return Fate.ON
