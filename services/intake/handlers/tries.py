"""Wrong PINs: few from one address, and from many in turn, the reporter's among them."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from typing import NamedTuple, Protocol

from msgspec.structs import replace

from services.intake.domain.tries import (
    KEPT,
    LONGER,
    MOST_OF_ADDRESS,
    MOST_WRONG,
    PACE,
    WINDOW,
    Count,
    Line,
    Wrong,
)
from services.intake.handlers.gate import Gate
from services.intake.handlers.pins import ANOTHER_WAY, TooManyTries

PATIENCE = 10
"""How often a turn is tried for while others write there: each time one of them was written."""

Judge = Callable[[bool], Awaitable[None]]
"""To be told whether the PIN is right; raises TooManyTries where that must not be looked at."""


class Tried(NamedTuple):
    """A PIN, and from where it is tried: None where that says nothing."""

    pin: str
    address: str | None = None


class Counts(Protocol):
    """Where wrong PINs, and PINs asked for, are counted for all processes; raises Away."""

    async def read(self, names: Sequence[str], whose: str | None = None) -> Mapping[str, Count]:
        """Read counts, with the turn that somebody has, in one query."""

    async def add(self, wrong: Sequence[Wrong]) -> None:
        """Count wrong PINs, durably, in one write."""

    async def line(self, name: str) -> Line | None:
        """Read who has turns at a number."""

    async def give(self, name: str, seen: Line, turns: Mapping[str, float], until: float) -> bool:
        """Write who has turns, unless something was counted or given meanwhile."""


class _Names(NamedTuple):
    """What a try is counted under."""

    near: str
    line: str
    far: str | None

    @property
    def all(self) -> Sequence[str]:
        return [each for each in self if each is not None]


class Tries:
    """Counts wrong PINs, whether there is such a number or not.

    Five from one address close a number to that address for a quarter of an hour; sixty over all
    numbers close them all to it. Sixty for one number from everywhere have everybody wait: one try
    a minute is looked at, each at a turn that nobody else takes, and each address has one turn at
    a time. So six digits last two years, and the reporter gets in: at once while fewer than twelve
    addresses guess, else after a minute for each. Only beyond a day of turns is there none to be
    had: then whoever comes first when one falls free has it.

    Counts are the store's: all processes share them. Between what is read of them and what is
    written of a try others may be under way: those of this process count as well, those of others
    are paid for by a longer wait, of their address and of whoever asks for a turn after them. Where
    the store took no count, nothing is looked at until it did.
    """

    def __init__(
        self, counts: Counts, digest: Callable[[str], str], clock: Callable[[], float] = time.time
    ) -> None:
        """Count under names that ``digest`` gives; ``clock`` is seconds since 1970."""
        self.counts, self._digest, self._clock = counts, digest, clock
        self._under_way: Counter[str] = Counter()
        self._wrong: Counter[str] = Counter()
        self._written: Counter[str] = Counter()
        self._giving: dict[str, asyncio.Lock] = {}
        self._owed: list[Wrong] = []
        self._paying: asyncio.Task[None] | None = None
        self._gate, self._side_gate = Gate(), Gate()

    def passing(self, number: str, address: str | None) -> AbstractContextManager[None]:
        """Look at a PIN that nobody guesses: what others try at the number does not count.

        Raises Refused, where too many are looked at.
        """
        return self._side_gate.passing(number, address, whole=False)

    @asynccontextmanager
    async def trying(self, number: str, address: str | None) -> AsyncIterator[Judge]:
        """Look at a try, from the first look until it is judged. Raises Refused, Away.

        Refuses who has tried too often, and asks to wait who has to.
        """
        with self._gate.passing(number, address):
            async with self._trying(self._names(number, address)) as judge:
                yield judge

    @asynccontextmanager
    async def _trying(self, names: _Names) -> AsyncIterator[Judge]:
        before = {each: self._written[each] for each in names.all}
        self._under_way.update(names.all)

        async def judge(right: bool) -> None:  # noqa: FBT001 - it is all that is said
            now = self._clock()
            wrong = [_wrong(each, names, counts[each], now) for each in names.all]
            beside = {each: self._wrong[each] - before[each] for each in names.all}
            later = {each.name: each.counts.more(beside[each.name], now) for each in wrong}
            if beside[names.near]:  # it took the turn
                later[names.line] = replace(later[names.line], turn=None)
            if self._refuses(names, later, now):
                raise TooManyTries(int(PACE) + 1, ANOTHER_WAY)
            if not right:
                self._wrong.update(names.all)
                try:
                    await self._count(wrong)
                finally:
                    self._written.update(names.all)

        try:
            await self._pay()
            found = await self.counts.read(names.all, names.near)
            counts = {each: found.get(each, Count()) for each in names.all}
            now = self._clock()
            if self._refuses(names, counts, now):
                begins = counts[names.line].takes(now) or await self._turn(names, now)
                raise TooManyTries(max(0, int(begins - now)) + 1, ANOTHER_WAY)
            yield judge
        finally:
            self._end(names)

    def _end(self, names: _Names) -> None:
        """Forget what nobody is under way for any more."""
        for each in names.all:
            self._under_way[each] -= 1
            if not self._under_way[each]:
                for table in (self._under_way, self._wrong, self._written, self._giving):
                    table.pop(each, None)

    def _refuses(self, names: _Names, counts: Mapping[str, Count], now: float) -> bool:
        """Say whether a turn is needed that has not begun; raises TooManyTries if it is closed."""
        far = counts[names.far].closed(MOST_OF_ADDRESS, now) if names.far else 0.0
        if left := max(far, counts[names.near].closed(MOST_WRONG, now)):
            raise TooManyTries(int(left) + 1, ANOTHER_WAY)
        line = counts[names.line]
        begins = line.takes(now)
        return line.crowded(now) and (begins is None or begins > now)

    async def _turn(self, names: _Names, now: float) -> float:
        """Give when the turn of an address at a number begins; it has one at a time."""
        async with self._giving.setdefault(names.line, asyncio.Lock()):
            for _ in range(PATIENCE):
                line = await self.counts.line(names.line)
                if line is None:
                    break
                mine = Count(turn=line.turns.get(names.near)).takes(now)
                begins = mine or line.next(now)
                if mine or begins is None:
                    return mine or now + PACE  # not kept: nobody's turn is taken for another's
                turns = line.given(names.near, begins, now)
                if await self.counts.give(names.line, line, turns, begins + KEPT + LONGER):
                    return begins
        return now + PACE

    async def _count(self, wrong: list[Wrong]) -> None:
        try:
            await self.counts.add(wrong)
        except BaseException:
            self._owed += wrong  # perhaps counted: twice is better than never
            raise

    async def _pay(self) -> None:
        """Have counted what the store has not taken: until then nothing more is looked at.

        All who come meanwhile wait for the same write, and where it fails they are all told so.
        What another count left owing meanwhile is written next.
        """
        while self._owed or self._paying is not None:
            if self._paying is None:
                owed, self._owed = self._owed, []
                self._paying = asyncio.create_task(self._settle(owed))
            await asyncio.shield(self._paying)

    async def _settle(self, owed: list[Wrong]) -> None:
        try:
            await self._count(owed)
        finally:
            self._paying = None

    def _names(self, number: str, address: str | None) -> _Names:
        far = None if address is None else self._digest(f"from/{address}")
        return _Names(self._digest(f"near/{number}/{address}"), self._digest(f"line/{number}"), far)


def _wrong(name: str, names: _Names, seen: Count, now: float) -> Wrong:
    if name == names.line:
        return Wrong(name, seen, now, PACE, names.near)
    return Wrong(name, seen, now, WINDOW / (MOST_WRONG if name == names.near else MOST_OF_ADDRESS))
