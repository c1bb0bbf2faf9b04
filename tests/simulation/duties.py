"""What single services do besides: clocks that run out, figures made."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from msgspec.structs import replace

from services.followup.domain.declared import Declared
from services.followup.domain.policy import Outage
from services.followup.store import shape_of
from services.followup.timers import Timers
from services.metrics.domain.cohort import MARK
from shared.runtime.asking import Ask
from shared.runtime.document import Circumstances, Document
from shared.runtime.ports import Away, Change
from shared.runtime.timing import moment
from tests.simulation.ports import Operations
from tests.simulation.process import Process, in_turn
from tests.simulation.scheduler import Suspension


@dataclass(frozen=True, slots=True)
class Clocks(Operations):
    """Cases of one process, found by which clock runs out when."""

    finds: Callable[[Any], Mapping[str, Any]]

    async def load(self, ids: Sequence[str]) -> dict[str, Document[Any]]:
        return await self.run(lambda: self.host.store.load(ids))

    async def window(self, field: str, low: Any, high: Any, limit: int) -> list[Document[Any]]:
        def effect() -> list[Document[Any]]:
            store = self.host.store
            due = [store.live[key] for key in store.due(moment(high))]
            placed = [(self.finds(each.state)[field], each) for each in due]
            found = [(at, each) for at, each in placed if at is not None and low <= at < high]
            return [each for _, each in sorted(found, key=lambda one: (one[0], one[1].id))][:limit]

        return await self.run(effect)


class Watcher(Process):
    """A process of followup: records the clocks that have run out, and excuses what may be."""

    excused = 0
    """Outages that were declared when it last went over its cases."""

    def start(self) -> None:
        super().start()
        domain: Any = self.node.part.domain
        finds = shape_of(domain).finds
        clocks = Clocks(self, finds)
        self.timers = Timers(domain, clocks, self.ask, self.now, self.beats.views, in_turn)

    async def live(self) -> None:
        await super().live()
        self.spawn(self.watch())

    async def watch(self) -> None:
        domain: Any = self.node.part.domain
        while True:
            await Suspension(10 + 20 * self.chance.random())
            await self.timers.look()
            if len(domain.declared.entries()) > self.excused:
                with contextlib.suppress(Away):
                    await self.relay.tell(await self.excuse(domain))

    async def excuse(self, domain: Any) -> list[Document[Any]]:
        """Go over all cases, since an outage was declared that is over."""
        now = moment(self.scheduler.now)
        declared = len(domain.declared.entries())

        def amend(document: Document[Any], under: Circumstances, _: int) -> Document[Any]:
            after: Document[Any] = domain.amend(document, str(declared), under)
            return after

        known = await self.operations.run(lambda: list(self.store.documents.values()))
        stale = [Ask(each.id, amend) for each in known if domain.stale(each, now)]
        changed = await self.desk.settle(stale) if stale else []
        self.excused = declared
        return changed


def an_outage(now: datetime) -> Document[Declared]:
    """Declare that nobody could work on the five days before."""
    since = now - timedelta(days=5)
    cut = Outage(link="jaringan kota", since=since, until=now, because="Kabel putus.")
    return Document(id=f"cut/{now}", state=Declared.of(cut, "operator-1", now), version=1)


class Accountant(Process):
    """A process of metrics: counts again every window that is dirty."""

    async def live(self) -> None:
        await super().live()
        self.spawn(self.count())

    async def count(self) -> None:
        while True:
            await Suspension(1 + self.chance.random())
            try:
                dirty = await self.operations.run(self.store.dirty)
                for window in dict.fromkeys(name for each in dirty for name in each.dirty):
                    if not window.startswith(MARK):
                        await self.count_again(window)
                for each in dirty:
                    clean = replace(each, dirty=(), version=each.version + 1)
                    await self.operations.run(
                        partial(self.store.write, [Change(clean, each.version)])
                    )
            except Away:
                continue

    async def count_again(self, window: str) -> None:
        """Compute one window from its timelines; a lost race is run again."""
        cells = self.store.kept.cells
        while True:
            version, _ = await self.operations.run(lambda: cells.get(window, (0, {})))
            figures = await self.operations.run(
                lambda: figures_of(self.store.within(window), window)
            )
            if await self.operations.run(_put(cells, window, version, figures)):
                return


def figures_of(documents: Iterable[Document[Any]], window: str) -> dict[str | None, int]:
    """Count the timelines of one window by agency."""
    figures: Counter[str | None] = Counter()
    for document in documents:
        for each in document.state.milestones:
            if each.window == window:
                figures[each.agency] += 1
    return dict(figures)


def _put(
    cells: dict[str, tuple[int, dict[str | None, int]]],
    window: str,
    version: int,
    figures: dict[str | None, int],
) -> Callable[[], bool]:
    def effect() -> bool:
        if cells.get(window, (0, {}))[0] != version:
            return False
        cells[window] = (version + 1, figures)
        return True

    return effect
