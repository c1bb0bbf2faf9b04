"""Many reports from one address, or over one contact: marked, then slowed, and never dropped.

A carrier's address is thousands of people's, and a flood of reports may be a flood. So nobody is
turned away: above a bound a report says of itself that it was one of many, and far above it its
reporter is asked to send it again a little later, with a ticket that is then good.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import NamedTuple

from services.intake.handlers.pins import Pins
from shared.contracts.intake import Contact
from shared.runtime.document import Refused

HOUR = 3600.0
SLOWED = 10
"""How many times the bound there must be before reporters are asked to wait."""
PACE = 0.5
"""Seconds between two that were asked to wait by the same address or contact."""
LONGEST_WAIT = 120
"""Seconds that anybody is asked to wait, however many do."""
TICKET_HOLDS = 3600
"""Seconds for which a ticket is good from then on."""
MOST_REMEMBERED = 20_000
"""Addresses and contacts that are remembered; beyond, the one longest not heard of is forgotten."""
ADDRESS, CONTACT = "address", "contact"
"""What many reports have in common."""


@dataclass(frozen=True, slots=True)
class Usual:
    """Reports an hour that say nothing about each other; beyond, each is marked."""

    address: int = 60
    contact: int = 6


class Wait(Refused):
    """Too many reports at once: this one is taken as soon as its ticket is good."""

    def __init__(self, seconds: int, ticket: str) -> None:
        detail = (
            "Very many reports come from where you are just now. Yours is not turned away: wait "
            f"{seconds} s and send it again unchanged, with the ticket that this answer has in its "
            "header Kentongan-Ticket."
        )
        super().__init__(429, "crowded", detail, "Kentongan-Ticket")
        self.headers = {"Retry-After": str(seconds), "Kentongan-Ticket": ticket}


class Asker(NamedTuple):
    """From where somebody files, and the ticket of whoever was asked to wait."""

    address: str | None = None
    ticket: str | None = None


class Judged(NamedTuple):
    """What a report is among others: the mark it gets, and what it waits for if it is new."""

    mark: str | None = None
    wait: Wait | None = None
    ticket: str | None = None
    """The ticket that was good: the same one again is the same report."""


NOBODY, ALONE = Asker(), Judged()


@dataclass(slots=True)
class _Level:
    """How full the bucket of a name is, at a time; and when the last of those who wait may come."""

    full: float
    at: float
    last: float = 0.0


@dataclass(frozen=True, slots=True)
class Crowd:
    """Counts reports by address and contact, each in a bucket that leaks its bound in an hour.

    Each process counts for itself and forgets when it ends, so n processes take n times as many.
    Nothing of it is stored, and contacts are remembered only by a fingerprint.
    """

    pins: Pins
    bounds: Usual = field(default_factory=Usual)
    clock: Callable[[], float] = time.time
    levels: OrderedDict[str, _Level] = field(default_factory=OrderedDict)

    def judge(self, asker: Asker, reporter: Contact | None, said: bytes) -> Judged:
        """Count a report that is about to be taken; ``said`` is all that it says."""
        now, (address, ticket) = self.clock(), asker
        counted = [
            (self._level(kind, name, now), kind) for kind, name in self._names(address, reporter)
        ]
        above = [(level, kind) for level, kind in counted if level.full >= self._bound(kind)]
        mark = above[0][1] if above else None
        crowded = [level for level, kind in above if level.full >= SLOWED * self._bound(kind)]
        begins = self._read(ticket, said) if ticket else None
        good = begins is not None and begins <= now <= begins + TICKET_HOLDS
        if crowded and not good:
            early = begins is not None and begins > now
            at = begins if begins and early else self._next(crowded, now)
            return Judged(mark, Wait(max(1, int(at - now) + 1), self._ticket(at, said)))
        for level, kind in counted:
            level.full = min(level.full + 1, 2 * SLOWED * self._bound(kind))
        return Judged(mark, None, ticket if good else None)

    def _names(self, address: str | None, reporter: Contact | None) -> Iterable[tuple[str, str]]:
        if address is not None:
            yield ADDRESS, address
        for said in (reporter.phone, reporter.email) if reporter else ():
            if said is not None:
                yield CONTACT, self.pins.fingerprint(said.encode())

    def _bound(self, kind: str) -> int:
        return self.bounds.address if kind == ADDRESS else self.bounds.contact

    def _level(self, kind: str, name: str, now: float) -> _Level:
        key = f"{kind}/{name}"
        level = self.levels.setdefault(key, _Level(0.0, now))
        self.levels.move_to_end(key)
        leaked = (now - level.at) * self._bound(kind) / HOUR
        level.full, level.at = max(0.0, level.full - max(0.0, leaked)), now
        if len(self.levels) > MOST_REMEMBERED:
            self.levels.popitem(last=False)
        return level

    def _next(self, crowded: Iterable[_Level], now: float) -> int:
        """Give the second from which the next one that waits may come; the queue has an end."""
        levels = list(crowded)
        at = min(max(now, *(level.last for level in levels)) + PACE, now + LONGEST_WAIT)
        for level in levels:
            level.last = at
        return int(at)

    def _ticket(self, at: int, said: bytes) -> str:
        return f"{at}.{self.pins.fingerprint(b'ticket/%d/' % at + said)}"

    def _read(self, ticket: str, said: bytes) -> int | None:
        """Give from when a ticket is good; None where it was never given for this report."""
        begins = ticket.partition(".")[0]
        if not (begins.isascii() and begins.isdigit() and len(begins) <= 12):
            return None
        same = compare_digest(self._ticket(int(begins), said).encode(), ticket.encode())
        return int(begins) if same else None
