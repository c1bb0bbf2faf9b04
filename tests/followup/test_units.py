"""Units of an agency hand a case on to each other, with the agency's clock running on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.followup.domain.policy import Term
from shared.contracts import intake
from shared.contracts.fact import Pair, Redaction
from tests.desk import KEY
from tests.followup.doubles import APPROVED, CASE, CASES, COMPLAINT, Room, get, post

ASSIGNED = "case.assigned.v1"


async def give(room: Room, unit: str | None, key: str, **other: Any) -> httpx.Response:
    """Give the case to a unit."""
    said = {"unit": unit, **other}
    return await post(room, "assignment", said, key=f"{KEY}-{key}")


async def listed(room: Room, unit: str, stage: str = "open") -> list[str]:
    """List what lies with a unit."""
    found = await get(room, CASES, unit=unit, stage=stage)
    return [each["complaint"] for each in found.json()["items"]]


async def test_a_case_goes_from_unit_to_unit_with_a_note() -> None:
    """It lies on the desk of the unit that has it, and no more on that of the one before."""
    room = Room()
    room.open()
    assert (await give(room, "jalan", "1", note="Tolong cek lubangnya.")).status_code == 200
    assert (await listed(room, "jalan"), await listed(room, "air")) == ([COMPLAINT], [])
    answer = (await give(room, "air", "2", note="Itu pipa bocor.")).json()
    assert (answer["unit"], answer["asked_of_unit"]) == ("air", "Itu pipa bocor.")
    assert (await listed(room, "jalan"), await listed(room, "air")) == ([], [COMPLAINT])
    trail = [each for each in answer["history"] if each["type"] == ASSIGNED]
    assert [each["details"]["unit"] for each in trail] == ["jalan", "air"]
    assert {each["by"] for each in trail} == {"liaison-1"}


async def test_the_agencys_clock_does_not_stop_in_a_unit() -> None:
    """What lies with a unit is due when it was, and is missed like any other."""
    room = Room()
    room.open()
    due = room.due(Term.RESPOND)
    await give(room, "jalan", "1")
    assert (room.due(Term.RESPOND), Term.RESPOND in dict(room.case.running())) == (due, True)
    room.clock.now = room.cases.calendar.end_of(dict(room.case.running())[Term.RESPOND])
    room.tick()
    assert room.types(COMPLAINT)[-1] == "deadline.missed.v1"
    assert await listed(room, "jalan") == [COMPLAINT]


async def test_a_case_is_taken_back_from_its_unit() -> None:
    """Given to no unit it lies with the agency itself again; that once more changes nothing."""
    room = Room()
    room.open()
    await give(room, "jalan", "1", note="Cek.")
    answer = (await give(room, None, "2")).json()
    assert (answer["unit"], answer["asked_of_unit"]) == (None, None)
    assert await listed(room, "jalan") == []
    again = await give(room, None, "3")
    assert (again.status_code, again.json()["code"]) == (409, "already_there")


async def test_told_twice_it_is_given_once() -> None:
    """The same request again gets the same answer and leaves one fact."""
    room = Room()
    room.open()
    seen = room.documents.kept[COMPLAINT].revision
    for _ in range(2):
        answer = await post(room, "assignment", {"unit": "jalan"}, seen=seen)
        assert answer.status_code == 200
    assert room.types(COMPLAINT).count(ASSIGNED) == 1


@pytest.mark.parametrize("unit", ["dinsos", "taman"])
async def test_only_units_of_the_own_register_are_given_anything(unit: str) -> None:
    """Whoever names another is told which field is wrong, and which units there are."""
    room = Room()
    room.open()
    refused = await give(room, unit, "1")
    assert (refused.status_code, refused.json()["code"]) == (422, "no_such_unit")
    assert refused.json()["errors"][0]["field"] == "unit"
    assert "air, jalan" in refused.json()["detail"]


async def test_the_units_are_those_of_the_register() -> None:
    """An agency finds its own units; while the register tells nothing of it, that is said."""
    room = Room()
    found = (await get(room, "/api/v1/units")).json()["items"]
    assert [each["code"] for each in found] == ["jalan", "air"]
    waits = await get(room, "/api/v1/units", token="liaison:disdukcapil")
    assert (waits.status_code, waits.json()["code"]) == (503, "register_away")


async def test_a_unit_keeps_a_case_that_is_taken_up_again() -> None:
    """The reporter's reply brings it back to the desk of the unit that answered."""
    room = Room()
    room.open()
    await give(room, "jalan", "1")
    room.respond()
    assert await listed(room, "jalan", "answered") == [COMPLAINT]
    room.clock.pass_by(timedelta(hours=1))
    room.reply()
    assert await listed(room, "jalan") == [COMPLAINT]


async def test_how_an_agency_shared_out_its_work_is_not_shown_to_the_next() -> None:
    """Sent back and routed anew, it lies with no unit, and the notes stay where they were said."""
    room = Room()
    room.open()
    await give(room, "jalan", "1", note="Bukan urusan kita.")
    room.decline()
    room.route(agency="dinsos", turn=2)
    shown = (await get(room, CASE, token="liaison:dinsos")).json()
    assert (shown["unit"], shown["asked_of_unit"]) == (None, None)
    assert ASSIGNED not in {each["type"] for each in shown["history"]}


async def test_what_a_unit_was_asked_goes_with_the_reporter() -> None:
    """A note may name the person: after an erasure it is shown no more, nor is it kept."""
    room = Room()
    room.open()
    await give(room, "jalan", "1", note="Hubungi Pak Budi.")
    room.hear(COMPLAINT, "complaints", intake.ReporterErased(redactions=()))
    assert (room.case.unit, room.case.asked_of_unit) == ("jalan", None)
    assert "Budi" not in (await get(room, CASE)).text
    assert "Budi" not in str(room.documents.kept[COMPLAINT])


async def test_what_an_agency_wrote_for_itself_goes_with_the_reporter() -> None:
    """Drafts and why they came back are read by nobody once the case has left the agency."""
    room = Room(policies=APPROVED)
    room.open()
    room.respond("Yth. Pak Budi, segera.")
    room.send_back("Jangan sebut Pak Budi.")
    room.decline()
    room.route(agency="dinsos", turn=2)
    room.hear(COMPLAINT, "complaints", intake.ReporterErased(redactions=()))
    assert "Budi" not in str(room.documents.kept[COMPLAINT])


async def test_the_history_says_by_which_pair_an_erasure_names_its_words() -> None:
    """The agency's officer reads it there; named, those words are gone and others stay."""
    room = Room()
    room.open()
    room.respond("Yth. Pak Budi, segera.", interim=True)
    room.respond("Sudah.")
    row = next(
        each for each in (await get(room, CASE)).json()["history"] if "Budi" in str(each["details"])
    )
    named = Redaction(stream="cases", pair=Pair(*row["pair"]), field="text")
    room.hear(COMPLAINT, "complaints", intake.ReporterErased(redactions=(named,)))
    shown = (await get(room, CASE)).text
    assert ("Budi" in shown, "Sudah." in shown) == (False, True)


async def test_a_closed_case_is_given_to_nobody() -> None:
    """What is done, or was taken back by its reporter, is handed on to no unit."""
    room = Room()
    room.open()
    room.hear(COMPLAINT, "complaints", intake.ComplaintWithdrawn())
    refused = await give(room, "jalan", "1")
    assert (refused.status_code, refused.json()["code"]) == (409, "withdrawn")
