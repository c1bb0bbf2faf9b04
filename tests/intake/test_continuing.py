"""A report that goes on from an earlier one names its number, at every door."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from services.intake.handlers import Pins
from services.intake.wording.problems import WORDINGS
from shared.contracts.fact import BLANKED
from shared.contracts.intake import ReporterErased
from shared.contracts.tracking import TrackingNumber
from shared.runtime.document import Cause
from tests.desk import client, headers
from tests.intake.doubles import SECRET, a_record, a_submission, an_intake, taken
from tests.intake.folders import Folder, erasing_of, office
from tests.intake.reports import a_body

EARLIER = str(TrackingNumber("8171", "4F8C0ZWB"))
COMPLAINTS, COUNTER = "/api/v1/complaints", "/api/v1/counter/complaints"
AT_THE_DOORS = pytest.mark.parametrize("path", [COMPLAINTS, COUNTER])


class Room:
    """Intake's doors, over a store in memory in which there is one report."""

    def __init__(self) -> None:
        self.folder = Folder()
        intake = an_intake(self.folder.kept)
        self.erasing = erasing_of(self.folder, intake)
        self.app = office(self.folder, intake, self.erasing)

    async def file(
        self, path: str, key: str = "key-0123456789abcdef", **said: Any
    ) -> httpx.Response:
        """Hand in a report."""
        body = a_body(**said, **({"channel": "walk_in"} if path == COUNTER else {}))
        async with client(self.app) as http:
            return await http.post(path, json=body, headers=headers("clerk", key=key))

    def told(self, complaint: str) -> dict[str, Any]:
        """Give what is told of a report as it was received."""
        told: dict[str, Any] = self.folder.kept.documents[complaint].facts[0]["data"]
        return told


@AT_THE_DOORS
@pytest.mark.parametrize("typed", [EARLIER, EARLIER.lower(), f" {EARLIER.replace('-', ' ')} "])
async def test_a_number_is_taken_as_people_type_it(path: str, typed: str) -> None:
    """In any case, with or without dashes; told and shown it is as it was given."""
    room = Room()
    said = (await room.file(path, continues=typed)).json()
    assert room.told(said["complaint"])["continues"] == EARLIER
    async with client(room.app) as http:
        pin = {"kentongan-pin": said["pin"]}
        shown = await http.get(f"{COMPLAINTS}/{said['tracking_number']}", headers=pin)
    assert shown.json()["continues"] == EARLIER


@AT_THE_DOORS
@pytest.mark.parametrize("typed", ["", "laporan lama", f"{EARLIER[:-1]}#", EARLIER[:-1] + "0"])
async def test_what_is_no_number_is_refused(path: str, typed: str) -> None:
    """With the field and what is wrong with it; one that is mistyped, too."""
    answer = await Room().file(path, continues=typed)
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["field"] == "continues"
    assert "tracking number" in error["detail"]
    assert "nomor laporan" in str(WORDINGS.field(error["detail"]))


@AT_THE_DOORS
async def test_nobody_learns_whether_there_is_such_a_report(path: str) -> None:
    """A number that is there and one that is not are answered alike, and open nothing."""
    room = Room()
    there = str(room.folder.document.state.tracking_number)
    before = room.folder.document
    answers = [
        await room.file(path, key=f"key-0123456789abcd{nth}", continues=number)
        for nth, number in enumerate((there, EARLIER))
    ]
    assert [each.status_code for each in answers] == [201, 201]
    own = {"complaint", "tracking_number", "pin", "long_pin", "slip", "received_at"}
    first, second = ({k: v for k, v in each.json().items() if k not in own} for each in answers)
    assert first == second
    assert Pins(SECRET).of(room.folder.id) not in {each.json()["pin"] for each in answers}
    assert room.folder.document is before


async def test_a_publisher_names_it_too() -> None:
    """As it stands on its receipt; written in any other way the record is turned away in words."""
    document = taken(a_record(a_submission(continues=EARLIER)))
    assert document.facts[0]["data"]["continues"] == EARLIER
    (error,) = taken(a_record(a_submission(continues=EARLIER.lower()))).state.refusal
    assert error.startswith("continues: ")


async def test_a_report_that_names_none_is_as_it_was() -> None:
    """The field is left out, and the same request is still the same."""
    room = Room()
    first, again = [await room.file(COMPLAINTS) for _ in range(2)]
    assert first.json() == again.json()
    assert "continues" not in room.told(first.json()["complaint"])
    other = await room.file(COMPLAINTS, continues=EARLIER)
    assert (other.status_code, other.json()["code"]) == (422, "key_used")


async def test_53_the_number_goes_with_the_words_of_who_is_erased() -> None:
    """Statement 53: it joins two reports of one person."""
    room = Room()
    said = (await room.file(COMPLAINTS, continues=EARLIER)).json()
    named = ReporterErased(redactions=())
    await room.erasing.erase(said["tracking_number"], named, Cause("e", request="e"))
    told = room.told(said["complaint"])
    assert ("continues" in told, told["text"]) == (False, BLANKED)
