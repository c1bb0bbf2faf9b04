"""Where an agency's office is written to: as the register tells it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import date
from typing import Any

from services.notification.directory import Directory
from services.notification.domain.offices import Office
from shared.contracts.register import AgencyEdition, AgencyRegistered
from shared.runtime.ports import Record

FILE = {"dinas-pu": Office(code="dinas-pu", name="PU", email="pu@file.test")}
MARCH, APRIL = date(2026, 3, 17), date(2026, 4, 1)


def told(version: int, *editions: AgencyEdition, code: str = "dinas-pu", epoch: int = 0) -> Record:
    """Give a record of the register."""
    said = AgencyRegistered(node="8171", code=code, editions=editions, epoch=epoch, version=version)
    return Record("register", 0, version, code.encode(), [], said.model_dump_json().encode())


def edition(email: str | None, valid_from: date = MARCH, **other: Any) -> AgencyEdition:
    """Give an agency as it stands from a day on."""
    return AgencyEdition(valid_from=valid_from, name="PUPR", email=email, **other)


class Bus:
    """A register topic that counts how often it is read whole."""

    def __init__(self, *records: Record) -> None:
        self.records, self.read = list(records), 0

    async def ends(self) -> Mapping[int, int]:
        return {0: len(self.records)}

    async def whole(self) -> AsyncIterator[list[Record]]:
        self.read += 1
        yield self.records


async def test_what_the_register_tells_counts_more_than_the_file() -> None:
    """An office that got another address is written to there; one not told of yet as before."""
    directory = Directory(FILE, lambda: MARCH)
    assert directory["dinas-pu"].email == "pu@file.test"
    bus = Bus(told(1, edition("new@pu.test")), told(1, edition("a@b.test"), code="dinsos"))
    await directory.look(bus.ends, bus.whole)
    assert directory["dinas-pu"].email == "new@pu.test"
    assert sorted(directory) == ["dinas-pu", "dinsos"]
    assert len(directory) == 2


async def test_an_address_counts_from_its_day_on() -> None:
    """What comes into force in April is used in April, without another message."""
    day = [MARCH]
    directory = Directory(FILE, lambda: day[0])
    directory.take([told(2, edition("march@pu.test"), edition("april@pu.test", APRIL))])
    assert directory["dinas-pu"].email == "march@pu.test"
    day[0] = APRIL
    assert directory["dinas-pu"].email == "april@pu.test"


async def test_the_newest_snapshot_stands() -> None:
    """An older one that comes late changes nothing; one of a restored line outranks."""
    directory = Directory({}, lambda: MARCH)
    directory.take([told(3, edition("3@pu.test")), told(2, edition("2@pu.test"))])
    assert directory["dinas-pu"].email == "3@pu.test"
    directory.take([told(1, edition("restored@pu.test"), epoch=7)])
    assert directory["dinas-pu"].email == "restored@pu.test"


async def test_the_register_is_read_where_it_has_grown() -> None:
    """Nothing is read again while nothing is told; what cannot be read is passed."""
    bus = Bus(Record("register", 0, 0, b"x", [], b"{"), told(1, edition("a@pu.test")))
    directory = Directory(FILE, lambda: MARCH)
    for _ in range(3):
        await directory.look(bus.ends, bus.whole)
    assert (bus.read, directory["dinas-pu"].email) == (1, "a@pu.test")
    bus.records.append(told(2, edition(None)))
    await directory.look(bus.ends, bus.whole)
    assert (bus.read, directory["dinas-pu"].email) == (2, None)
