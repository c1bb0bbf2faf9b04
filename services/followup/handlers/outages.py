"""Outages are declared while the node runs, and every process knows of them within seconds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from services.followup.domain.declared import Declared
from services.followup.domain.policy import MOST_OUTAGES, Outage
from shared.contracts.register import AgencyEdition
from shared.runtime.asking import key_used
from shared.runtime.document import Document, Refused
from shared.runtime.ports import Away, Change, Time, Written
from shared.runtime.timing import FOREVER, micros

LONGEST = timedelta(days=31)
"""What an operator alone may excuse at once: a wrong year cannot be taken back."""
OVERLAP = int(timedelta(seconds=30) / timedelta(microseconds=1))
"""How far behind, in microseconds, a declaration may be written that is looked for."""


class Kept(Protocol):
    """Where declarations are kept. Each method raises Away."""

    async def load(self, ids: Sequence[str]) -> dict[str, Document[Declared]]:
        """Read by id."""

    async def write(self, changes: Sequence[Change[Declared]]) -> Written:
        """Write each change under its guard."""

    async def changed(self, since: int, until: int, limit: int) -> list[Document[Declared]]:
        """Give declarations by when they were made in [since, until), oldest first."""


class Book:
    """Every declaration, as newly as it was read."""

    def __init__(self) -> None:
        """Begin empty."""
        self._known: dict[str, Declared] = {}
        self._outages: list[tuple[datetime, Outage]] = []

    def take(self, documents: Iterable[Document[Declared]]) -> None:
        """Take in declarations; one that is there already is the same."""
        new = {each.id: each.state for each in documents if each.id not in self._known}
        if new:
            self._known |= new
            self._outages = [(each.at, each.outage) for each in self.entries()]

    def entries(self) -> list[Declared]:
        """Give what was declared, the oldest first."""
        return sorted(self._known.values(), key=lambda each: each.at)

    def full(self, key: str) -> bool:
        """Say whether there is no room for a declaration that is not there yet."""
        return key not in self._known and len(self._known) >= MOST_OUTAGES

    def at(self, now: datetime) -> Sequence[Outage]:
        """Give the outages that were declared by a moment, oldest first."""
        return [outage for declared_at, outage in self._outages if declared_at <= now]


class Outages:
    """Keeps the book of one process as current as the store, and has declarations kept."""

    def __init__(
        self, book: Book, kept: Kept, time: Time, agencies: Mapping[str, AgencyEdition]
    ) -> None:
        """Know of none until the store was read; ``agencies`` is the register as it was told."""
        self.book, self._kept, self._time, self._agencies = book, kept, time, agencies
        self._since = 0

    async def read(self) -> None:
        """Read what was declared since the last time. Raises Away."""
        found = await self._kept.changed(max(0, self._since - OVERLAP), FOREVER, MOST_OUTAGES)
        self.book.take(found)
        self._since = max([self._since, *(each.changed_at for each in found)])

    async def declare(self, key: str, outage: Outage, by: str) -> Declared:
        """Keep an outage that is over; asked again, it is the same one. Raises Refused."""
        now = self._time.under().now
        _check(outage, now)
        self._check_agencies(outage)
        said = Declared.of(outage, by, now)
        at = micros(now)
        made = Document(id=key, state=said, version=1, revision=1, changed_at=at)
        try:
            await self.read()
            if self.book.full(key):
                detail = f"There are {MOST_OUTAGES} outages; put further ones into the policy file."
                raise Refused(409, "too_many", detail)
            await self._kept.write([Change(made, 0)])
            stands = (await self._kept.load([key]))[key]
        except Away:
            raise Refused(503, "store_away", "Nothing can be stored now; try again.") from None
        if (stands.state.outage, stands.state.by) != (outage, by):
            raise key_used()
        self.book.take([stands])
        return stands.state

    def _check_agencies(self, outage: Outage) -> None:
        if outage.agencies and not self._agencies:
            sentence = "The register has told nothing of any agency yet; try again in a moment."
            raise Refused(503, "register_away", sentence)
        if unknown := [code for code in outage.agencies if code not in self._agencies]:
            detail = f"There is no agency {unknown[0]!r} in the register."
            raise Refused(422, "unknown_agency", detail, "agencies")


def _check(outage: Outage, now: datetime) -> None:
    if outage.until > now:
        detail = "Declare an outage once it is over: its end is to come."
        raise Refused(422, "not_over", detail, "until")
    if outage.until - outage.since > LONGEST:
        detail = (
            f"An outage of more than {LONGEST.days} days is none that an operator declares alone: "
            "see that its year is right, or put it into the policy file."
        )
        raise Refused(422, "too_long", detail, "since")
