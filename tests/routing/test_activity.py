"""Which agencies are active: a day in the register, noted once a day, and told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.routing.domain.entry import Entry
from services.routing.registry import voice_of
from shared.contracts import followup
from shared.contracts.contribution import ContributionGiven
from shared.contracts.fact import Payload
from shared.contracts.register import AgencyRegistered
from shared.runtime.document import Document
from tests.routing.doubles import COMPLAINT, Room, get
from tests.routing.test_register import AGENCIES, PU, change, open_beside, open_room

TODAY = date(2026, 3, 17)
CALL = "liaison:dinas-pu"
ANSWER = followup.ResponseGiven(agency="dinas-pu", text="Kami periksa.")


def noted(room: Room, code: str = "dinas-pu") -> date | None:
    """Give the day that the register has."""
    return room.agencies.kept[code].state.active_on


def told(room: Room, code: str = "dinas-pu") -> AgencyRegistered:
    """Give what the register tells of an agency."""
    (said,) = voice_of("8171", room.book).utterances(room.agencies.kept[code])
    return AgencyRegistered.model_validate_json(said.body() or b"")


@pytest.mark.parametrize(
    ("fact", "by", "day"),
    [
        (ANSWER, "pupr", TODAY),
        (ContributionGiven(agency="dinas-pu", turn=1, text="Pipa sudah dipasang."), "pupr", TODAY),
        (followup.CaseResolved(agency="dinas-pu", how="lapsed"), "clock", None),
    ],
)
async def test_an_act_on_a_case_is_told_as_a_day(fact: Payload, by: str, day: date | None) -> None:
    """Who acts at follow-up is active here, too; what the clock does is no act."""
    room = await open_room()
    room.receive(category="jalan")
    room.hear(COMPLAINT, "cases", fact, by=by)
    await room.activity.look()
    assert (noted(room), told(room).active_on) == (day, day)
    assert noted(room, "dinsos") is None


@pytest.mark.parametrize(
    ("token", "day"),
    [
        (CALL, TODAY),
        ("leader:dinas-pu", TODAY),
        ("liaison:dinas-pu:81", None),
        ("coordinator", None),
    ],
)
async def test_who_signs_in_at_the_register_is_active(token: str, day: date | None) -> None:
    """An officer of the agency who only looks is; nobody from above, and nobody of none."""
    room = await open_room()
    assert (await get(room, PU, token)).status_code == 200
    await room.activity.look()
    assert noted(room) == day


async def test_a_day_is_written_once_however_much_is_done() -> None:
    """Of many acts and calls of one day one write is made, and the next day another."""
    room = await open_room()
    before = room.agencies.writes
    for _ in range(2):
        for number in range(20):
            room.receive(f"{COMPLAINT[:-2]}{number:02}", category="jalan")
            room.hear(f"{COMPLAINT[:-2]}{number:02}", "cases", ANSWER, by="pupr")
            await get(room, AGENCIES, CALL)
            await room.activity.look()
        room.clock.pass_by(timedelta(days=1))
    assert room.agencies.writes - before == 2
    assert noted(room) == TODAY + timedelta(days=1)
    assert len(room.agencies.kept["dinas-pu"].facts) == 1


async def test_who_changes_an_agency_is_not_overtaken_by_its_activity() -> None:
    """The revision that an officer saw stands, and a change keeps the day."""
    room = await open_room()
    seen = room.agencies.kept["dinas-pu"].revision
    await get(room, AGENCIES, CALL)
    await room.activity.look()
    assert (await change(room, {"name": "PUPR"}, seen=seen)).status_code == 200
    assert (told(room).on(TODAY).name, told(room).active_on) == ("PUPR", TODAY)
    assert (await get(room, PU)).json()["active_on"] == str(TODAY)
    lines = (await get(room, AGENCIES)).json()["items"]
    assert [each["active_on"] for each in lines] == [str(TODAY), None, None, None]


async def test_what_another_process_changed_is_read_before_the_day_is_noted() -> None:
    """A lost race costs nothing but a look: the call is remembered."""
    room = await open_room()
    other = await open_beside(room)
    await get(room, AGENCIES, CALL)
    await other.registry.note({"dinas-pu": TODAY - timedelta(days=1)})
    await room.activity.look()
    assert noted(room) == TODAY - timedelta(days=1)
    await room.activity.look()
    assert noted(room) == TODAY


async def test_a_day_is_marked_to_be_told_and_told_under_a_name_of_its_own() -> None:
    """It is no amendment, so its pair is that of the last one; its message is another."""
    room = await open_room()
    voice = voice_of("8171", room.book)
    (before,) = voice.utterances(room.agencies.kept["dinas-pu"])
    await room.registry.note({"dinas-pu": TODAY})
    after: Document[Entry] = room.agencies.kept["dinas-pu"]
    (said,) = voice.utterances(after)
    assert (said.pair, voice.word(said).headers != voice.word(before).headers) == (
        before.pair,
        True,
    )
    assert after.untold == after.changed_at


async def test_no_day_that_has_not_come_is_noted() -> None:
    """The clock of another service may be ahead; of who is in no register nothing is noted."""
    room = await open_room()
    await room.registry.note({"dinas-pu": TODAY + timedelta(days=3), "nobody": TODAY})
    assert noted(room) == TODAY
    assert "nobody" not in room.agencies.kept
