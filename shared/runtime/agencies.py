"""The register of agencies as routing tells it, kept in memory (daftar instansi)."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import date
from time import time as wall_clock
from typing import Any

from aiokafka.errors import KafkaError
from pydantic import ValidationError

from shared.contracts.register import AgencyEdition, AgencyRegistered
from shared.contracts.topics import STREAMS, topic
from shared.contracts.vocabulary import zone_of
from shared.runtime.alongside import alongside
from shared.runtime.bus import whole
from shared.runtime.ports import Away, Record, Time
from shared.runtime.process import Process

EVERY = 5.0
"""Seconds between two looks whether the register has grown."""
SETTLED = 60.0
"""Seconds for which nothing was told of it before it is taken for whole."""
log = logging.getLogger(__name__)

Ends = Callable[[], Awaitable[Mapping[int, int]]]
"""Reads, per partition of the register, the offset after its last record. Raises Away."""
Whole = Callable[[], AsyncIterator[list[Record]]]
"""Reads the register from its beginning. Raises KafkaError."""


class Agencies(Mapping[str, AgencyEdition]):
    """What each agency is today, by code.

    The topic is compacted and short, so each process keeps it in memory and reads it whole where
    it has grown; nothing of it need be stored.
    """

    def __init__(self, today: Callable[[], date], clock: Callable[[], float] = wall_clock) -> None:
        """Know nobody until something was told; ``clock`` gives seconds since 1970."""
        self._today, self._clock = today, clock
        self._grown_at: float | None = None
        self._before: frozenset[str] | None = None
        self._told: dict[str, AgencyRegistered] = {}
        self._named: tuple[date, frozenset[str]] | None = None
        self._ends: Mapping[int, int] = {}

    def __getitem__(self, code: str) -> AgencyEdition:
        return self._told[code].on(self._today())

    def __iter__(self) -> Iterator[str]:
        return iter(self._told)

    def __len__(self) -> int:
        return len(self._told)

    def active_on(self, code: str) -> date | None:
        """Say on which day one was last active; None where none of it ever was."""
        return self._told[code].active_on

    def called(self, code: str) -> str | None:
        """Name an agency; None of one that nothing was told of."""
        return self[code].name if code in self._told else None

    def categories(self) -> frozenset[str] | None:
        """Name the categories there are, so that others are strange; None while nobody can say.

        Nobody can before any agency was heard, and while the register is told for the first time:
        what was not heard yet would seem not to be there. Where it grows again, what was there
        before is there still, for an agency may lose a duty a moment before the next one has it.
        """
        if self._grown_at is None or not self._told:
            return None
        if self._clock() >= self._grown_at + SETTLED:
            return self.answered_for()
        return self._before | self.answered_for() if self._before else None

    def codes(self) -> frozenset[str] | None:
        """Name the agencies there are, so that others are strange; None while nobody can say."""
        return None if self.categories() is None else frozenset(self._told)

    def answered_for(self) -> frozenset[str]:
        """Name the categories for which some agency answers today, active or not, as far as heard.

        Every report asks, so they are named once a day, and again once something was told.
        """
        today = self._today()
        if self._named is None or self._named[0] != today:
            editions = (told.on(today) for told in self._told.values())
            self._named = (
                today,
                frozenset(duty.category for each in editions for duty in each.duties),
            )
        return self._named[1]

    def take(self, records: Iterable[Record]) -> None:
        """Take in snapshots, each that is newer; those that cannot be read are passed."""
        unreadable: list[int] = []
        for record in records:
            try:
                told = AgencyRegistered.model_validate_json(record.value or b"")
            except ValidationError:
                unreadable.append(record.offset)
                continue
            known = self._told.get(told.code)
            if known is None or _rank(known) <= _rank(told):
                self._told[told.code], self._named = told, None
        if unreadable:  # in one line: they are read again whenever the register has grown
            said = {"records": len(unreadable), "offset": unreadable[0]}
            log.warning("register_unreadable", extra=said)

    async def keep_current(self, ends: Ends, read: Whole, time: Time) -> None:
        """Look, and rest until the next look; while the bus is away, what was told stays."""
        try:
            await self.look(ends, read)
        except (Away, KafkaError) as failed:
            log.info("register_waited", extra={"reason": type(failed).__name__})
        await time.pause(EVERY)

    async def look(self, ends: Ends, read: Whole) -> None:
        """Read the register where it has grown, or where the bus is another.

        When it last grew, its newest record says: whoever starts later need not wait to know.
        """
        found = await ends()
        if found == self._ends:
            return
        self._before = self.categories()
        if self._grown_at is not None:
            self._grown_at = self._clock()
        newest = 0
        async for page in read():
            self.take(page)
            newest = max([newest, *(record.timestamp for record in page)])
        now = self._clock()
        self._ends, self._grown_at = found, min(newest / 1000, now) if newest > 0 else now


def _rank(told: AgencyRegistered) -> tuple[int, int, date]:
    """Tell which of two snapshots is the newer."""
    return told.epoch, told.version, told.active_on or date.min


def agencies_for(process: Process[Any]) -> Agencies:
    """Give the register of a process's node, by its local days; nothing is read yet."""
    zone = zone_of(process.node)
    return Agencies(lambda: process.time.under().now.astimezone(zone).date())


@asynccontextmanager
async def kept_current(agencies: Agencies, process: Process[Any]) -> AsyncIterator[None]:
    """Read what the register tells, until the block is left."""
    name, partitions = topic(process.node, "register"), STREAMS["register"].partitions

    async def ends() -> Mapping[int, int]:
        if process.incarnation is None:  # who asks for a topic before it is made may make it
            raise Away("this process is not on the bus")
        return await process.watch.ends(name, partitions)

    def read() -> AsyncIterator[list[Record]]:
        return whole(process.settings.kafka, {name: partitions})

    async with alongside("register", lambda: agencies.keep_current(ends, read, process.time)):
        yield
