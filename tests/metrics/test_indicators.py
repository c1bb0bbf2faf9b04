"""What monitoring asks of a node, from what was told on the bus to API, CSV and stream.

The worked examples are the published monitoring figures of domain.md 4.2.
"""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Mapping
from datetime import date, timedelta
from typing import Any

import orjson
import pytest

from shared.contracts.register import AgencyEdition, AgencyRegistered, Decree
from shared.runtime.agencies import SETTLED
from shared.runtime.ports import Record
from tests.desk import client
from tests.metrics.doubles import Room

TODAY = date(2026, 3, 17)
SIGNED = Decree(number="SK 63/2026", signed_on=date(2026, 1, 2))
INDICATORS = "/api/v1/indicators"


def told(
    code: str,
    decree: Decree | None = SIGNED,
    active_on: date | None = None,
    *,
    version: int = 1,
    **other: Any,
) -> Record:
    """Give what routing tells of one institution."""
    parts = {"valid_from": date(2026, 1, 1), "name": code, "decree": decree, **other}
    said = AgencyRegistered(
        node="8171",
        code=code,
        editions=(AgencyEdition(**parts),),
        epoch=0,
        version=version,
        active_on=active_on,
    )
    return Record("register", 0, 1, code.encode(), [], said.model_dump_json().encode())


def institutions(room: Room, whole: int, connected: int, active: int) -> None:
    """Hear of so many institutions: the first have a decree, the last are active."""
    for n in range(whole):
        decree = SIGNED if n < connected else None
        active_on = TODAY - timedelta(days=n) if n >= whole - active else None
        room.agencies.take([told(f"ip-{n}", decree, active_on)])


async def ask(room: Room) -> dict[str, Any]:
    """Read the indicators of a node."""
    async with client(room.door()) as http:
        answer = await http.get(INDICATORS)
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    return said


def shown(said: Mapping[str, Any]) -> list[str]:
    """Give the three shares of institutions as they are written."""
    return [said["institutions"][each]["text"] for each in ("connected", "active", "inactive")]


@pytest.mark.parametrize(
    ("counts", "card"),
    [
        pytest.param((12, 5, 3), ["42 % (5/12)", "25 % (3/12)", "75 % (9/12)"], id="41-maluku"),
        pytest.param(
            (11, 5, 4), ["45 % (5/11)", "36 % (4/11)", "64 % (7/11)"], id="42-maluku-utara"
        ),
    ],
)
async def test_41_42_the_cards_of_2020(counts: tuple[int, int, int], card: list[str]) -> None:
    """Statements 41 and 42: out of what the register told, as it was published."""
    room = Room()
    institutions(room, *counts)
    assert shown(await ask(room)) == card


async def test_43_the_jambi_figures_of_2020_with_their_counts() -> None:
    """Statement 43: 92 % with a decree, 83 % active; of 215 reports 41 % followed up, 77 done."""
    room = Room()
    institutions(room, 12, 11, 10)
    for n in range(215):
        complaint = f"c{n}"
        room.receive(complaint)
        if n < 89:
            room.route(complaint, "ip-1")
            room.answer(complaint, "ip-1")
        if n < 77:
            room.resolve(complaint, "ip-1")
    await room.count()
    said = await ask(room)
    assert shown(said) == ["92 % (11/12)", "83 % (10/12)", "17 % (2/12)"]
    assert said["followed_up"]["text"] == "41,4 % (89/215)"
    assert said["resolved"]["text"] == "35,8 % (77/215)"
    assert (said["received"], said["since"], said["until"]) == (215, "2026-03-01", "2026-03-31")
    assert ({*said["as_of"].values()}, said["complete"]) == ({None}, False), "no beat was heard"


async def test_45_of_nothing_there_is_no_percentage() -> None:
    """Statement 45: no institutions and no reports are said so, and are neither 0 nor 100 %."""
    said = await ask(Room())
    assert shown(said) == ["tidak ada instansi"] * 3
    assert said["institutions"]["connected"] == {
        "numerator": 0,
        "denominator": 0,
        "percent": None,
        "text": "tidak ada instansi",
    }
    assert said["institutions"]["complete"] is False
    assert said["followed_up"]["text"] == "tidak ada laporan"


@pytest.mark.parametrize(
    ("decree", "counts"),
    [
        ({"valid_until": TODAY}, 1),
        ({"valid_until": TODAY - timedelta(days=1)}, 0),
        ({"signed_on": TODAY + timedelta(days=1)}, 0),
    ],
)
async def test_40_a_decree_counts_while_it_is_in_force(
    decree: dict[str, date], counts: int
) -> None:
    """Statement 40: one that has ended, or that is not signed yet, connects nobody."""
    room = Room()
    room.agencies.take([told("ip-1", SIGNED.model_copy(update=decree))])
    assert (await ask(room))["institutions"]["connected"]["numerator"] == counts


@pytest.mark.parametrize(("days", "counts"), [(0, 1), (30, 1), (31, 0)])
async def test_40_who_was_active_within_thirty_days_is_active(days: int, counts: int) -> None:
    """Statement 40: a sign-in of thirty days ago counts, and the day after it does no more."""
    room = Room()
    room.agencies.take([told("ip-1", active_on=TODAY - timedelta(days=days))])
    assert (await ask(room))["institutions"]["active"]["numerator"] == counts


async def test_40_an_agency_that_gets_nothing_is_no_institution() -> None:
    """Statement 40: one that was closed, or that only comes, is in no denominator."""
    room = Room()
    tomorrow = TODAY + timedelta(days=1)
    for record in (
        told("ip-1"),
        told("ip-2", active=False),
        told("ip-3", valid_from=tomorrow),
    ):
        room.agencies.take([record])
    assert shown(await ask(room))[0] == "100 % (1/1)"
    room.clock.pass_by(timedelta(days=1))
    assert shown(await ask(room))[0] == "100 % (2/2)"


async def test_40_of_one_amendment_the_later_day_stands() -> None:
    """Statement 40: a day is told under the pair of the last amendment, and may come late."""
    room = Room()
    early, late = TODAY - timedelta(days=40), TODAY
    for day in (early, late, early):
        room.agencies.take([told("ip-1", active_on=day)])
    assert shown(await ask(room))[1] == "100 % (1/1)"


async def test_41_the_sheet_has_a_line_for_each_indicator() -> None:
    """Statement 41: a spreadsheet gets both counts and the percentage of each."""
    room = Room()
    institutions(room, 12, 5, 3)
    async with client(room.door()) as http:
        text = (await http.get(f"{INDICATORS}.csv")).text
    rows = {row["indicator"]: row for row in csv.DictReader(io.StringIO(text))}
    counts = {
        name: (row["numerator"], row["denominator"], row["percent"]) for name, row in rows.items()
    }
    assert counts == {
        "connected": ("5", "12", "42"),
        "active": ("3", "12", "25"),
        "inactive": ("9", "12", "75"),
        "followed_up": ("0", "0", ""),
        "resolved": ("0", "0", ""),
    }
    assert {row["since"] for row in rows.values()} == {"2026-03-17", "2026-03-01"}


async def test_41_the_stream_tells_when_an_institution_becomes_active() -> None:
    """Statement 41: who listens gets the three shares, and again when they are others."""
    room = Room()
    institutions(room, 12, 5, 3)
    api = room.api()
    stream = api._live.listen()
    await anext(stream)
    first = await _next(stream)
    assert shown(first) == ["42 % (5/12)", "25 % (3/12)", "75 % (9/12)"]
    room.agencies.take([told("ip-1", active_on=TODAY)])
    assert shown(await _next(stream)) == ["42 % (5/12)", "33 % (4/12)", "67 % (8/12)"]
    api.close()


async def test_45_it_is_said_when_the_register_was_heard_through() -> None:
    """Statement 45: until then a share may be of less than all institutions."""
    room = Room()
    records = [told("ip-1")]

    async def ends() -> Mapping[int, int]:
        return {0: len(records)}

    async def whole() -> AsyncIterator[list[Record]]:
        yield records

    await room.agencies.look(ends, whole)
    assert (await ask(room))["institutions"]["complete"] is False
    room.clock.pass_by(timedelta(seconds=SETTLED))
    assert (await ask(room))["institutions"]["complete"] is True


async def _next(stream: AsyncIterator[bytes]) -> dict[str, Any]:
    _, line = (await anext(stream)).decode().strip().split("\n")
    said: dict[str, Any] = orjson.loads(line.removeprefix("data: "))
    return said
