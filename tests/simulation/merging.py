"""Processes of routing: they merge and separate reports, and archive what was not completed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.routing.handlers import Mergers
from services.routing.timers import Timers
from shared.runtime.asking import Ask, Judge
from shared.runtime.document import Document, Refused
from shared.runtime.ports import Away
from tests.simulation.marks import Marks
from tests.simulation.node import Call
from tests.simulation.parts import WINDOW
from tests.simulation.process import Process, in_turn
from tests.simulation.scheduler import Suspension

AnyDocument = Document[Any]
Todo = Callable[[Mergers], Awaitable[AnyDocument]]
EVERY = 5.0
"""Seconds between two looks at who follows, as in production."""
PATIENCE = 8.0
"""Seconds in which the counter of a process answers, as production's does."""


@dataclass(slots=True, eq=False)
class Errand(Call):
    """A request that takes more than one judgement; ``ask`` has in the end what came of it."""

    todo: Todo = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Marked(Marks):
    """The dispositions of one process, and which of them concern others."""

    host: Joiner

    async def load(self, ids: Sequence[str]) -> dict[str, AnyDocument]:
        return await self.host.documents.load(ids)

    async def window(self, name: str, low: Any, high: Any, limit: int) -> list[AnyDocument]:
        def effect() -> list[AnyDocument]:
            placed = [(getattr(each.state, name), each) for each in self.host.store.live.values()]
            found = [(place, each) for place, each in placed if place and low <= place < high]
            return [each for _, each in sorted(found, key=lambda one: one[0])][:limit]

        return await self.run(effect)


class Joiner(Process):
    """A process of routing."""

    def start(self) -> None:
        domain: Any = self.node.part.domain
        super().start()
        kept, now = Marked(self), self.now
        self.mergers = Mergers(domain, WINDOW.calendar, kept, self.ask, now, in_turn)
        self.timers = Timers(domain, WINDOW, kept, self.ask, now, self.beats.views, in_turn)

    async def live(self) -> None:
        await super().live()
        self.spawn(self.look())

    async def look(self) -> None:
        """Have who follows told, and archive what was not completed, as the holder of the lease."""
        while True:
            await Suspension(EVERY)
            if self.node.lease[0] == self.name:
                await self.mergers.look()
                await self.timers.look()

    async def ask(self, complaint: str, judge: Judge[Any]) -> AnyDocument:
        """Have something judged at the own counter, as whatever is asked there."""
        call = Call(Ask(complaint, judge))
        self.call(call)
        await Suspension(PATIENCE, call.answered)
        if not call.done or call.failed:
            raise Refused(503, "store_away", "Nothing can be stored now; try again later.")
        if call.ask.failure is not None:
            raise call.ask.failure
        assert call.ask.after is not None
        return call.ask.after

    def call(self, call: Call) -> None:
        if isinstance(call, Errand) and self.alive:
            self.spawn(self._run(call))
        else:
            super().call(call)

    async def _run(self, errand: Errand) -> None:
        try:
            errand.ask.after = await errand.todo(self.mergers)
        except Away:
            errand.failed = True
        except Refused as refused:
            errand.failed = refused.status == 503
            errand.ask.failure = refused
        errand.done = True
        self.scheduler.fire(errand.answered)
