"""What single services do besides: clocks that run out, figures made."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.followup.domain.declared import Declared
from services.followup.domain.policy import Outage
from services.followup.store import shape_of
from services.followup.timers import Timers
from shared.runtime.asking import Ask
from shared.runtime.document import Circumstances, Document
from shared.runtime.ports import Away
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
