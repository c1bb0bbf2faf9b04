"""Tables of performance over HTTP, for everybody and for officers, as JSON and as CSV."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from services.metrics.api.messages import COLUMNS
from services.metrics.api.sheet import sheet
from services.metrics.domain.performance import Performance
from services.metrics.handlers import tables
from shared.runtime.document import Document
from tests.desk import client, headers
from tests.metrics.doubles import Room

SPAN = {"since": "2026-03-01", "until": "2026-03-31"}
OFFICERS = "/api/v1/officers/performance"


async def _busy() -> Room:
    """Give a month: 20 roads, 9 of rubbish, 2 of one category; 24 are answered."""
    room = Room()
    for number in range(31):
        complaint = f"c{number}"
        category = "jalan" if number < 20 else "sampah" if number < 29 else "pungli"
        room.receive(complaint, category=category)
        room.route(complaint, "dinas-pu" if number < 25 else "inspektorat")
        if number < 24:
            room.clock.pass_by(timedelta(minutes=10))
            room.answer(complaint, "dinas-pu")
    room.seen = dict.fromkeys(("complaints", "cases"), room.clock.now)
    await room.count()
    return room


async def _get(room: Room, path: str, token: str = "", **asked: str) -> Any:
    given = headers(token, key=None) if token else {}
    async with client(room.door()) as http:
        return await http.get(path, params=asked, headers=given)


async def test_a_month_by_agency() -> None:
    """Statements 40 and 45: rates have both counts beside them, and lengths say of how many."""
    room = await _busy()
    said = (await _get(room, "/api/v1/performance/agency", month="2026-03")).json()
    assert (said["since"], said["until"]) == ("2026-03-01", "2026-03-31")
    assert [row["value"] for row in said["rows"]] == ["dinas-pu", "inspektorat"]
    row = said["rows"][0]
    assert row["followed_up"] == {
        "numerator": 24,
        "denominator": 25,
        "percent": 96.0,
        "band": "above_90",
        "text": "96,0 % (24/25)",
    }
    assert row["response"]["count"] == 24
    assert row["response"]["median_minutes"] == pytest.approx(10, rel=0.05)
    assert said["total"]["received"] == 31
    assert said["total"]["followed_up"]["percent"] == 77.4
    assert said["rest"] is None


async def test_49_small_rows_are_put_together_for_everybody() -> None:
    """Statement 49: two of one category are not shown, nor computed from the total."""
    room = await _busy()
    said = (await _get(room, "/api/v1/performance/category")).json()
    assert [row["value"] for row in said["rows"]] == ["jalan"]
    assert said["rest"]["received"] == 11
    assert said["total"]["received"] == 31
    assert "pungli" not in str(said)
    text = (await _get(room, "/api/v1/performance/category.csv")).text
    assert "pungli" not in text


async def test_a_strangers_word_stands_in_no_public_table() -> None:
    """Categories that the register does not name are put together with what is left, unnamed."""
    room = await _busy()
    for number in range(9):
        room.receive(f"x{number}", category="kantor-palsu" if number < 7 else "hoaks")
    await room.count()
    for path in ("/api/v1/performance/category", "/api/v1/performance/category.csv"):
        said = (await _get(room, path)).text
        assert "palsu" not in said
        assert "hoaks" not in said
    said = (await _get(room, "/api/v1/performance/category")).json()
    assert [row["value"] for row in said["rows"]] == ["jalan"]
    assert said["rest"]["received"] == 20
    assert said["total"]["received"] == 40
    officers = (await _get(room, f"{OFFICERS}/category", "overseer", **SPAN)).json()
    assert "kantor-palsu" in [row["value"] for row in officers["rows"]]


async def test_49_few_of_strange_categories_have_company() -> None:
    """Statement 49: two that nobody may read are not computed from the total either."""
    room = Room()
    for number in range(32):
        category = "jalan" if number < 20 else "sampah" if number < 30 else "kantor-palsu"
        room.receive(f"c{number}", category=category)
    await room.count()
    said = (await _get(room, "/api/v1/performance/category")).json()
    assert [(row["value"], row["received"]) for row in said["rows"]] == [("jalan", 20)]
    assert said["rest"]["received"] == 12


async def test_49_lengths_of_few_are_for_officers() -> None:
    """Statement 49: the median of four answers would be one of them."""
    room = Room()
    for number in range(6):
        room.receive(f"c{number}")
        room.route(f"c{number}", "dinas-pu")
    for number in range(4):
        room.answer(f"c{number}", "dinas-pu")
    await room.count()
    everybody = (await _get(room, "/api/v1/performance/agency")).json()["rows"][0]
    officer = (await _get(room, f"{OFFICERS}/agency", "overseer", **SPAN)).json()["rows"][0]
    assert set(everybody["response"].values()) == {None}
    assert officer["response"]["count"] == 4


async def test_49_officers_see_small_rows_within_their_scope() -> None:
    """Statement 49: those who watch over all see all; a liaison officer the own agency."""
    room = await _busy()
    for role in ("coordinator", "overseer", "operator", "leader"):
        said = (await _get(room, f"{OFFICERS}/category", role, **SPAN)).json()
        assert {row["value"]: row["received"] for row in said["rows"]}["pungli"] == 2
    own = (await _get(room, f"{OFFICERS}/agency", "liaison:inspektorat", **SPAN)).json()
    assert [row["value"] for row in own["rows"]] == ["inspektorat"]
    assert own["total"]["received"] == 6
    for token, path in (("liaison:inspektorat", "category"), ("overseer::81.71.02", "agency")):
        refused = await _get(room, f"{OFFICERS}/{path}", token, **SPAN)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_yours")


async def test_45_an_agency_without_complaints_has_no_percentage() -> None:
    """Statement 45: none received is shown as that, not as 0 % or 100 %."""
    room = await _busy()
    said = (await _get(room, f"{OFFICERS}/agency", "liaison:dinas-x", **SPAN)).json()
    (row,) = said["rows"]
    assert row["received"] == 0
    assert row["followed_up"]["percent"] is None
    assert row["followed_up"]["text"] == "tidak ada laporan"


async def test_a_sheet_says_what_the_table_says() -> None:
    """Columns stay; every row of the table stands under them, then what is left, then the total."""
    room = await _busy()
    answer = await _get(room, "/api/v1/performance/category.csv", month="2026-03")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "8171-category-2026-03-01-2026-03-31.csv" in answer.headers["content-disposition"]
    assert answer.text.count("\r\n") == len(answer.text.splitlines())
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert [(row["row"], row["value"], row["received"]) for row in rows] == [
        ("value", "jalan", "20"),
        ("rest", "", "11"),
        ("total", "", "31"),
    ]
    assert [row["followed_up_percent"] for row in rows] == ["", "", "77.4"]  # 4 of the rest
    assert rows[0]["complete"] == "false"


def test_a_sheet_never_begins_a_field_as_a_formula() -> None:
    """A spreadsheet that opens the file runs nothing; quotes and line ends stay within a field."""
    hostile = ["=1+1", "+1", "-1", "@x", "\tx", 'a"b,c\r\nd', None, -1]
    text = bytes(sheet("x", ["a"] * 8, [hostile]).body).decode()
    (_, read) = csv.reader(io.StringIO(text, newline=""))
    assert read == ["'=1+1", "'+1", "'-1", "'@x", "'\tx", 'a"b,c\r\nd', "", "-1"]


async def test_days_have_rows_of_their_own() -> None:
    """By day, everything that was received counts, whoever has it."""
    room = await _busy()
    said = (await _get(room, "/api/v1/performance/day")).json()
    assert [(row["value"], row["received"]) for row in said["rows"]] == [("2026-03-17", 31)]


async def test_49_days_with_few_are_put_together_for_everybody() -> None:
    """Statement 49: whoever knows on which day a neighbour complained reads nothing of it here."""
    room = await _busy()
    for number in range(2):
        room.clock.pass_by(timedelta(days=1))
        room.receive(f"late{number}")
    await room.count()
    said = (await _get(room, "/api/v1/performance/day")).json()
    assert (said["rows"], said["rest"]["received"]) == ([], 33)
    officers = (await _get(room, f"{OFFICERS}/day", "overseer", **SPAN)).json()["rows"]
    assert [row["received"] for row in officers] == [31, 1, 1]


@pytest.mark.parametrize(
    ("path", "asked", "field"),
    [
        ("/api/v1/performance/agency", {"month": "March"}, "month"),
        ("/api/v1/performance/agency", {"month": "2026-13"}, "month"),
        ("/api/v1/performance/agency", {"month": "2099-01"}, "month"),
        ("/api/v1/performance/mood", {}, "by"),
        (f"{OFFICERS}/agency", {"since": "2026-03-01", "until": "2026-02-01"}, "until"),
        (f"{OFFICERS}/agency", {"since": "2020-01-01", "until": "2026-03-01"}, "until"),
        (f"{OFFICERS}/agency", {"since": "x", "until": "2026-03-01"}, "since"),
    ],
)
async def test_a_wrong_question_is_told_its_field(
    path: str, asked: dict[str, str], field: str
) -> None:
    """What cannot be asked gets a problem that names the field."""
    answer = await _get(Room(), path, "overseer", **asked)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


async def test_a_window_is_complete_when_every_stream_was_heard_beyond_it() -> None:
    """The beats of all tellers must lie beyond the last local day; one that is silent is missed."""
    room = await _busy()
    room.clock.pass_by(timedelta(days=40))
    streams = ("complaints", "dispositions", "cases", "notices")
    room.seen = dict.fromkeys(streams, room.clock.now)
    asked = {"month": "2026-03"}
    assert (await _get(room, "/api/v1/performance/agency", **asked)).json()["complete"] is True
    room.seen = dict.fromkeys(streams[1:], room.clock.now)
    assert (await _get(room, "/api/v1/performance/agency", **asked)).json()["complete"] is False


async def test_49_small_numbers_of_large_rows_are_kept_back() -> None:
    """Statement 49: of 20 received 2 were answered; that is null, and so is what would tell it."""
    room = Room()
    for number, agency in enumerate(["dinas-pu"] * 20 + ["dinsos"] * 12 + ["dinas-lh"] * 12):
        room.receive(f"c{number}")
        room.route(f"c{number}", agency)
        if number < 2 or number >= 20:
            room.clock.pass_by(timedelta(minutes=10))
            room.answer(f"c{number}", agency)
    await room.count()
    said = (await _get(room, "/api/v1/performance/agency")).json()
    shown = {row["value"]: row for row in said["rows"]}
    assert {name: row["received"] for name, row in shown.items()} == {
        "dinas-pu": 20,
        "dinsos": 12,
        "dinas-lh": 12,
    }
    answered = {name: row["followed_up"]["numerator"] for name, row in shown.items()}
    assert answered == {"dinas-pu": None, "dinsos": 12, "dinas-lh": None}
    assert {name: row["response"]["count"] for name, row in shown.items()} == answered
    assert shown["dinas-pu"]["followed_up"]["percent"] is None
    assert shown["dinas-pu"]["followed_up"]["text"] == "tidak ditampilkan"
    assert shown["dinas-pu"]["overdue"]["numerator"] == 0
    assert said["total"]["followed_up"]["numerator"] == 26
    text = (await _get(room, "/api/v1/performance/agency.csv")).text
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["followed_up"] for row in rows] == ["", "", "12", "26"]
    officer = (await _get(room, f"{OFFICERS}/agency", "overseer", **SPAN)).json()["rows"]
    assert [row["followed_up"]["numerator"] for row in officer] == [2, 12, 12]


@pytest.mark.parametrize("by", ["agency", "category", "area", "day"])
async def test_49_a_total_tells_nothing_of_a_single_reporter(by: str) -> None:
    """Statement 49: less the rows that are shown, which are none, it is that one complaint."""
    room = Room()
    room.receive("only")
    room.route("only", "dinas-pu")
    room.miss("only", "dinas-pu")
    await room.count()
    said = (await _get(room, f"/api/v1/performance/{by}")).json()
    assert (said["rows"], said["total"]["received"]) == ([], 1)
    for row in (said["total"], said["rest"]):
        for share in ("followed_up", "resolved", "overdue"):
            assert row[share]["numerator"] is None, share
            assert row[share]["text"] == "tidak ditampilkan"
        assert set(row["handling"].values()) == {None}
    text = (await _get(room, f"/api/v1/performance/{by}.csv")).text
    for line in csv.DictReader(io.StringIO(text, newline="")):
        assert {line[column] for column in COLUMNS[8:]} == {""}
    shown = (await _get(room, "/api/v1/indicators")).json()
    assert (shown["received"], shown["resolved"]["numerator"]) == (1, None)
    officer = (await _get(room, f"{OFFICERS}/{by}", "overseer", **SPAN)).json()
    assert officer["total"]["overdue"]["numerator"] == 1


async def test_49_a_total_tells_no_number_that_its_only_row_keeps_back() -> None:
    """Statement 49: nor does the table by another dimension, whose total is the same."""
    room = Room()
    for number in range(20):
        room.receive(f"c{number}", category="jalan" if number < 10 else "sampah")
        room.route(f"c{number}", "dinas-pu")
        if number < 2:
            room.answer(f"c{number}", "dinas-pu")
    await room.count()
    for by in ("agency", "category"):
        said = (await _get(room, f"/api/v1/performance/{by}")).json()
        assert [row["followed_up"]["numerator"] for row in said["rows"]] == [None] * len(
            said["rows"]
        )
        assert said["total"]["followed_up"]["numerator"] is None
        assert said["total"]["received"] == 20
        assert said["total"]["resolved"]["numerator"] == 0
    text = (await _get(room, "/api/v1/performance/agency.csv")).text
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [(row["row"], row["followed_up"]) for row in rows] == [("value", ""), ("total", "")]


def _fill(room: Room, agencies: int, days: int, dimension: str = "agency") -> None:
    """Put rows on the shelf as they are counted: six complaints of each agency on each day."""
    for day in (date(2026, 3, 1) + timedelta(days=n) for n in range(days)):
        for number in range(agencies):
            state = Performance(dimension, f"a{number:05}", f"{day}", {"07": {"received": 6}})
            key = f"{dimension}|{state.value}|{day}"
            room.rows.kept[key] = Document(id=key, state=state, version=1)


@pytest.mark.parametrize("by", ["agency", "day"])
async def test_a_month_of_many_agencies_is_added_up(by: str) -> None:
    """However many a register can have: whoever asks by month cannot ask for fewer days."""
    room = Room()
    _fill(room, 700, 31)
    said = await _get(room, f"/api/v1/performance/{by}", month="2026-03")
    assert said.status_code == 200, said.text
    assert said.json()["total"]["received"] == 6 * 700 * 31
    assert len(said.json()["rows"]) == (700 if by == "agency" else 31)


async def test_a_day_with_more_rows_than_there_can_be_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A sum with some left out would be wrong without a word."""
    monkeypatch.setattr(tables, "LONGEST_TABLE", 10)
    room = Room()
    _fill(room, 11, 1)
    for asked in ({"month": "2026-03"}, {}):
        said = await _get(room, "/api/v1/performance/agency", **asked)
        assert (said.status_code, said.json()["code"]) == (503, "too_many_rows")


async def test_a_span_is_bounded_by_what_it_adds_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A month always fits; officers, who name the days, are told to ask for fewer."""
    monkeypatch.setattr(tables, "MOST_ADDED", 62)
    room = Room()
    _fill(room, 2, 31)
    room.clock.pass_by(timedelta(days=20))
    assert (await _get(room, f"{OFFICERS}/agency", "overseer", **SPAN)).status_code == 200
    _fill(room, 2, 32)
    longer = {**SPAN, "until": "2026-04-01"}
    said = await _get(room, f"{OFFICERS}/agency", "overseer", **longer)
    assert (said.status_code, said.json()["errors"][0]["field"]) == (422, "until")


@pytest.mark.parametrize("month", ["2019-12", "2026-04"])
async def test_a_month_without_a_table_is_told_by_its_field(month: str) -> None:
    """It is the month that was asked for, not a day."""
    said = await _get(Room(), "/api/v1/performance/agency", month=month)
    assert (said.status_code, said.json()["code"]) == (422, "no_such_month")
    assert said.json()["errors"][0]["field"] == "month"
    assert "from 2020-01 to 2026-03" in said.text


async def test_rows_are_complete_up_to_what_was_heard_before_they_were_read() -> None:
    """What is heard while they are read is not in them, so they do not say that it is."""
    room = await _busy()
    before, read = room.seen["complaints"], room.rows.matching

    async def slowly(*asked: Any) -> Any:
        found = await read(*asked)
        room.seen = {"complaints": before + timedelta(minutes=1)}
        return found

    room.rows.matching = slowly  # type: ignore[assignment, method-assign]
    said = (await _get(room, "/api/v1/performance/agency", month="2026-03")).json()
    assert datetime.fromisoformat(said["as_of"]["complaints"]) == before
