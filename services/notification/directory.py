"""The offices of agencies, as routing tells them on the register."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from datetime import date

from aiokafka.errors import KafkaError
from pydantic import ValidationError

from services.notification.domain.offices import Office
from shared.contracts.register import AgencyRegistered
from shared.runtime.ports import Away, Record, Time

EVERY = 5.0
"""Seconds between two looks whether the register has grown."""
log = logging.getLogger(__name__)

Ends = Callable[[], Awaitable[Mapping[int, int]]]
"""Reads, per partition of the register, the offset after its last record. Raises Away."""
Whole = Callable[[], AsyncIterator[list[Record]]]
"""Reads the register from its beginning. Raises KafkaError."""


class Directory(Mapping[str, Office]):
    """The office of each agency today: as the register tells it, else as the file has it.

    The topic is compacted and short, so each process keeps it in memory and reads it whole where
    it has grown; nothing of it need be stored.
    """

    def __init__(self, of_file: Mapping[str, Office], today: Callable[[], date]) -> None:
        """Begin with the offices of the register file: before routing has told, they count."""
        self._of_file, self._today = of_file, today
        self._told: dict[str, AgencyRegistered] = {}
        self._ends: Mapping[int, int] = {}

    def __getitem__(self, code: str) -> Office:
        told = self._told.get(code)
        if told is None:
            return self._of_file[code]
        edition = told.on(self._today())
        return Office(code=code, name=edition.name, email=edition.email)

    def __iter__(self) -> Iterator[str]:
        return iter({**self._of_file, **self._told})

    def __len__(self) -> int:
        return len({**self._of_file, **self._told})

    def take(self, records: Iterable[Record]) -> None:
        """Take in snapshots, each that is newer; one that cannot be read is passed."""
        for record in records:
            try:
                told = AgencyRegistered.model_validate_json(record.value or b"")
            except ValidationError:
                log.warning("register_unreadable", extra={"offset": record.offset})
                continue
            known = self._told.get(told.code)
            if known is None or (known.epoch, known.version) <= (told.epoch, told.version):
                self._told[told.code] = told

    async def keep_current(self, ends: Ends, whole: Whole, time: Time) -> None:
        """Go on reading until cancelled; while the bus is away, what was told stays."""
        while True:
            try:
                await self.look(ends, whole)
            except (Away, KafkaError) as failed:
                log.info("register_waited", extra={"reason": type(failed).__name__})
            await time.pause(EVERY)

    async def look(self, ends: Ends, whole: Whole) -> None:
        """Read the register where it has grown, or where the bus is another."""
        found = await ends()
        if found == self._ends:
            return
        async for page in whole():
            self.take(page)
        self._ends = found
