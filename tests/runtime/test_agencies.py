"""The register of agencies as a process knows it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import date
from typing import Any

import pytest

from shared.contracts.register import AgencyEdition, AgencyRegistered, Duty
from shared.runtime.agencies import SETTLED, Agencies
from shared.runtime.ports import Record

MARCH, APRIL = date(2026, 3, 17), date(2026, 4, 1)


def told(
    version: int,
    *editions: AgencyEdition,
    code: str = "dinas-pu",
    epoch: int = 0,
    at: float = 0,
) -> Record:
    """Give a record of the register, told at a second."""
    said = AgencyRegistered(node="8171", code=code, editions=editions, epoch=epoch, version=version)
    value, stamp = said.model_dump_json().encode(), int(at * 1000)
    return Record("register", 0, version, code.encode(), [], value, stamp)


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


async def test_an_address_counts_from_its_day_on() -> None:
    """What comes into force in April is used in April, without another message."""
    day = [MARCH]
    agencies = Agencies(lambda: day[0])
    agencies.take([told(2, edition("march@pu.test"), edition("april@pu.test", APRIL))])
    assert agencies["dinas-pu"].email == "march@pu.test"
    day[0] = APRIL
    assert agencies["dinas-pu"].email == "april@pu.test"


async def test_the_newest_snapshot_stands() -> None:
    """An older one that comes late changes nothing; one of a restored line outranks."""
    agencies = Agencies(lambda: MARCH)
    agencies.take([told(3, edition("3@pu.test")), told(2, edition("2@pu.test"))])
    assert agencies["dinas-pu"].email == "3@pu.test"
    agencies.take([told(1, edition("restored@pu.test"), epoch=7)])
    assert agencies["dinas-pu"].email == "restored@pu.test"


async def test_an_agency_is_named_once_it_was_told_of() -> None:
    """Before that nobody knows what people call it."""
    agencies = Agencies(lambda: MARCH)
    assert agencies.called("dinas-pu") is None
    agencies.take([told(1, edition(None))])
    assert agencies.called("dinas-pu") == agencies["dinas-pu"].name


async def test_the_register_is_read_where_it_has_grown() -> None:
    """Nothing is read again while nothing is told; what cannot be read is passed."""
    bus = Bus(Record("register", 0, 0, b"x", [], b"{"), told(1, edition("a@pu.test")))
    agencies = Agencies(lambda: MARCH)
    for _ in range(3):
        await agencies.look(bus.ends, bus.whole)
    assert (bus.read, agencies["dinas-pu"].email) == (1, "a@pu.test")
    bus.records.append(told(2, edition(None)))
    await agencies.look(bus.ends, bus.whole)
    assert (bus.read, agencies["dinas-pu"].email) == (2, None)


def duty(category: str, code: str = "dinas-pu", at: float = 0) -> Record:
    """Tell of an agency that answers for one category."""
    duties = (Duty(category=category, areas=("81.71",)),)
    return told(1, edition(None, duties=duties), code=code, at=at)


async def test_categories_are_named_once_the_register_was_told() -> None:
    """Of half a register nobody can say what is not in it."""
    now = [1_000.0]
    agencies = Agencies(lambda: MARCH, lambda: now[0])
    assert agencies.categories() is None
    bus = Bus(duty("jalan", at=1_000))
    await agencies.look(bus.ends, bus.whole)
    assert agencies.categories() is None
    bus.records.append(duty("sampah", "dinas-lh", at=1_030))
    now[0] = 1_031
    await agencies.look(bus.ends, bus.whole)
    now[0] = 1_029 + SETTLED
    assert agencies.categories() is None
    now[0] = 1_030 + SETTLED
    assert agencies.categories() == frozenset({"jalan", "sampah"})


@pytest.mark.parametrize(
    ("stamp", "known"), [(1_000, frozenset({"jalan"})), (1_990, None), (9_000, None), (0, None)]
)
async def test_who_starts_later_knows_at_the_first_look(
    stamp: float, known: frozenset[str] | None
) -> None:
    """The bus says when the register was last told; a stamp that is to come counts as now."""
    now = [2_000.0]
    agencies = Agencies(lambda: MARCH, lambda: now[0])
    bus = Bus(duty("jalan", at=stamp))
    await agencies.look(bus.ends, bus.whole)
    assert agencies.categories() == known
    now[0] += SETTLED
    assert agencies.categories() == frozenset({"jalan"})


async def test_what_was_known_stays_known_while_the_register_grows() -> None:
    """An agency loses a duty a moment before another has it; anything else is refused meanwhile."""
    now = [2_000.0]
    agencies = Agencies(lambda: MARCH, lambda: now[0])
    bus = Bus(duty("jalan", at=1_000), duty("sampah", "dinas-lh", at=1_000))
    await agencies.look(bus.ends, bus.whole)
    for change in (told(2, edition(None), at=2_000), duty("taman", "dinas-taman", at=2_001)):
        bus.records.append(change)
        await agencies.look(bus.ends, bus.whole)
        assert {"jalan", "sampah"} <= (agencies.categories() or set())
    assert agencies.categories() == frozenset({"jalan", "sampah", "taman"})
    now[0] = 2_001 + SETTLED
    assert agencies.categories() == frozenset({"sampah", "taman"})


async def test_agencies_are_named_once_the_register_was_told() -> None:
    """As categories are: of half a register nobody can say who is not in it."""
    now = [1_000.0]
    agencies = Agencies(lambda: MARCH, lambda: now[0])
    bus = Bus(duty("jalan", at=1_000), told(1, edition(None), code="dinsos", at=1_000))
    await agencies.look(bus.ends, bus.whole)
    assert agencies.codes() is None
    now[0] += SETTLED
    assert agencies.codes() == frozenset({"dinas-pu", "dinsos"})
    bus.records.append(duty("taman", "dinas-taman", at=now[0]))
    await agencies.look(bus.ends, bus.whole)
    assert agencies.codes() == frozenset({"dinas-pu", "dinsos", "dinas-taman"})


async def test_a_register_without_duties_is_heard_like_any_other() -> None:
    """Then no category is known, and that is known; a register of no agency was not heard yet."""
    now = [2_000.0]
    agencies = Agencies(lambda: MARCH, lambda: now[0])
    bus = Bus()
    await agencies.look(bus.ends, bus.whole)
    now[0] += SETTLED
    assert agencies.categories() is None
    bus.records.append(told(1, edition(None), at=now[0]))
    await agencies.look(bus.ends, bus.whole)
    assert agencies.categories() is None
    now[0] += SETTLED
    assert agencies.categories() == frozenset()
    bus.records.append(duty("jalan", at=now[0]))
    await agencies.look(bus.ends, bus.whole)
    assert agencies.categories() is None


async def test_categories_are_those_of_the_day_and_named_once_a_day() -> None:
    """A report asks for them; they change with the local day, and with what is told."""
    now, day = [SETTLED], [MARCH]
    agencies = Agencies(lambda: day[0], lambda: now[0])
    jalan, sampah = ((Duty(category=each, areas=("81.71",)),) for each in ("jalan", "sampah"))
    bus = Bus(told(1, edition(None, duties=jalan), edition(None, APRIL, duties=sampah)))
    await agencies.look(bus.ends, bus.whole)
    now[0] += SETTLED
    assert agencies.categories() == frozenset({"jalan"})
    assert agencies.categories() is agencies.categories()
    day[0] = APRIL
    assert agencies.categories() == frozenset({"sampah"})
    agencies.take([told(2, edition(None, duties=jalan))])
    assert agencies.categories() == frozenset({"jalan"})
