"""How many PINs are looked at, or asked for, in one moment: those of others leave room for mine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from services.intake.handlers.pins import ANOTHER_WAY, TooManyTries
from shared.runtime.document import Refused

PLACES = 800
"""Inside at once, in one process; whatever comes beyond is not kept waiting."""
LEFT = 400
"""Of these, places for numbers and addresses of which nobody is inside yet."""
SHARE = 8
"""A name has at most one of so many places that are free beside those."""
MOST_OF_ONE = 10
"""Inside at once of one address at one number."""
SOON = 5
"""Seconds after which to come again."""


class Gate:
    """Lets in whoever finds a place, and keeps nobody waiting.

    A number, or an address, of which somebody is inside has a further place only while others are
    left to all: whoever floods keeps out another number from another address only with as many
    numbers, from as many addresses, as places are left.
    """

    def __init__(self, places: int = PLACES) -> None:
        """Have nobody inside."""
        self._places, self._all = places, 0
        self._inside: Counter[str] = Counter()

    @contextmanager
    def passing(self, number: str, address: str | None, *, whole: bool = True) -> Iterator[None]:
        """Let one in for a number from an address; raises Refused where there is no place.

        Without ``whole`` others at the number do not count.
        """
        free, own = self._places - self._all, f"{number} {address}"
        if not free:
            detail = "Very many PINs are being tried just now; try again in a moment."
            raise Refused(503, "busy", detail)
        names = [each for each in (number if whole else None, address) if each is not None]
        crowded = any(
            inside * SHARE >= free - LEFT for each in names if (inside := self._inside[each])
        )
        if crowded or self._inside[own] >= MOST_OF_ONE:
            raise TooManyTries(SOON, ANOTHER_WAY)
        names.append(own)
        self._all += 1
        self._inside.update(names)
        try:
            yield
        finally:
            self._all -= 1
            self._inside.subtract(names)
            for each in names:
                if not self._inside[each]:
                    del self._inside[each]
