"""Statement 18: reports of the same matter follow one, are told of it, and can be separated."""

from __future__ import annotations

from dataclasses import replace as replace_field
from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from services.routing.domain.disposition import Disposition
from services.routing.handlers.mergers import PAGE
from shared.contracts import followup, intake
from shared.contracts.fact import Payload, UnreadableFact
from shared.runtime.asking import Judge
from shared.runtime.document import Document
from tests.routing.doubles import COMPLAINT, QUEUE, Room, get, post

MAIN = "01a2b3c4-0000-7000-8000-000000000099"
INTO = {"main": MAIN}
APART = {"words": "Lubang di ruas lain."}
ANSWER = followup.ResponseGiven(agency="dinas-pu", text="Besok ditambal.")
DONE = followup.CaseResolved(agency="dinas-pu")
DAY = date(2026, 3, 25)
FOLLOWERS = f"/api/v1/dispositions/{MAIN}/followers"


def two(**other: Any) -> Room:
    """Give a report that an agency has, and another of the same matter."""
    room = Room()
    room.receive(MAIN, category="jalan", tracking_number="8171-AAAA-AAAA-A")
    room.receive(**other)
    return room


async def merged(room: Room, complaint: str = COMPLAINT, key: str = "k" * 16) -> Any:
    """Merge a report into the main one."""
    return await post(room, "merger", INTO, complaint=complaint, key=key)


async def becomes(room: Room, *facts: Payload) -> None:
    """Hear what became of the main report, and look at those who follow."""
    room.hear(MAIN, "cases", *facts)
    await room.mergers.look()


@pytest.mark.parametrize("category", [None, "jalan"])
async def test_18_a_merged_report_follows_and_nothing_closes(category: str | None) -> None:
    """It leaves the queue, names the one it follows, and is not archived, whatever it was."""
    room = two(category=category)
    answer = await merged(room)
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    assert (shown["stage"], shown["main"], shown["main_number"]) == (
        "merged",
        MAIN,
        "8171-AAAA-AAAA-A",
    )
    assert (await get(room, QUEUE)).json()["items"] == []
    assert room.types(COMPLAINT)[-1] == "complaint.merged.v1"
    followers = (await get(room, FOLLOWERS)).json()["items"]
    assert [each["complaint"] for each in followers] == [COMPLAINT]


async def test_18_what_follows_is_told_what_becomes_of_the_main_one() -> None:
    """Each step of the main report stands once in the history of each that follows it."""
    room = two()
    room.receive("another")
    await merged(room)
    await merged(room, "another", "another-key-of-enough")
    for fact in (ANSWER, DONE, followup.CaseReopened(agency="dinas-pu", because="reply")):
        await becomes(room, fact)
        await room.mergers.look()
    for follower in (COMPLAINT, "another"):
        facts = room.documents.kept[follower].facts
        told = [row["data"]["stage"] for row in facts if row["type"] == "main.progressed.v1"]
        assert told == ["answered", "resolved", "reopened"]
        assert room.documents.kept[follower].state.stage == "merged"


async def test_18_what_was_answered_before_is_told_after_merging() -> None:
    """Who is merged into a report that has an answer hears of that answer."""
    room = two()
    room.hear(MAIN, "cases", ANSWER)
    await merged(room)
    await room.mergers.look()
    assert room.types(COMPLAINT)[-1] == "main.progressed.v1"


async def test_18_merged_anew_it_is_told_anew() -> None:
    """Who comes back to the same main report is told where that one stands, as others are."""
    room = two()
    await merged(room)
    await becomes(room, ANSWER)
    await post(room, "separation", APART, key="another-key-of-enough")
    await merged(room, key="a-third-key-of-enough")
    await room.mergers.look()
    assert room.types(COMPLAINT)[-2:] == ["complaint.merged.v1", "main.progressed.v1"]
    await room.mergers.look()
    assert room.types(COMPLAINT).count("main.progressed.v1") == 2


@pytest.mark.parametrize(("category", "stage"), [(None, "queue"), ("jalan", "routed")])
async def test_18_a_separated_report_is_whole_again(category: str | None, stage: str) -> None:
    """It stands where it stood, under its own number, at its old place; and follows no more."""
    room = two(category=category)
    before = room.documents.kept[COMPLAINT].state
    await merged(room)
    answer = await post(room, "separation", APART, key="another-key-of-enough")
    assert (answer.status_code, answer.json()["stage"]) == (200, stage)
    after = room.documents.kept[COMPLAINT].state
    assert (after.place, after.agency, after.turn) == (before.place, before.agency, before.turn)
    await becomes(room, ANSWER)
    assert "main.progressed.v1" not in room.types(COMPLAINT)
    again = await merged(room, key="a-third-key-of-enough")
    assert again.status_code == 200


async def test_18_what_was_closed_while_it_was_merged_follows_and_comes_apart() -> None:
    """Its agency had not heard of the merging: it follows, and separated it stays closed."""
    room = two(category="jalan")
    await merged(room)
    room.hear(COMPLAINT, "cases", followup.CaseOpened(agency="dinas-pu", turn=1, respond_by=DAY))
    room.hear(COMPLAINT, "cases", DONE)
    followers = (await get(room, FOLLOWERS)).json()["items"]
    assert [each["stage"] for each in followers] == ["merged"]
    await becomes(room, ANSWER)
    assert room.types(COMPLAINT)[-1] == "main.progressed.v1"
    answer = await post(room, "separation", APART, key="another-key-of-enough")
    assert (answer.status_code, answer.json()["stage"]) == (200, "resolved")


@pytest.mark.parametrize("end", ["withdrawn", "archived", "merged"])
async def test_what_nobody_handles_any_more_lets_its_followers_go(end: str) -> None:
    """Where the main report is taken back or set aside, the others wait for an answer again."""
    room = Room()
    room.receive(MAIN)
    room.receive()
    await merged(room)
    if end == "withdrawn":
        room.hear(MAIN, "complaints", intake.ComplaintWithdrawn())
    elif end == "archived":
        body = {"reason": "prank"}
        await post(room, "archive", body, complaint=MAIN, key="another-key-of-enough")
    else:
        # Two who merge at once may make a chain: neither index shows the other yet.
        kept = room.documents.kept[MAIN]
        state = replace(kept.state, main="third")
        room.documents.kept[MAIN] = replace(kept, state=state, dirty=(MAIN,))
    await room.mergers.look()
    assert room.documents.kept[COMPLAINT].state.stage == "queue"
    row = room.documents.kept[COMPLAINT].facts[-1]
    assert (row["type"], row["data"]["because"], row["by"]) == (
        "complaint.unmerged.v1",
        end,
        "clock",
    )


@pytest.mark.parametrize(
    ("main", "status", "code"),
    [
        ({"confidential": True}, 409, "confidential"),
        (None, 404, "not_found"),
    ],
)
async def test_what_cannot_be_followed_is_refused(main: Any, status: int, code: str) -> None:
    """Nobody learns of a confidential report by merging; what is not there cannot be followed."""
    room = Room()
    if main is not None:
        room.receive(MAIN, **main)
    room.receive()
    answer = await merged(room)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["errors"][0]["field"] == "main"
    assert room.types(COMPLAINT) == []


async def test_there_are_no_chains() -> None:
    """What follows is not followed, what is followed does not follow, nothing follows itself."""
    room = two()
    room.receive("third")
    assert (await merged(room)).status_code == 200
    onto = await post(room, "merger", {"main": COMPLAINT}, complaint="third", key="q" * 16)
    assert (onto.status_code, onto.json()["code"]) == (409, "merged_itself")
    led = await post(room, "merger", {"main": "third"}, complaint=MAIN, key="r" * 16)
    assert (led.status_code, led.json()["code"]) == (409, "has_followers")
    own = await post(room, "merger", {"main": "third"}, complaint="third", key="s" * 16)
    assert (own.status_code, own.json()["code"]) == (422, "merged_into_itself")
    await post(room, "separation", APART, key="another-key-of-enough")
    free = await post(room, "merger", {"main": "third"}, complaint=MAIN, key="t" * 16)
    assert free.status_code == 200


async def test_who_cannot_follow_keeps_nobody_else_waiting() -> None:
    """A follower that this release cannot read is tried again; all others are told meanwhile."""
    room = two()
    room.receive("other-main")
    room.receive("another")
    await merged(room)
    into = {"main": "other-main"}
    await post(room, "merger", into, complaint="another", key="another-key-of-enough")

    async def ask(complaint: str, judge: Judge[Disposition]) -> Document[Disposition]:
        if complaint == COMPLAINT:
            raise UnreadableFact("a fact of a newer release")
        return await room.ask(complaint, judge)

    stuck = replace_field(room.mergers, ask=ask)
    room.hear(MAIN, "cases", ANSWER)
    room.hear("other-main", "cases", ANSWER)
    assert await stuck.look() == 1
    assert room.types("another")[-1] == "main.progressed.v1"
    await stuck.look()
    assert [name for name, each in room.documents.kept.items() if each.dirty] == [MAIN, COMPLAINT]
    await room.mergers.look()
    await room.mergers.look()
    assert room.types(COMPLAINT)[-1] == "main.progressed.v1"
    assert not [name for name, each in room.documents.kept.items() if each.dirty]


@pytest.mark.parametrize("together", [2, PAGE])
async def test_followers_that_can_never_be_told_keep_no_other_waiting(together: int) -> None:
    """A page of main reports with such, marked before all others or with them, is passed by."""
    room = two()
    await merged(room)
    follower, kept = room.documents.kept[COMPLAINT], room.documents.kept
    for number in range(PAGE):
        main, stuck = f"main-{number}", f"stuck-{number}"
        kept[main] = replace(kept[MAIN], id=main, dirty=(main,), changed_at=number // together)
        state = replace(follower.state, complaint=stuck, main=main)
        kept[stuck] = replace(follower, id=stuck, state=state, dirty=())
    room.clock.pass_by(timedelta(seconds=5))
    room.hear(MAIN, "cases", ANSWER)
    if together == PAGE:  # of the same moment too
        kept[MAIN] = replace(kept.pop(MAIN), changed_at=0)

    async def ask(complaint: str, judge: Judge[Disposition]) -> Document[Disposition]:
        if complaint != COMPLAINT:
            raise UnreadableFact("a fact of a newer release")
        return await room.ask(complaint, judge)

    await replace_field(room.mergers, ask=ask).look()
    assert room.types(COMPLAINT)[-1] == "main.progressed.v1"
    assert kept["main-0"].dirty
    assert not kept[MAIN].dirty


async def test_a_merger_is_asked_once_under_a_key() -> None:
    """Told twice it happens once; the main report is noted once to be followed."""
    room = two()
    seen = room.documents.kept[COMPLAINT].revision
    first = await post(room, "merger", INTO, seen=seen)
    assert (await post(room, "merger", INTO, seen=seen)).json() == first.json()
    assert room.types(COMPLAINT).count("complaint.merged.v1") == 1
    assert room.types(MAIN).count("complaint.joined.v1") == 1
    stale = await post(room, "separation", APART, key="another-key-of-enough", seen=seen)
    assert stale.status_code == 412


async def test_4_who_looks_from_above_sees_no_confidential_follower() -> None:
    """Statement 4: rahasia stays with those who handle it, also where it follows another."""
    room = two(confidential=True)
    assert (await merged(room)).status_code == 200
    for token, shown in (("coordinator", [COMPLAINT]), ("coordinator::81", [])):
        items = (await get(room, FOLLOWERS, token)).json()["items"]
        assert [each["complaint"] for each in items] == shown


async def test_4_no_cursor_names_what_is_not_seen_from_above() -> None:
    """Statement 4: neither the followers nor the queue name a confidential report as their next."""
    room = Room()
    room.receive(MAIN)
    for key in ("0000-hidden", "0000-seen"):
        room.receive(key, confidential=key == "0000-hidden")
    for path, listed in ((QUEUE, ["0000-seen"]), (FOLLOWERS, [])):
        page = (await get(room, path, "overseer::81", limit=1)).json()
        assert [each["complaint"] for each in page["items"]] == listed
        assert "hidden" not in str(page["next"])
    for key in ("0000-hidden", "0000-seen"):
        await merged(room, key, f"{key}-key-of-enough")
    page = (await get(room, FOLLOWERS, "overseer::81", limit=1)).json()
    assert [each["complaint"] for each in page["items"]] == ["0000-seen"]
    assert "hidden" not in str(page["next"])
