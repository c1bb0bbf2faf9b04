"""Figures over HTTP and as a stream."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest

from services.metrics.domain.figures import Figures
from services.metrics.handlers.board import LONGEST_DAY
from services.metrics.pages import PARTS, Pages
from shared.contracts.metrics import Measure
from shared.contracts.vocabulary import MOST_AGENCIES
from shared.runtime.document import Document
from tests.desk import client
from tests.metrics.doubles import AMBON, FILED, REGISTER, Room


async def _busy() -> Room:
    room = Room()
    for complaint in "abc":
        room.receive(complaint, confidential=complaint == "c")
        room.route(complaint, "dinas-pu" if complaint == "a" else "dinas-kesehatan")
    room.answer("a", "dinas-pu")
    room.miss("b", None)
    room.seen = {"complaints": room.clock.now}
    await room.count()
    return room


async def test_a_day_has_totals_and_agencies() -> None:
    """Everything counts in the total; each agency has its own row; views say as of when."""
    room = await _busy()
    async with client(room.door()) as http:
        said = (await http.get("/api/v1/figures")).json()
        one = (await http.get("/api/v1/figures", params={"agency": "dinas-pu"})).json()
    total = {key: count for key, count in said["total"].items() if key not in ("agency", "name")}
    few = dict.fromkeys(("routed", "answered", "overdue"))
    assert total == {"received": 3, "resolved": 0, **few}
    assert [row["agency"] for row in said["agencies"]] == ["dinas-kesehatan", "dinas-pu"]
    assert [row["name"] for row in said["agencies"]] == [None, "Dinas PUPR"]
    assert [row["agency"] for row in one["agencies"]] == ["dinas-pu"]
    assert said["as_of"]["complaints"] == "2026-03-17T03:00:00Z"
    assert said["as_of"]["cases"] is None


async def test_the_page_names_categories_in_its_language() -> None:
    """By the node's file; one that it names in Indonesian alone by that, others by their code."""
    room = Room()
    for category in ("jalan", "sampah", "jalan-jembatan"):
        room.receive(category, category=category)
    async with client(room.door()) as http:
        pages = [(await http.get("/", params={"lang": lang})).text for lang in ("id", "en")]
    for page, road in zip(pages, ("Jalan raya", "Roads"), strict=True):
        assert all(f"· {name}<" in page for name in (road, "Persampahan", "Jalan jembatan"))


async def test_why_figures_are_certain_only_a_while_later_is_said() -> None:
    """The page says it in its language, the OpenAPI document wherever there is ``as_of``."""
    door = Room().door()
    async with client(door) as http:
        pages = [(await http.get("/", params={"lang": lang})).text for lang in ("id", "en")]
    assert "sekitar semenit kemudian" in pages[0]
    assert "about a minute later" in pages[1]
    schemas = door.openapi()["components"]["schemas"]
    said = [schemas[name]["properties"]["as_of"] for name in ("FiguresOut", "TableOut")]
    assert all("a minute behind" in each["description"] for each in said)


async def test_49_small_numbers_of_an_agency_are_not_published() -> None:
    """Statement 49: one below five is kept back, with one that keeps it company."""
    room = Room()
    for agency, count in (("dinas-pu", 7), ("dinas-sosial", 2), ("dinas-kesehatan", 30)):
        for n in range(count):
            room.receive(f"{agency}-{n}")
            room.route(f"{agency}-{n}", agency)
    await room.count()
    async with client(room.door()) as http:
        said = (await http.get("/api/v1/figures")).json()
        page = (await http.get("/")).text
    routed = {row["agency"]: row["routed"] for row in said["agencies"]}
    assert routed == {"dinas-kesehatan": 30, "dinas-pu": None, "dinas-sosial": None}
    assert [row["answered"] for row in said["agencies"]] == [0, 0, 0]
    assert said["total"]["routed"] == 39
    assert said["agencies"][0]["agency"] == "dinas-kesehatan"
    cells = re.findall(r'data-k="routed ([a-z-]+)">([^<]*)<', page)
    assert dict(cells) == {"dinas-kesehatan": "30", "dinas-pu": "•", "dinas-sosial": "•"}


async def test_49_a_small_total_of_steps_is_not_published() -> None:
    """Statement 49: less the rows that are shown it would be one agency's; so says no stream."""
    room = Room()
    for n in range(12):
        room.receive(f"c{n}")
        room.route(f"c{n}", "dinas-pu")
    room.answer("c0", "dinas-pu")
    await room.count()
    api = room.api()
    stream = api._live.listen()
    await anext(stream)
    _, snapshot = _read(await anext(stream))
    api.close()
    async with client(room.door()) as http:
        said = (await http.get("/api/v1/figures")).json()
        page = (await http.get("/")).text
    for figures in (said, snapshot):
        assert [row["answered"] for row in figures["agencies"]] == [None]
        total = figures["total"]
        assert {each: total[each] for each in ("received", "routed", "answered", "resolved")} == {
            "received": 12,
            "routed": 12,
            "answered": None,
            "resolved": 0,
        }
    cells = dict(re.findall(r'data-k="((?:all )?answered|counted)">([^<]*)<', page))
    assert cells == {"answered": "•", "all answered": "•", "counted": "24"}


async def test_the_page_shows_no_category_that_the_register_does_not_name() -> None:
    """A stranger may write any into a report, and it would stand there for everybody."""
    room = Room()
    for complaint, category in (("a", "jalan-jembatan"), ("b", "kantor-palsu")):
        room.receive(complaint, category=category)
    async with client(room.door()) as http:
        page = (await http.get("/")).text
    assert "Jalan jembatan" in page
    assert "alsu" not in page


async def test_what_was_received_is_of_no_agency() -> None:
    """It was received before anybody decided whose it is: null, where 0 would be a wrong number."""
    room = await _busy()
    async with client(room.door()) as http:
        said = (await http.get("/api/v1/figures")).json()
    assert [row["received"] for row in said["agencies"]] == [None, None]
    assert said["total"]["received"] == 3


async def test_the_figures_of_an_agency_that_nobody_knows_are_refused() -> None:
    """One that the register names and that has nothing yet is answered, with no row."""
    room = Room()
    async with client(room.door()) as http:
        idle = await http.get("/api/v1/figures", params={"agency": "dinas-pu"})
        nope = await http.get("/api/v1/figures", params={"agency": "nope"})
    assert (idle.status_code, idle.json()["agencies"]) == (200, [])
    assert (nope.status_code, nope.json()["code"]) == (422, "unknown_agency")
    assert [each["field"] for each in nope.json()["errors"]] == ["agency"]


def _fill(room: Room, agencies: int) -> None:
    """Count five complaints in every measure of so many agencies, today."""
    for measure in list(Measure)[1:]:
        for n in range(agencies):
            key = f"{measure}|opd-{n}|2026-03-17"
            state = Figures(str(measure), f"opd-{n}", "2026-03-17", {"12:00": 5})
            room.figures.kept[key] = Document(key, state)


@pytest.mark.parametrize("agencies", [600, MOST_AGENCIES])
async def test_a_total_is_the_sum_of_all_agencies(agencies: int) -> None:
    """However many agencies the register has, no figure of a day is left out."""
    room = Room()
    _fill(room, agencies)
    async with client(room.door()) as http:
        said = (await http.get("/api/v1/figures")).json()
    rows, total = said["agencies"], said["total"]
    assert len(rows) == agencies
    for measure in list(Measure)[1:]:
        assert total[measure] == sum(row[measure] for row in rows) == 5 * agencies


@pytest.mark.parametrize("path", ["/", "/api/v1/figures", "/api/v1/figures?day=2026-03-17"])
async def test_more_than_a_day_can_have_is_not_added_up(path: str) -> None:
    """Where figures would have to be left out, none are shown rather than wrong ones."""
    room = Room()
    _fill(room, LONGEST_DAY // 4 + 1)
    if "day" in path:
        room.clock.pass_by(timedelta(days=1))
    async with client(room.door()) as http:
        answer = await http.get(path)
    assert (answer.status_code, answer.json()["code"]) == (503, "too_many_figures")


@pytest.mark.parametrize("days_ago", [0, 1])
async def test_figures_are_complete_up_to_what_was_heard_before_they_were_read(
    days_ago: int,
) -> None:
    """What is heard while they are read is not in them, so they do not say that it is."""
    room = await _busy()
    before, read = room.clock.now, room.figures.matching

    async def slowly(field: str, value: str, limit: int) -> list[Document[Figures]]:
        found = await read(field, value, limit)
        room.seen = {"complaints": before + timedelta(minutes=1)}
        return found

    room.figures.matching = slowly  # type: ignore[method-assign]
    room.seen = {"complaints": before}
    day = room.board.today() - timedelta(days=days_ago)
    async with client(room.door()) as http:
        said = (await http.get("/api/v1/figures", params={"day": str(day)})).json()
    assert datetime.fromisoformat(said["as_of"]["complaints"]) == before


async def test_another_day_can_be_asked_for() -> None:
    """Yesterday's figures stay as they are."""
    room = await _busy()
    room.clock.pass_by(timedelta(days=1))
    async with client(room.door()) as http:
        today = (await http.get("/api/v1/figures")).json()
        before = (await http.get("/api/v1/figures", params={"day": "2026-03-17"})).json()
    assert today["total"]["received"] == 0
    assert before["total"]["received"] == 3


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"day": "yesterday"}, "day"),
        ({"day": "1999-01-01"}, "day"),
        ({"day": "2099-01-01"}, "day"),
        ({"agency": "Dinas PU!"}, "agency"),
        ({"agency": "x" * 200}, "agency"),
    ],
)
async def test_a_wrong_question_is_told_its_field(asked: dict[str, str], field: str) -> None:
    """What cannot be asked gets a problem that names the field."""
    async with client(Room().door()) as http:
        answer = await http.get("/api/v1/figures", params=asked)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


async def test_a_store_that_is_away_is_said() -> None:
    """The page says so in words, the interface by a problem; both ask to come again."""
    room = Room()

    async def away(*_: Any, **__: Any) -> Any:
        from shared.runtime.ports import Away

        raise Away

    room.figures.matching = away  # type: ignore[method-assign]
    async with client(room.door()) as http:
        page, data = await http.get("/"), await http.get("/api/v1/figures")
    assert (page.status_code, data.status_code) == (503, 503)
    assert "tidak tersedia" in page.text
    assert page.headers["retry-after"]
    assert data.headers["retry-after"]


async def test_the_stream_begins_with_everything() -> None:
    """First a snapshot, then only the rows that changed."""
    room = Room()
    for n in range(12):
        agency = "dinas-pu" if n % 2 else "dinas-kesehatan"
        room.receive(f"{agency}-{n}")
        room.route(f"{agency}-{n}", agency)
        if n < 10:
            room.answer(f"{agency}-{n}", agency)
    await room.count()
    api = room.api()
    stream = api._live.listen()
    assert await anext(stream) == b"retry: 3000\n\n"
    name, snapshot = _read(await anext(stream))
    assert (name, len(snapshot["agencies"])) == ("snapshot", 2)
    room.answer("dinas-kesehatan-10", "dinas-kesehatan")
    room.timelines.chance = None
    await room.count()
    name, change = _read(await anext(stream))
    assert name == "change"
    assert [row["agency"] for row in change["agencies"]] == ["dinas-kesehatan"]
    assert change["total"]["answered"] == 11
    api.close()
    assert [each async for each in stream] == []


async def test_a_listener_hears_that_an_agency_has_nothing_left() -> None:
    """Its row comes with zeros: one that only stayed away would stand there until midnight."""
    room = Room()
    for n in range(12):
        room.receive(f"c{n}")
        room.route(f"c{n}", "dinas-pu" if n < 6 else "dinas-kesehatan")
    await room.count()
    api = room.api()
    stream = api._live.listen()
    await anext(stream)
    await anext(stream)
    for n in range(6):
        room.route(f"c{n}", "dinas-kesehatan", turn=2)
    await room.count()
    _, change = _read(await anext(stream))
    rows = {row["agency"]: row["routed"] for row in change["agencies"]}
    assert rows == {"dinas-kesehatan": 12, "dinas-pu": 0}
    api.close()
    async with client(room.door()) as http:
        page = (await http.get("/")).text
    assert re.findall(r'data-k="routed ([a-z-]+)"', page) == ["dinas-kesehatan"]


async def test_each_part_of_the_page_comes_by_itself() -> None:
    """A browser leaves out what cannot follow: rows of a table that stand behind a list."""
    room = await _busy()
    pages = Pages(room.board, REGISTER, FILED, AMBON, "Kota Ambon")
    stream = pages._live["id"].listen()
    await anext(stream)
    lines = (await anext(stream)).decode().replace("\ndata: ", "\n")
    for part in PARTS:
        assert re.search(rf'<template><[a-z]+ [^<]*id="{part}"', lines), part
    assert lines.count("<template>") == lines.count("</template>") == len(PARTS)
    pages.close()


async def test_the_page_speaks_two_languages() -> None:
    """Indonesian first; English by the address, or where the browser prefers it."""
    async with client(Room().door()) as http:
        plain = await http.get("/")
        asked = await http.get("/?lang=en", headers={"accept-language": "id"})
        preferred = await http.get("/", headers={"accept-language": "en-GB,en;q=0.9,id;q=0.1"})
        odd = await http.get("/?lang=%00", headers={"accept-language": "xx;q=oops,*;q=0.1"})
    assert 'lang="id"' in plain.text.split("\n")[1]
    assert all('lang="en"' in each.text.split("\n")[1] for each in (asked, preferred))
    assert 'lang="id"' in odd.text.split("\n")[1]


async def test_the_page_calls_agencies_by_their_names() -> None:
    """What the register tells is shown; of whom it says nothing yet, the code."""
    async with client((await _busy()).door()) as http:
        page = (await http.get("/")).text
    assert "Dinas PUPR" in page
    assert "Dinas kesehatan" in page


def _read(message: bytes) -> tuple[str, dict[str, Any]]:
    name, line = message.decode().strip().split("\n")
    return name.removeprefix("event: "), orjson.loads(line.removeprefix("data: "))
