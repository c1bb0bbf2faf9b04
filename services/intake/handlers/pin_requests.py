"""How often a lost PIN may be asked for: counted in the store, for all processes."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from services.intake.domain.tries import MOST_OF_ADDRESS, MOST_WRONG, WINDOW, Count, Wrong
from services.intake.handlers.gate import Gate
from services.intake.handlers.pins import TooManyTries
from services.intake.handlers.tries import Counts
from shared.runtime.ports import Away


@dataclass(slots=True, eq=False)
class _Ask:
    """One that waits to be judged: its names, each with how often it may be asked under it."""

    names: Mapping[str, int]
    judged: bool = False
    late: float | None = None
    """Seconds to wait; None where it is taken."""


class PinRequests:
    """Counts what is asked for by number and by address, whether there is such a number or not.

    Those who ask in one moment are read in one query and counted in one write, one after the other:
    a process takes no more than may be. What several take in one moment closes for longer.
    """

    def __init__(
        self,
        counts: Counts,
        digest: Callable[[str], str],
        clock: Callable[[], float] = time.time,
        most_of_address: int = MOST_OF_ADDRESS,
    ) -> None:
        """Count under names that ``digest`` gives; ``clock`` is seconds since 1970."""
        self._counts, self._digest, self._clock = counts, digest, clock
        self._most_of_address = most_of_address
        self._gate, self._turn = Gate(), asyncio.Lock()
        self._waiting: list[_Ask] = []

    async def count(self, number: str, address: str | None) -> None:
        """Count that a PIN is asked for. Raises Refused where it was too often, Away."""
        names = {self._digest(f"asked/{number}"): MOST_WRONG}
        if address is not None:
            names[self._digest(f"asks/{address}")] = self._most_of_address
        ask = _Ask(names)
        with self._gate.passing(number, address):
            self._waiting.append(ask)
            async with self._turn:
                if ask in self._waiting:
                    await self._judge()
        if not ask.judged:
            raise Away("the store took no count of what was asked for")
        if ask.late is not None:
            raise TooManyTries(int(ask.late) + 1)

    async def _judge(self) -> None:
        """Judge all that wait, whose number the gate bounds."""
        asks, self._waiting = self._waiting, []
        seen = await self._counts.read(sorted({name for ask in asks for name in ask.names}))
        now = self._clock()
        added: Counter[str] = Counter()
        counted: list[Wrong] = []
        for ask in asks:
            found = {name: seen.get(name, Count()) for name in ask.names}
            new = [Wrong(name, found[name], now, WINDOW / most) for name, most in ask.names.items()]
            late = max(
                each.counts.more(added[each.name], now).closed(ask.names[each.name], now)
                for each in new
            )
            if late:
                ask.late = late
            else:
                counted += new
                added.update(ask.names.keys())
        if counted:
            await self._counts.add(counted)
        for ask in asks:
            ask.judged = True
