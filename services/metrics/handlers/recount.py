"""Counting again: from timelines that are marked to figures that are right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from sys import intern
from typing import Protocol

import structlog
from msgspec.structs import replace

from services.metrics.domain.pace import due
from shared.runtime.ports import Away, Dirt, Time
from shared.runtime.timing import MICROSECOND, micros

PAGE = 500
"""Marks per query, and per write that takes them away: each is in memory as a whole, as it is read
and as it is written, and a store that is short of time answers none that is too long."""
MOST_MARKS = 50_000
"""Marks that a stage waits for at most: with so many they are settled, and no more looked for."""
AHEAD = 3_600_000_000
"""Microseconds by which another process's clock may be ahead."""
OVERLAP = 2_000_000
"""Microseconds a look goes back: a mark can show up after a later one."""
REST = timedelta(seconds=5)
"""How often marks are looked for that another process sets, while this one hears nothing."""
SWEEP = timedelta(seconds=30)
"""How often everything marked is looked for, however long ago it was marked."""

_log = structlog.get_logger("recount")


class Marked(Protocol):
    """Where marked timelines are found. Each method raises Away."""

    async def dirty(self, since: int, until: int, limit: int) -> list[Dirt]:
        """Give what timelines marked in [since, until) have made stale, oldest first."""

    async def clean(self, dirt: Sequence[Dirt]) -> None:
        """Take marks away, unless the timeline has changed since."""


class Counts(Protocol):
    """Something that is counted from timelines."""

    def size(self, marks: Sequence[Dirt]) -> int:
        """Say how many timelines would be read to settle marks, as far as that is known."""

    async def settle(self, marks: Sequence[Dirt]) -> bool:
        """Count again whatever marks name; say whether that was done. Raises Away."""


@dataclass(slots=True)
class _Stage:
    """What waits to be counted by one of several, and since when in microseconds."""

    counts: Counts
    marks: dict[str, Dirt] = field(default_factory=dict)
    began: int = 0

    def take(self, marks: Sequence[Dirt], now: int) -> None:
        if marks:
            self.began = self.began if self.marks else now
            self.marks.update((mark.id, _lean(mark)) for mark in marks)

    @property
    def full(self) -> bool:
        return len(self.marks) >= MOST_MARKS

    def is_due(self, now: int) -> bool:
        marks = list(self.marks.values())
        if not marks or self.full:
            return self.full
        return due((now - self.began) / 1_000_000, len(marks), self.counts.size(marks))


def _lean(mark: Dirt) -> Dirt:
    """Keep each name once: very many marks name the same minutes and hours."""
    return replace(mark, names=tuple(map(intern, mark.names)))


class Recount:
    """Has everything counted again that a marked timeline names, then takes the marks away.

    What is counted is written under the version that was read *before* the timelines were, even
    if the count changes nothing. So a count that began earlier can never come to stand after a
    later one, whoever else does the same; and what a mark stands for is in every figure before
    the mark goes. How often, says ``domain.pace``, for each stage by itself: what is watched
    live does not wait for what is not. Where a stage cannot write what it counted, all wait for it:
    what it has not settled is bounded, and so is what is looked for again.
    """

    def __init__(
        self, timelines: Marked, stages: Sequence[Counts], time: Time, heard: Callable[[], int]
    ) -> None:
        """Count in stages, one after the other.

        ``heard`` gives how many records this process has heard so far.
        """
        self._timelines, self._time = timelines, time
        self._stages = [_Stage(counts) for counts in stages]
        self._heard, self._heard_before = heard, -1
        self._since = self._swept = self._looked = self._stirred = 0

    async def run(self) -> None:
        """Look for marks; settle what is due. What fails is tried again at the next."""
        try:
            if self._rests():
                return
            await self._look()
            await self._settle()
        except Away as away:
            _log.warning("recount_put_off", reason=str(away))

    def _now(self) -> int:
        return micros(self._time.under().now)

    def _rests(self) -> bool:
        now, rest, heard = self._now(), REST // MICROSECOND, self._heard()
        if any(stage.marks for stage in self._stages) or heard != self._heard_before:
            self._heard_before, self._stirred = heard, now
        return now - self._stirred > rest > now - self._looked

    async def _look(self) -> None:
        now = self._looked = self._now()
        since = max(0, self._since - OVERLAP)
        if now - self._swept >= SWEEP // MICROSECOND:
            since, self._swept = 0, now
        first = self._stages[0]
        while not any(stage.full for stage in self._stages):
            page = await self._timelines.dirty(since, now + AHEAD, PAGE)
            fresh = [mark for mark in page if self._is_new(mark)]
            if fresh:
                self._stirred = now
                first.take(fresh, now)
            before, since = since, page[-1].at if page else since
            self._since = min(now, max(self._since, since))
            if len(page) < PAGE or since == before:
                return
        self._swept = 0  # there is more than fits: look for it from the start

    def _is_new(self, mark: Dirt) -> bool:
        return all(stage.marks.get(mark.id) != mark for stage in self._stages)

    async def _settle(self) -> None:
        for stage, later in zip(self._stages, [*self._stages[1:], None], strict=True):
            if not stage.is_due(self._now()):
                continue
            marks = list(stage.marks.values())
            if not await stage.counts.settle(marks):
                return
            if later is None:
                for start in range(0, len(marks), PAGE):
                    await self._timelines.clean(marks[start : start + PAGE])
            else:
                later.take(marks, self._now())
            stage.marks.clear()
