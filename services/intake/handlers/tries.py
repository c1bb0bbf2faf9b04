"""Wrong PINs: few from one address, and from many in turn, the reporter's among them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from services.intake.handlers.pins import (
    MOST_OF_ADDRESS,
    MOST_REMEMBERED,
    Guesses,
    TooManyTries,
)

AT_ONCE = 60
"""Wrong PINs for one number from everywhere; beyond, whoever tries waits for a turn."""
PACE = 60.0
"""Seconds between two turns, and until one wrong PIN counts no more."""
AHEAD = 24 * 3600.0
"""Seconds ahead for which turns are given: one address more makes others wait one turn longer."""
KEPT = 3600.0
"""Seconds for which a turn is kept from its beginning, for whoever comes late or goes on."""


class Tried(NamedTuple):
    """A PIN, and from where it is tried: None where that says nothing."""

    pin: str
    address: str | None = None


@dataclass(slots=True)
class _Line:
    """When the last wrong PIN for a number counts no more, and when the last turn begins."""

    over: float
    last: float = 0.0


class Tries:
    """Counts wrong PINs, whether there is such a number or not.

    Five from one address close a number to that address for a quarter of an hour; sixty over all
    numbers close them all to it. Sixty for one number from everywhere have everybody wait: one try
    a minute is looked at, each at a turn that nobody else takes, and each address has one turn at
    a time. So six digits last two years, and the reporter gets in: at once while fewer than twelve
    addresses guess, else after a minute for each. Only beyond a day of turns, or where the table
    of turns is full, is there none to be had: then whoever comes first when one falls free has it.
    Each process counts for itself and forgets when it ends: n processes allow n times as many.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Remember nothing yet."""
        self._clock, self._near = clock, Guesses(clock)
        self._from = Guesses(clock, most=MOST_OF_ADDRESS)
        self._lines: dict[str, _Line] = {}
        self._turns: dict[str, float] = {}

    def check(self, number: str, address: str | None) -> None:
        """Refuse who has tried too often, and ask to wait who has to; raises TooManyTries."""
        name, now = f"{number}/{address}", self._clock()
        self._near.check(name)
        if address is not None:
            self._from.check(address)
        line = self._lines.get(number)
        if line is None or line.over - now < AT_ONCE * PACE:
            return
        begins = self._turns.get(name)
        if begins is None or begins + KEPT < now:
            begins = self._give_turn(name, line, now)
        if begins > now:
            raise TooManyTries(int(begins - now) + 1)

    def _give_turn(self, name: str, line: _Line, now: float) -> float:
        begins = max(now, line.last) + PACE
        if len(self._turns) >= MOST_REMEMBERED:
            self._turns = {each: at for each, at in self._turns.items() if at + KEPT >= now}
        if begins > now + AHEAD or len(self._turns) >= MOST_REMEMBERED:
            return now + PACE  # not kept: nobody's turn is taken away for another's
        line.last = self._turns[name] = begins
        return begins

    def note(self, number: str, address: str | None, *, right: bool) -> None:
        """Count a try; to be called without waiting between the comparison and this.

        A right one leaves its turn: who knows the PIN goes on to reply, or to look again. It makes
        up for none of the wrong ones of its address, since everybody can file and have a right one.
        """
        name, now = f"{number}/{address}", self._clock()
        self._near.note(name, right=right)
        if right:
            return
        if address is not None:
            self._from.note(address, right=False)
        self._turns.pop(name, None)
        line = self._lines.setdefault(number, _Line(now))
        line.over = max(now, line.over) + PACE
        if len(self._lines) > MOST_REMEMBERED:
            self._forget_emptiest()

    def _forget_emptiest(self) -> None:
        """Forget a tenth, so that it is seldom; the oldest may be the one that is guessed at."""
        emptiest = sorted(self._lines, key=lambda number: self._lines[number].over)
        for number in emptiest[: MOST_REMEMBERED // 10]:
            del self._lines[number]
