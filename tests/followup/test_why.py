"""Why something is due when it is, in sentences that an officer can read to a reporter."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from shared.contracts import routing
from shared.contracts.calendar import Calendar
from tests.desk import client, headers
from tests.followup.doubles import AMBON, CASE, COMPLAINT, LIAISON, Room

DAY = timedelta(days=1)


async def ask(room: Room, language: str = "id", token: str = LIAISON) -> httpx.Response:
    """Ask why, in a language."""
    given = headers(token) | {"accept-language": language}
    async with client(room.app) as http:
        return await http.get(f"{CASE}/why", headers=given)


async def clocks(room: Room, language: str = "id") -> dict[str, Any]:
    """Give each explained clock by its name."""
    answer = await ask(room, language)
    assert answer.status_code == 200, answer.text
    return {each["clock"]: each for each in answer.json()["clocks"]}


async def test_a_due_date_is_explained_in_indonesian() -> None:
    """It says when the count began and why, which days were left out and why, which policy."""
    room = Room()
    room.open()
    found = (await clocks(room))["respond"]
    assert (found["due_on"], found["started_on"], found["days"]) == ("2026-03-31", "2026-03-17", 5)
    assert found["sentences"] == [
        "Tanggapan pertama: paling lambat Selasa, 31 Maret 2026, sampai hari itu berakhir.",
        (
            "Hitungan dimulai sesudah Selasa, 17 Maret 2026, hari ketika laporan pertama kali "
            "diteruskan kepada instansi; batasnya 5 hari kerja."
        ),
        (
            "Tidak dihitung: Sabtu dan Minggu (4 hari); "
            "Rabu, 18 Maret 2026 (Cuti Bersama Hari Suci Nyepi); "
            "Kamis, 19 Maret 2026 (Hari Suci Nyepi); "
            "Jumat, 20 Maret 2026 (Cuti Bersama Hari Raya Idul Fitri); "
            "Senin, 23 Maret 2026 (Cuti Bersama Hari Raya Idul Fitri); "
            "Selasa, 24 Maret 2026 (Cuti Bersama Hari Raya Idul Fitri)."
        ),
        "Tenggat ini masih berjalan.",
        (
            "Dihitung menurut kebijakan tenggat versi sp4n-1, yang berlaku sejak Senin, "
            "1 Januari 2018."
        ),
    ]


async def test_a_due_date_is_explained_in_english() -> None:
    """The same in English for who asks for it; an unknown language gets Indonesian."""
    room = Room()
    room.open()
    said = (await clocks(room, "en-GB,en;q=0.9"))["complete"]["sentences"]
    assert said[0] == "Completion: by Tuesday 14 April 2026, until that day is over."
    assert "Friday 3 April 2026 (Good Friday)" in said[2]
    assert (await clocks(room, "xx"))["complete"]["name"] == "Penyelesaian"


async def test_every_day_between_is_counted_or_named() -> None:
    """What is counted and what is named as not counted are together all days in between."""
    room = Room(calendar=Calendar(AMBON.zone, closed=frozenset({date(2026, 4, 8)})))
    room.open()
    explained = await clocks(room)
    assert explained.keys() == {"verify", "respond", "complete", "superior", "oversight"}
    for clock, found in explained.items():
        start, due = date.fromisoformat(found["started_on"]), date.fromisoformat(found["due_on"])
        assert (due - start).days == found["days"] + len(found["not_counted"]), clock
        assert {"day": "2026-04-08", "reason": "libur setempat"} in found["not_counted"] or (
            due < date(2026, 4, 8)
        )


async def test_a_missed_a_stopped_and_a_waiting_clock_say_so() -> None:
    """Each clock says whether it runs, stopped and by what, waits, or was missed."""
    room = Room()
    room.open()
    assert (await clocks(room))["verify"]["sentences"][-2].startswith("Tenggat ini sudah berhenti")
    room.clock.pass_by(15 * DAY)
    room.tick()
    found = await clocks(room)
    assert (found["respond"]["missed"], found["respond"]["runs"]) == (True, False)
    assert found["respond"]["sentences"][-2] == "Tenggat ini terlewati."


async def test_a_silent_reporters_dates_are_explained_while_the_agency_waits() -> None:
    """Once answered, the notice and the closing are explained too; after the end, reopening."""
    room = Room()
    room.open()
    room.respond()
    assert {"notice", "reply"} <= (await clocks(room)).keys()
    room.resolve()
    found = await clocks(room)
    assert found.keys() >= {"reopen"}
    assert "notice" not in found


async def test_a_case_that_waits_for_routing_says_that_its_clock_waits() -> None:
    """Between two agencies the first response is nobody's; the count is kept."""
    room = Room()
    room.open()
    room.decline()
    assert (await clocks(room))["respond"]["sentences"][-2].startswith("Tenggat ini menunggu")


@pytest.mark.parametrize("token", ["liaison:dinsos", "liaison:dinas"])
async def test_another_agency_is_not_told_why(token: str) -> None:
    """Who does not have the case does not learn that there is one."""
    room = Room()
    room.open()
    assert (await ask(room, token=token)).status_code == 404


async def test_the_policy_is_named() -> None:
    """The answer names the version under which the complaint was born."""
    room = Room()
    room.open()
    assert (await ask(room)).json()["policy"] == "sp4n-1"
    room.hear(COMPLAINT, "dispositions", routing.ComplaintVerified(inspection=True))
    assert (await clocks(room))["complete"]["days"] == 60
