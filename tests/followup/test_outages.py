"""What falls due while a link is down is missed, excused, and shown as both."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import ValidationError

from services.followup.domain.policy import DEFAULT, Outage, Policies, Term
from shared.contracts.lateness import DeadlineExcused
from tests.followup.doubles import AMBON, CASE, COMPLAINT, Room, get
from tests.followup.test_amendments import settled
from tests.followup.test_why import clocks

EXCUSED = DeadlineExcused.type
MISSED, COMPLETION = "deadline.missed.v1", "completion.missed.v1"
DUE = AMBON.end_of(date(2026, 3, 31))
"""When the first response to a report of 17 March is late."""
CUT = Outage(
    link="jaringan kantor",
    since=DUE - timedelta(hours=5),
    until=DUE + timedelta(hours=3),
    because="Kabel putus.",
)


def known(*outages: Outage) -> Policies:
    """Give the usual policy and some outages."""
    return DEFAULT.model_copy(update={"outages": outages})


async def test_what_fell_due_during_an_outage_is_missed_and_excused() -> None:
    """The date stands and was missed; beside it stands what was down, from when to when."""
    room = Room(policies=known(CUT))
    room.open()
    room.clock.now = DUE
    room.tick()
    assert room.types(COMPLAINT)[-2:] == [MISSED, EXCUSED]
    assert room.documents.kept[COMPLAINT].facts[-1]["data"] == {
        "clock": "respond",
        "due_on": "2026-03-31",
        "agency": "dinas-pu",
        "link": "jaringan kantor",
        "since": "2026-03-31T10:00:00Z",
        "until": "2026-03-31T18:00:00Z",
        "because": "Kabel putus.",
    }
    room.tick()
    assert room.types(COMPLAINT).count(EXCUSED) == 1
    shown = (await get(room, CASE)).json()
    assert (shown["overdue"], shown["excused"]) == (True, ["respond"])
    said = (await clocks(room))["respond"]
    assert (said["missed"], said["excused"]) == (True, True)
    assert said["sentences"][-1] == (
        "Keterlambatan ini dimaklumi: jaringan kantor terganggu dari Selasa, 31 Maret 2026, 19:00 "
        "sampai Rabu, 1 April 2026, 03:00. Kabel putus."
    )


@pytest.mark.parametrize(
    "outage",
    [
        CUT.model_copy(update={"since": DUE - timedelta(days=3), "until": DUE - timedelta(1)}),
        CUT.model_copy(update={"since": DUE + timedelta(seconds=1)}),
        CUT.model_copy(update={"agencies": ("dinsos",)}),
    ],
)
def test_another_time_or_agency_excuses_nothing(outage: Outage) -> None:
    """An outage that was over, had not begun, or cut off others is no excuse."""
    room = Room(policies=known(outage))
    room.open()
    room.clock.now = DUE
    room.tick()
    assert room.types(COMPLAINT)[-1] == MISSED


async def test_what_is_declared_later_excuses_what_was_missed() -> None:
    """An outage is known after it happened: cases that were missed meanwhile are gone over."""
    bureau = await settled()
    bureau.room.clock.now = DUE
    bureau.room.tick()
    before = bureau.room
    bureau.room = Room(before.clock, policies=known(CUT))
    bureau.room.documents.kept, bureau.room.told = before.documents.kept, before.told
    assert await bureau.look() == 1
    assert bureau.room.types(COMPLAINT)[-2:] == [MISSED, EXCUSED]
    bureau.notes.kept.clear()  # as if another process began from the beginning
    assert await bureau.look() == 0


def test_an_answer_after_the_outage_is_no_less_excused() -> None:
    """What was missed is recorded when somebody acts, and excused in the same breath."""
    room = Room(policies=known(CUT))
    room.open()
    room.clock.now = DUE + timedelta(hours=12)
    room.respond()
    assert room.types(COMPLAINT)[-3:] == [MISSED, EXCUSED, "response.given.v1"]


def test_what_routing_did_too_late_is_excused_as_well() -> None:
    """The verification that was overdue when it came is missed and excused by what was heard."""
    late = AMBON.end_of(date(2026, 3, 27))
    cut = CUT.model_copy(update={"since": late - timedelta(hours=1), "until": late})
    room = Room(policies=known(cut))
    room.receive()
    room.clock.now = late + timedelta(hours=1)
    room.route()
    assert room.types(COMPLAINT)[:2] == [MISSED, EXCUSED]
    assert set(room.case.excuses) == {Term.VERIFY}


def test_an_excuse_is_for_one_date() -> None:
    """The completion that is missed weeks later has no excuse by it."""
    room = Room(policies=known(CUT))
    room.open()
    for term in (Term.RESPOND, Term.COMPLETE):
        room.clock.now = AMBON.end_of(dict(room.case.running())[term])
        room.tick()
    told = [each for each in room.types(COMPLAINT) if each in (MISSED, EXCUSED, COMPLETION)]
    assert told == [MISSED, EXCUSED, COMPLETION]


@pytest.mark.parametrize(
    "said",
    [
        {"until": datetime(2026, 3, 31, 9, tzinfo=UTC)},
        {"since": "2026-03-31T10:00:00"},
        {"link": ""},
        {"agencies": ["Dinas PU"]},
    ],
)
def test_a_wrong_outage_is_refused(said: dict[str, object]) -> None:
    """An end before the begin, a time without a zone, no name, or no code of an agency."""
    with pytest.raises(ValidationError):
        Outage.model_validate({**CUT.model_dump(), **said})
