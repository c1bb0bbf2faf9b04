"""Statements 13 and 18: what was deferred waits for its reporter again once it is separated."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from services.routing.domain.aside import lapse
from shared.contracts import intake
from shared.contracts.attachment import AttachmentAdded
from tests.routing.doubles import COMPLAINT, Room, get, post

MAIN = "01a2b3c4-0000-7000-8000-000000000099"
INTO = {"main": MAIN}
APART = {"words": "Lubang di ruas lain."}
DEFERRAL = {"missing": [{"code": "where", "words": "Jalan apa?"}, {"code": "evidence"}]}
SHOWN = f"/api/v1/dispositions/{COMPLAINT}"


async def deferred_and_merged(after: timedelta = timedelta(days=1)) -> tuple[Room, date]:
    """Give a room in which a report was deferred, and merged later; and its first date."""
    room = Room()
    room.receive(MAIN)
    room.receive()
    await post(room, "deferral", DEFERRAL)
    by = (await get(room, SHOWN)).json()["deferral"]["complete_by"]
    room.clock.pass_by(after)
    assert (await post(room, "merger", INTO, key="m" * 16)).json()["stage"] == "merged"
    return room, date.fromisoformat(by)


async def separated(room: Room) -> Any:
    """Separate the report, and show it."""
    answer = await post(room, "separation", APART, key="s" * 16)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_18_a_deferred_report_that_is_separated_is_deferred_again() -> None:
    """It lacks what it lacked; its date is later by the working days for which it followed."""
    room, by = await deferred_and_merged()
    calendar, merged_on = room.window.calendar, room.clock.now
    room.clock.pass_by(timedelta(days=60))
    shown = await separated(room)
    days = calendar.between(calendar.local_day(merged_on), calendar.local_day(room.clock.now))
    until = calendar.after(by, days).isoformat()
    assert shown["stage"] == "deferred"
    assert [each["code"] for each in shown["deferral"]["missing"]] == ["where", "evidence"]
    assert shown["deferral"]["complete_by"] == until
    told = room.documents.kept[COMPLAINT].facts[-1]
    assert (told["type"], told["data"]["complete_by"]) == ("complaint.deferred.v1", until)
    assert told["data"]["missing"][0] == DEFERRAL["missing"][0]
    room.hear(COMPLAINT, "complaints", intake.ReporterReplied(text="Jalan Pattimura."))
    assert room.documents.kept[COMPLAINT].state.stage == "queue"


async def test_13_what_a_file_completed_meanwhile_waits_in_the_queue() -> None:
    """Statement 13: it came while the report followed another, as a reply may."""
    room, _ = await deferred_and_merged()
    said = AttachmentAdded(attachment="a", media_type="image/jpeg", size=9, sha256="a" * 64)
    room.hear(COMPLAINT, "complaints", said)
    assert (await separated(room))["stage"] == "queue"


async def test_18_merged_twice_it_has_the_days_of_both_rests() -> None:
    """The clock of a deferral stands still each time, and begins anew at none."""
    room, by = await deferred_and_merged()
    calendar, rested = room.window.calendar, 0
    for days in (7, 5):
        began = calendar.local_day(room.clock.now)
        room.clock.pass_by(timedelta(days=days))
        rested += calendar.between(began, calendar.local_day(room.clock.now))
        await post(room, "separation", APART, key=f"separation-{days}-of-it")
        await post(room, "merger", INTO, key=f"merger-{days}-of-it-all")
    await separated(room)
    state = room.documents.kept[COMPLAINT].state
    assert state.deferral is not None
    assert state.deferral.complete_by == calendar.after(by, rested)


@pytest.mark.parametrize(
    "said", [intake.ReporterReplied(text="Jalan Pattimura."), intake.ComplaintAmended(text="Foto.")]
)
async def test_13_what_was_completed_while_it_followed_waits_in_the_queue(said: Any) -> None:
    """Its reporter has said more: separated, the report is at its old place."""
    room, _ = await deferred_and_merged()
    room.clock.pass_by(timedelta(days=1))
    room.hear(COMPLAINT, "complaints", said)
    assert room.types(COMPLAINT)[-1] == "complaint.merged.v1"
    shown = await separated(room)
    assert (shown["stage"], room.types(COMPLAINT)[-1]) == ("queue", "complaint.resumed.v1")
    places = [str(room.documents.kept[each].state.place) for each in (MAIN, COMPLAINT)]
    assert places[1] == places[0].replace(MAIN, COMPLAINT)


async def test_what_was_over_when_it_was_merged_is_over_when_it_is_separated() -> None:
    """A date that had passed is moved by no rest: the clock archives the report."""
    room, by = await deferred_and_merged(timedelta(days=30))
    room.clock.pass_by(timedelta(days=7))
    shown = await separated(room)
    assert shown["deferral"]["complete_by"] == by.isoformat()
    kept, now = room.documents.kept[COMPLAINT], room.clock.now
    after = lapse(room.dispositions, room.window, kept, now, room.clock.under())
    assert after.state.stage == "archived"


async def test_18_a_separation_is_asked_once_under_a_key() -> None:
    """Asked again, the same answer is given, although more than the separation followed from it."""
    room, _ = await deferred_and_merged()
    seen = room.documents.kept[COMPLAINT].revision
    first = await post(room, "separation", APART, key="s" * 16, seen=seen)
    again = await post(room, "separation", APART, key="s" * 16, seen=seen)
    assert (again.status_code, again.json()) == (200, first.json())
    assert room.types(COMPLAINT).count("complaint.deferred.v1") == 2


async def test_18_who_is_let_go_by_the_clock_is_deferred_again() -> None:
    """Where the main report is taken back, what followed it still lacks what it lacked."""
    room, _ = await deferred_and_merged()
    room.hear(MAIN, "complaints", intake.ComplaintWithdrawn())
    await room.mergers.look()
    assert room.documents.kept[COMPLAINT].state.stage == "deferred"
    await room.mergers.look()
    assert room.types(COMPLAINT)[-2:] == ["complaint.unmerged.v1", "complaint.deferred.v1"]
