"""Setting a complaint aside: tunda, arsip, and the way back."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace as replace_field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from services.routing.domain.aside import NEED_WORDS
from services.routing.timers import PAGE, Timers
from shared.contracts import followup, intake
from shared.contracts.attachment import AttachmentAdded, AttachmentRefused
from shared.contracts.fact import BLANKED, Pair, Redaction, read_fact
from shared.contracts.routing import ArchiveReason, Missing
from shared.contracts.vocabulary import Clock as Runs
from shared.runtime.document import Held, Refused
from shared.runtime.ports import Away
from tests.routing.doubles import COMPLAINT, QUEUE, SHOWN, Room, get, post

DEFERRAL = {"missing": [{"code": "where", "words": "Jalan apa?"}, {"code": "evidence"}]}
ARCHIVE = {"reason": "too_general", "words": "Kejadiannya tidak disebut."}
RESTORE = {"reason": "Dijelaskan di loket."}
COMPLETE_BY = date(2026, 4, 8)
"""Ten working days after NOON, over Nyepi and Idulfitri."""
OVER = datetime(2026, 4, 8, 15, tzinfo=UTC)
"""The end of that date in Ambon."""
DEFERRED, RESUMED = "complaint.deferred.v1", "complaint.resumed.v1"
ARCHIVED, RESTORED = "complaint.archived.v1", "complaint.restored.v1"
OTHER_KEY = "another-key-of-enough"


async def deferred() -> Room:
    """Give a room in which a coordinator has deferred the complaint."""
    room = Room()
    room.receive()
    assert (await post(room, "deferral", DEFERRAL)).status_code == 200
    return room


async def archived() -> Room:
    """Give a room in which a coordinator has archived the complaint."""
    room = Room()
    room.receive()
    assert (await post(room, "archive", ARCHIVE)).status_code == 200
    return room


def reply(room: Room, text: str = "Jalan Pattimura 5.") -> None:
    """Hear that the reporter said more."""
    room.hear(COMPLAINT, "complaints", intake.ReporterReplied(text=text))


def attach(room: Room, name: str = "satu") -> None:
    """Hear that a file was put beside the report."""
    said = AttachmentAdded(attachment=name, media_type="image/jpeg", size=9, sha256="a" * 64)
    room.hear(COMPLAINT, "complaints", said)


async def listed(room: Room, stage: str) -> list[str]:
    """Give the complaints that an officer sees at a stage."""
    return [each["complaint"] for each in (await get(room, QUEUE, stage=stage)).json()["items"]]


def timers_of(room: Room, heard: datetime | None = None) -> Timers:
    """Look after the deferrals of a room, of which intake was heard up to a time."""

    async def views() -> Mapping[str, datetime]:
        return {"complaints": heard or room.clock.now}

    now = lambda: room.clock.now  # noqa: E731
    return Timers(room.dispositions, room.window, room.documents, room.ask, now, views)


async def test_a_deferral_says_what_is_missing_and_until_when() -> None:
    """Statement 13: what is missing stands there code by code, with words, and a date."""
    room = await deferred()
    shown = (await get(room, SHOWN)).json()
    assert shown["stage"] == "deferred"
    assert shown["deferral"] == {
        "missing": [
            {"code": "where", "words": "Jalan apa?"},
            {"code": "evidence", "words": None},
        ],
        "complete_by": COMPLETE_BY.isoformat(),
    }
    assert (await listed(room, "queue"), await listed(room, "deferred")) == ([], [COMPLAINT])


@pytest.mark.parametrize(
    ("path", "body", "fact"), [("deferral", DEFERRAL, DEFERRED), ("archive", ARCHIVE, ARCHIVED)]
)
async def test_setting_aside_has_an_actor_a_time_and_a_reason(
    path: str, body: Any, fact: str
) -> None:
    """Statement 11: Tunda and Arsipkan are recorded with who, when and why."""
    room = Room()
    room.receive()
    await post(room, path, body)
    row = room.documents.kept[COMPLAINT].facts[-1]
    assert (row["type"], row["by"]) == (fact, "coordinator-1")
    assert datetime.fromisoformat(row["at"]) == room.clock.now
    assert row["data"].get("missing") or row["data"].get("reason")


async def test_11_a_complaint_is_shown_with_who_did_what_and_when() -> None:
    """Statement 11: each act stands in the history with officer, time and reason; so do answers."""
    room = await deferred()
    began = room.clock.now
    room.clock.pass_by(timedelta(days=1))
    reply(room)
    changed = await post(room, "archive", ARCHIVE, key=OTHER_KEY)
    history = (await get(room, SHOWN)).json()["history"]
    assert changed.json()["history"] == history
    assert [(each["type"], each["by"]) for each in history] == [
        (DEFERRED, "coordinator-1"),
        (RESUMED, None),
        (ARCHIVED, "coordinator-1"),
    ]
    whens = [datetime.fromisoformat(each["at"]) for each in history]
    assert whens == [began, room.clock.now, room.clock.now]
    assert history[2]["details"] == ARCHIVE
    assert [each["pair"] for each in history] == [[0, 1], [0, 2], [0, 3]]


@pytest.mark.parametrize("token", ["leader", "overseer"])
async def test_who_sees_a_complaint_from_above_reads_its_history(token: str) -> None:
    """By the same rights as the complaint; a list leaves it out."""
    room = await archived()
    shown = (await get(room, SHOWN, token)).json()
    assert [(each["type"], each["by"]) for each in shown["history"]] == [
        (ARCHIVED, "coordinator-1")
    ]
    (listed_,) = (await get(room, QUEUE, token, stage="archived")).json()["items"]
    assert "history" not in listed_


async def test_53_the_history_has_no_words_that_an_erasure_named() -> None:
    """Statement 53: who did it and when stays."""
    room = await archived()
    pair = Pair(*room.documents.kept[COMPLAINT].facts[0]["pair"])
    named = Redaction(stream="dispositions", pair=pair, field="words")
    room.hear(COMPLAINT, "complaints", intake.ReporterErased(redactions=(named,)))
    answer = await get(room, SHOWN)
    (entry,) = answer.json()["history"]
    assert (entry["by"], entry["details"]["words"]) == ("coordinator-1", BLANKED)
    assert ARCHIVE["words"] not in answer.text


async def test_a_reply_brings_a_complaint_back_to_its_place() -> None:
    """Statement 13: completed, it stands again before those that came after it."""
    room = await deferred()
    room.clock.pass_by(timedelta(days=1))
    room.receive("later")
    reply(room)
    assert await listed(room, "queue") == [COMPLAINT, "later"]
    assert room.types(COMPLAINT) == [DEFERRED, RESUMED]
    shown = (await get(room, SHOWN)).json()
    assert (shown["deferral"], shown["replies"]) == (None, ["Jalan Pattimura 5."])


async def test_13_a_file_brings_a_complaint_back_to_its_place() -> None:
    """Statement 13: where a photo was missing, the photo completes it; no words are needed."""
    room = await deferred()
    room.clock.pass_by(timedelta(days=1))
    room.receive("later")
    attach(room)
    assert await listed(room, "queue") == [COMPLAINT, "later"]
    assert room.types(COMPLAINT) == [DEFERRED, RESUMED]
    room.clock.now = OVER
    assert await timers_of(room).look() == 0
    shown = (await get(room, SHOWN)).json()
    assert (shown["stage"], shown["deferral"], shown["files"]) == ("queue", None, 1)


async def test_13_a_file_that_was_refused_completes_nothing() -> None:
    """Statement 13: what a publisher named and nobody could take is as missing as before."""
    room = await deferred()
    refused = AttachmentRefused(named=1, reason="wrong_type", words="None of the files taken.")
    room.hear(COMPLAINT, "complaints", refused)
    shown = (await get(room, SHOWN)).json()
    assert (shown["stage"], shown["files"]) == ("deferred", 0)


async def test_a_file_to_what_is_not_deferred_changes_no_stage() -> None:
    """What waits goes on waiting, and what was archived stays so until somebody restores it."""
    room = await archived()
    attach(room)
    assert room.types(COMPLAINT) == [ARCHIVED]


async def test_a_coordinator_reads_how_many_files_there_are() -> None:
    """One that was named twice is one; an erased reporter leaves none."""
    room = Room()
    room.receive()
    for name in ("satu", "dua", "satu"):
        attach(room, name)
    assert (await get(room, SHOWN)).json()["files"] == 2
    room.hear(COMPLAINT, "complaints", intake.ReporterErased(redactions=()))
    assert (await get(room, SHOWN)).json()["files"] == 0


async def test_a_reply_to_what_is_not_deferred_changes_no_stage() -> None:
    """Only a deferral waits for a reply; what was archived stays so until somebody restores it."""
    room = await archived()
    reply(room)
    assert room.types(COMPLAINT) == [ARCHIVED]
    assert room.documents.kept[COMPLAINT].state.stage == "archived"


async def test_a_coordinator_who_has_not_seen_the_reply_is_told() -> None:
    """A reply is a change that an officer can see: a deferral decided without it gets 412."""
    room = Room()
    room.receive()
    seen = room.documents.kept[COMPLAINT].revision
    reply(room)
    assert (await post(room, "deferral", DEFERRAL, seen=seen)).status_code == 412


async def test_replies_are_kept_in_bounds_and_forgotten() -> None:
    """The newest five are shown; an erased reporter leaves none."""
    room = Room()
    room.receive()
    for number in range(7):
        reply(room, f"{number}")
    assert room.documents.kept[COMPLAINT].state.replies == ("2", "3", "4", "5", "6")
    room.hear(COMPLAINT, "complaints", intake.ReporterErased(redactions=()))
    assert room.documents.kept[COMPLAINT].state.replies == ()


@pytest.mark.parametrize(
    ("path", "body"), [("verification", {}), ("route", {"agency": "dinsos"}), ("archive", ARCHIVE)]
)
async def test_a_deferred_complaint_can_be_decided(path: str, body: Any) -> None:
    """What a coordinator learns by telephone needs no reply: the deferral ends with the act."""
    room = await deferred()
    assert (await post(room, path, body, key=OTHER_KEY)).status_code == 200
    assert await listed(room, "deferred") == []


@pytest.mark.parametrize(
    ("path", "body"),
    [("deferral", DEFERRAL), ("verification", {}), ("route", {"agency": "dinsos"})],
)
async def test_an_archived_complaint_is_closed(path: str, body: Any) -> None:
    """Statement 34: what is archived has to be restored first; nothing changes."""
    room = await archived()
    answer = await post(room, path, body, key=OTHER_KEY)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_waiting")
    assert room.types(COMPLAINT) == [ARCHIVED]


async def test_an_archived_complaint_says_why() -> None:
    """The reason and the words for the reporter stand there, and the list of what is archived."""
    room = await archived()
    shown = (await get(room, SHOWN)).json()["archival"]
    assert (shown["reason"], shown["words"]) == ("too_general", "Kejadiannya tidak disebut.")
    assert await listed(room, "archived") == [COMPLAINT]


@pytest.mark.parametrize("token", ["overseer", "overseer:x", "leader"])
async def test_who_stands_above_restores(token: str) -> None:
    """Statement 14: a higher role puts it back to its place, with a reason."""
    room = await archived()
    answer = await post(room, "restoration", RESTORE, token=token, key=OTHER_KEY)
    assert (answer.status_code, answer.json()["stage"]) == (200, "queue")
    assert (await listed(room, "queue"), await listed(room, "archived")) == ([COMPLAINT], [])
    row = room.documents.kept[COMPLAINT].facts[-1]
    assert (row["type"], row["data"]) == (RESTORED, RESTORE)


@pytest.mark.parametrize("token", ["coordinator", "liaison:dinas-pu", "leader:dinas-pu"])
async def test_who_does_not_stand_above_restores_nothing(token: str) -> None:
    """Neither the coordinator who archived it nor the leader of one agency takes it back."""
    room = await archived()
    answer = await post(room, "restoration", RESTORE, token=token, key=OTHER_KEY)
    assert answer.status_code == 403
    assert room.types(COMPLAINT) == [ARCHIVED]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("deferral", {"missing": []}, "missing"),
        ("deferral", {"missing": [{"code": "mood"}]}, "missing.0.code"),
        ("deferral", {"missing": [{"code": "where"}, {"code": "where"}]}, "missing"),
        ("deferral", {"missing": [{"code": "other"}]}, "missing"),
        ("deferral", {"missing": [{"code": "where", "words": "x" * 201}]}, "missing.0.words"),
        ("deferral", {"missing": [{"code": each} for each in Missing] * 2}, "missing"),
        ("archive", {}, "reason"),
        ("archive", {"reason": "bored"}, "reason"),
        ("archive", {"reason": "other"}, "words"),
        ("archive", {"reason": "duplicate"}, "words"),
        ("restoration", {}, "reason"),
    ],
)
async def test_a_bad_reason_is_named(path: str, body: Any, field: str) -> None:
    """Statement 11: without a reason from the list nothing happens, and the field is named."""
    room = Room()
    room.receive()
    token = "overseer" if path == "restoration" else "coordinator"
    answer = await post(room, path, body, token=token)
    assert answer.status_code == 422
    assert field in [error["field"] for error in answer.json()["errors"]]
    assert room.types(COMPLAINT) == []


@pytest.mark.parametrize("reason", sorted(set(ArchiveReason) - NEED_WORDS))
async def test_every_reason_of_the_list_can_be_given(reason: str) -> None:
    """Each reason stands by itself, but for those that say nothing without words."""
    room = Room()
    room.receive()
    assert (await post(room, "archive", {"reason": reason})).status_code == 200


@pytest.mark.parametrize(("path", "body"), [("deferral", DEFERRAL), ("archive", ARCHIVE)])
async def test_the_same_key_sets_aside_once(path: str, body: Any) -> None:
    """A request told twice happens once, and another under its key is refused."""
    room = Room()
    room.receive()
    first = await post(room, path, body, seen=1)
    assert (await post(room, path, body, seen=1)).json() == first.json()
    other = {"missing": [{"code": "who"}]} if path == "deferral" else {"reason": "prank"}
    answer = await post(room, path, other, seen=1)
    assert (answer.status_code, answer.json()["code"]) == (422, "key_used")
    assert len(room.types(COMPLAINT)) == 1


async def test_what_is_not_completed_in_time_is_archived() -> None:
    """Statement 14: after the last second of the window, and not before, with its reason."""
    room = await deferred()
    room.clock.now = OVER - timedelta(seconds=1)
    assert await timers_of(room).look() == 0
    room.clock.now = OVER
    assert await timers_of(room).look() == 1
    row = room.documents.kept[COMPLAINT].facts[-1]
    assert (row["type"], row["by"]) == (ARCHIVED, "clock")
    assert row["data"] == {"reason": "not_completed"}
    assert await timers_of(room).look() == 0


async def test_silence_is_believed_only_when_intake_was_heard() -> None:
    """A reply of the last minute may still be on its way: until it would be here, nothing is done.

    And one that comes in between counts, though the look had found the complaint due.
    """
    room = await deferred()
    room.clock.now = OVER + timedelta(days=3)
    assert await timers_of(room, OVER - timedelta(seconds=1)).look() == 0
    reply(room)
    assert await timers_of(room).look() == 0
    assert room.types(COMPLAINT) == [DEFERRED, RESUMED]


async def test_two_timers_at_once_archive_once() -> None:
    """Two processes that believe to hold the lease record each lapse once."""
    room = await deferred()
    room.clock.now = OVER
    await asyncio.gather(timers_of(room).look(), timers_of(room).look())
    assert room.types(COMPLAINT) == [DEFERRED, ARCHIVED]


async def test_a_restored_complaint_can_be_deferred_and_lapse_again() -> None:
    """Each deferral has its own window; the second lapse is recorded as the first was."""
    room = await deferred()
    room.clock.now = OVER
    await timers_of(room).look()
    await post(room, "restoration", RESTORE, token="overseer", key=OTHER_KEY)
    await post(room, "deferral", DEFERRAL, key="a-third-key-of-enough")
    room.clock.pass_by(timedelta(days=40))
    await timers_of(room).look()
    assert room.types(COMPLAINT) == [DEFERRED, ARCHIVED, RESTORED, DEFERRED, ARCHIVED]


async def test_a_store_that_is_away_is_waited_for() -> None:
    """A look without an answer changes nothing and is made again."""
    room = await deferred()
    room.clock.now = OVER
    timers = timers_of(room)

    async def away(field: str, low: Any, high: Any, limit: int) -> Any:
        raise Away("no answer")

    room.documents.window, there = away, room.documents.window  # type: ignore[method-assign]
    assert await timers.look() == 0
    room.documents.window = there  # type: ignore[method-assign]
    assert await timers.look() == 1


async def test_a_reporter_whose_words_wait_to_be_read_is_not_silent() -> None:
    """What is held is not archived for silence: what waits may be what was asked for (3.5)."""
    room = await deferred()
    read = room.documents.kept[COMPLAINT]
    held = {"complaints": Held(Pair(0, 2), "it cannot be read yet")}
    room.documents.kept[COMPLAINT] = replace(read, held=held)
    room.clock.now = OVER
    await timers_of(room).look()
    assert room.types(COMPLAINT) == [DEFERRED]
    room.documents.kept[COMPLAINT] = replace(room.documents.kept[COMPLAINT], held={})
    await timers_of(room).look()
    assert room.types(COMPLAINT) == [DEFERRED, ARCHIVED]


async def test_a_refused_lapse_leaves_the_others() -> None:
    """One complaint that cannot be judged does not keep its neighbours."""
    room = await deferred()
    room.clock.now = OVER

    async def refuse(complaint: str, judge: Any) -> Any:
        raise Refused(503, "busy", "The complaint is changing too fast.")

    timers = timers_of(room)
    hurried = Timers(
        timers.dispositions, timers.window, timers.deferred, refuse, timers.now, timers.views
    )
    assert await hurried.look() == 0
    assert await timers.look() == 1


async def test_what_can_never_be_judged_stops_no_clock_behind_it() -> None:
    """A page of refused ones at the head of the index leaves the others their date."""
    room = await deferred()
    stuck = room.documents.kept[COMPLAINT]
    for number in range(PAGE):
        key = f"00000000-{number:04}"
        state = replace(stuck.state, complaint=key)
        room.documents.kept[key] = replace(stuck, id=key, state=state)
    room.clock.now = OVER

    async def ask(complaint: str, judge: Any) -> Any:
        if complaint != COMPLAINT:
            raise Refused(409, "history_full", "The history is full.")
        return await room.ask(complaint, judge)

    assert await replace_field(timers_of(room), ask=ask).look() == 1
    assert room.types(COMPLAINT) == [DEFERRED, ARCHIVED]


@pytest.mark.parametrize("heard_late", [False, True])
async def test_12_what_was_completed_is_late_only_by_the_days_since(*, heard_late: bool) -> None:
    """Statement 12: late when it was deferred, it is in time again, and late by its next date."""
    room = await deferred()
    first = followup.DeadlineMissed(clock=Runs.VERIFY, due_on=date(2026, 3, 27))
    if not heard_late:
        room.hear(COMPLAINT, "cases", first)
    room.clock.pass_by(timedelta(days=14))
    reply(room)
    if heard_late:
        room.hear(COMPLAINT, "cases", first)
    assert [each["late"] for each in (await get(room, QUEUE)).json()["items"]] == [False]
    second = followup.DeadlineMissed(clock=Runs.VERIFY, due_on=date(2026, 4, 6))
    room.hear(COMPLAINT, "cases", second)
    assert [each["late"] for each in (await get(room, QUEUE)).json()["items"]] == [True]


async def test_13_the_completion_says_when_the_reporter_completed_it() -> None:
    """Statement 13: from that moment it waits to be verified."""
    room = await deferred()
    room.clock.pass_by(timedelta(days=1))
    reply(room)
    row = room.documents.kept[COMPLAINT].facts[-1]
    assert datetime.fromisoformat(row["data"]["completed_at"]) == room.clock.now


async def test_12_a_late_verification_is_shown_in_the_queue() -> None:
    """Statement 12: what followup's clock says was not verified in time is shown as late."""
    room = Room()
    room.receive()
    assert (await get(room, SHOWN)).json()["late"] is False
    missed = followup.DeadlineMissed(clock=Runs.VERIFY, due_on=date(2026, 3, 27))
    room.hear(COMPLAINT, "cases", missed)
    assert [each["late"] for each in (await get(room, QUEUE)).json()["items"]] == [True]


@pytest.mark.parametrize(
    ("path", "body"),
    [("archive", ARCHIVE), ("deferral", DEFERRAL), ("route", {"agency": "dinsos"})],
)
async def test_the_state_follows_from_the_facts(path: str, body: Any) -> None:
    """Folded again from what is stored and told, in whole milliseconds, the state is the same."""
    room = Room()
    room.clock.now += timedelta(microseconds=123_456)
    room.receive()
    await post(room, path, body)
    document = room.documents.kept[COMPLAINT]
    state = room.dispositions.begin(COMPLAINT)
    told = [row for rows in room.told.values() for row in rows]
    for row in (*told, *document.facts):
        state = room.dispositions.fold(state, read_fact(row, room.dispositions.known))
    assert state == document.state


@pytest.mark.parametrize("stage", ["deferred", "archived"])
async def test_what_is_set_aside_is_paged(stage: str) -> None:
    """Every complaint stands on exactly one page of its own list, whatever the others hold."""
    room = Room()
    for number in range(5):
        complaint = f"01a2b3c4-0000-7000-8000-{number:012d}"
        room.receive(complaint)
        body, path = (DEFERRAL, "deferral") if stage == "deferred" else (ARCHIVE, "archive")
        assert (await post(room, path, body, complaint=complaint)).status_code == 200
    found: list[str] = []
    after = ""
    while True:
        page = (await get(room, QUEUE, stage=stage, limit=2, after=after)).json()
        found += [each["complaint"] for each in page["items"]]
        if (after := page["next"]) is None:
            break
    assert sorted(found) == sorted(room.documents.kept)
    other = "archived" if stage == "deferred" else "deferred"
    assert await listed(room, other) == []
