"""Who must answer: several agencies with one answer, another agency, another place."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.routing.domain.choosing import MOST_TURNS
from shared.contracts import followup, intake
from tests.routing.doubles import COMPLAINT, QUEUE, Room, get, post

BOTH = {"agency": "dinsos", "contributors": ["dukcapil", "dinas-pu"]}
MAIN = "01a2b3c4-0000-7000-8000-000000000099"
ELSEWHERE = {"agency": "dinsos", "words": "Bukan jalan kota."}


async def test_one_agency_answers_and_others_contribute() -> None:
    """One disposition names who answers and who contributes; told again it is the same."""
    room = Room()
    room.receive()
    seen = room.documents.kept[COMPLAINT].revision
    first = await post(room, "route", BOTH, seen=seen)
    assert (first.status_code, first.json()["contributors"]) == (200, ["dukcapil", "dinas-pu"])
    assert room.documents.kept[COMPLAINT].facts[-1]["data"]["agency"] == "dinsos"
    assert (await post(room, "route", BOTH, seen=seen)).json() == first.json()
    alone = await post(room, "route", {"agency": "dinsos"}, seen=seen)
    assert (alone.status_code, alone.json()["code"]) == (422, "key_used")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"agency": "dinsos", "contributors": ["nobody"]}, "contributors.0"),
        ({"agency": "dinsos", "contributors": ["dinsos"]}, "contributors.0"),
        ({"agency": "dinsos", "contributors": ["dukcapil", "dukcapil"]}, "contributors.1"),
        ({"agency": "dinsos", "contributors": ["dukcapil"] * 5}, "contributors"),
        ({"agency": "dinsos", "contributors": "dukcapil"}, "contributors"),
        ({"agency": "dinsos", "words": ""}, "words"),
    ],
)
async def test_a_wrong_choice_is_named(body: Any, field: str) -> None:
    """What is wrong is said with its field, and nothing is changed."""
    room = Room()
    room.receive()
    answer = await post(room, "route", body)
    assert answer.status_code == 422, answer.text
    assert [each["field"] for each in answer.json()["errors"]] == [field]
    assert room.types(COMPLAINT) == []


async def test_what_an_agency_has_goes_elsewhere_for_a_reason() -> None:
    """Statement 17: re-routed, it is the same complaint, its next turn, and says why."""
    room = Room()
    state = room.receive(category="jalan")
    refused = await post(room, "route", {"agency": "dinsos"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "words")
    moved = (await post(room, "route", ELSEWHERE)).json()
    assert (moved["agency"], moved["turn"]) == ("dinsos", 2)
    assert moved["tracking_number"] == state.tracking_number
    assert room.documents.kept[COMPLAINT].facts[-1]["data"]["words"] == ELSEWHERE["words"]


async def test_it_is_not_sent_where_it_lies() -> None:
    """The same agency with the same contributors is no other choice; with others it is."""
    room = Room()
    room.receive(category="jalan")
    same = {"agency": "dinas-pu", "words": "Lagi."}
    answer = await post(room, "route", same)
    assert (answer.status_code, answer.json()["code"]) == (409, "lies_there")
    more = await post(room, "route", {**same, "contributors": ["dinsos"]})
    assert (more.status_code, more.json()["turn"]) == (200, 2)


async def test_it_is_not_handed_on_for_ever() -> None:
    """What followup could not take in any more is refused while somebody can still be told."""
    room = Room()
    room.receive()
    for turn in range(1, MOST_TURNS + 1):
        body = {"agency": ("dinas-pu", "dinsos")[turn % 2], "words": "Lagi."}
        assert (await post(room, "route", body, key=f"{turn:020d}")).json()["turn"] == turn
    answer = await post(room, "route", {"agency": "dukcapil", "words": "Lagi."})
    assert (answer.status_code, answer.json()["code"]) == (409, "most_turns")
    again = await post(room, "route", body, key=f"{MOST_TURNS:020d}")
    assert again.json()["turn"] == MOST_TURNS


async def test_bukan_wewenang_never_closes() -> None:
    """Statement 17: declined by one agency after another it waits each time, at its old place."""
    room = Room()
    place = room.receive().place
    room.clock.pass_by(timedelta(days=1))
    room.receive("younger")
    for turn, agency in enumerate(("dinas-pu", "dinsos", "dukcapil"), start=1):
        key = f"key-number-of-turn-{turn}"
        routed = await post(room, "route", {"agency": agency}, key=key)
        assert routed.json()["stage"] == "routed"
        said = followup.DispositionDeclined(agency=agency, turn=turn, reason="bukan wewenang")
        state = room.hear(COMPLAINT, "cases", said).state
        assert (state.stage, state.place) == ("queue", place)
        waiting = (await get(room, QUEUE)).json()["items"]
        assert [each["complaint"] for each in waiting] == [COMPLAINT, "younger"]


def amended(**said: Any) -> intake.ComplaintAmended:
    """Tell that the reporter put something right."""
    return intake.ComplaintAmended(text="Ternyata di Baguala.", **said)


def test_a_place_that_is_put_right_is_decided_by_rule() -> None:
    """What no rule decided for the wrong place goes to the agency of the right one."""
    room = Room()
    assert room.receive(category="jalan", area="81.01").stage == "queue"
    state = room.hear(COMPLAINT, "complaints", amended(area="81.71.05")).state
    assert (state.agency, state.turn) == ("kecamatan-baguala", 1)
    assert room.types(COMPLAINT) == ["complaint.verified.v1", "complaint.routed.v1"]


def test_a_place_that_is_put_right_takes_back_what_a_rule_decided() -> None:
    """The rule of the right place decides anew, as the next turn; told again, nothing does."""
    room = Room()
    assert room.receive(category="jalan").agency == "dinas-pu"
    document = room.hear(COMPLAINT, "complaints", amended(area="81.71.05"))
    assert (document.state.agency, document.state.turn) == ("kecamatan-baguala", 2)
    assert room.hear(COMPLAINT, "complaints").facts == document.facts
    words = room.hear(COMPLAINT, "complaints", amended())
    assert words.state.turn == 2


async def test_what_a_person_decided_stays_decided() -> None:
    """An amendment moves nothing that a coordinator or the agency's officer had in hand."""
    verified, chosen, answered, declined = Room(), Room(), Room(), Room()
    for room in (verified, chosen, answered, declined):
        room.receive(category="jalan", area="81.71" if room in (answered, declined) else "81.01")
    await post(verified, "verification", {})
    await post(chosen, "route", {"agency": "dinsos"})
    given = followup.ResponseGiven(agency="dinas-pu", text="Kami periksa.")
    answered.hear(COMPLAINT, "cases", given, by="pupr")
    no = followup.DispositionDeclined(agency="dinas-pu", turn=1, reason="bukan kami")
    declined.hear(COMPLAINT, "cases", no, by="pupr")
    for room in (verified, chosen, answered, declined):
        before = room.documents.kept[COMPLAINT].state
        after = room.hear(COMPLAINT, "complaints", amended(area="81.71.05")).state
        assert (after.agency, after.turn, after.stage) == (before.agency, before.turn, before.stage)


BY_HAND = {
    "deferred": [("deferral", {"missing": [{"code": "evidence"}]})],
    "restored": [("archive", {"reason": "prank"}), ("restoration", {"reason": "Sungguh terjadi."})],
    "separated": [("merger", {"main": MAIN}), ("separation", {"words": "Lubang lain."})],
}
"""What coordinators do with a report that waits in the queue again afterwards."""


@pytest.mark.parametrize("done", BY_HAND.values(), ids=BY_HAND)
async def test_what_waits_again_waits_for_a_coordinator(
    done: list[tuple[str, dict[str, Any]]],
) -> None:
    """Set aside or merged by a person and back in the queue, no rule decides it over their head."""
    room = Room()
    room.receive(MAIN)
    room.receive(category="jalan", area="81.01")
    for nth, (path, body) in enumerate(done):
        token = "overseer" if path == "restoration" else "coordinator"
        answer = await post(room, path, body, key=f"key-of-the-step-{nth}", token=token)
        assert answer.status_code == 200, answer.text
    assert room.hear(COMPLAINT, "complaints", amended()).state.stage == "queue"
    after = room.hear(COMPLAINT, "complaints", amended(area="81.71.05")).state
    assert (after.stage, after.turn, after.area) == ("queue", 0, "81.71.05")


async def test_what_ended_while_it_was_sent_on_is_routed_again() -> None:
    """The end was of the turn before; the case that is opened next says so."""
    room = Room()
    room.receive(category="jalan")
    await post(room, "route", ELSEWHERE)
    ended = followup.CaseResolved(agency="dinas-pu", how="officer")
    assert room.hear(COMPLAINT, "cases", ended).state.stage == "resolved"
    day = room.clock.now.date()
    opened = followup.CaseOpened(agency="dinsos", turn=2, respond_by=day)
    assert room.hear(COMPLAINT, "cases", opened).state.stage == "routed"
