"""Objections to how a case ended: a senior decides who had no part in it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from services.followup.domain.policy import Term
from services.followup.store import shape_of
from shared.contracts import intake
from shared.contracts.appeal import ReporterAppealed
from tests.desk import client, headers
from tests.followup.doubles import AMBON, COMPLAINT, Room, get

APPEALS = "/api/v1/appeals"
FILED, DECIDED, REOPENED = "appeal.filed.v1", "appeal.decided.v1", "case.reopened.v1"
REFUSED = "appeal.refused.v1"
LEADER, REGION = "leader:dinas-pu", "leader"
UPHELD = {"outcome": "upheld", "reason": "Dua lampu masih padam."}


def ended(*, confirmed: bool = False) -> Room:
    """Give a room whose case was answered and closed on Tuesday 17 March."""
    room = Room()
    room.open()
    room.respond()
    if confirmed:
        said = intake.ReporterRated(
            about=str(room.case.answer), agency="dinas-pu", score=4, solved=True
        )
        room.hear(COMPLAINT, "complaints", said)
    else:
        room.resolve()
    return room


def appeal(room: Room, about: str | None = None) -> None:
    """Hear that the reporter objects now, by default to the end that stands."""
    said = ReporterAppealed(about=about or str(room.case.ending), text="Masih gelap.")
    room.hear(COMPLAINT, "complaints", said)


async def decide(room: Room, body: Any, token: str = LEADER) -> Any:
    """Decide as a leader, with the present revision."""
    revision = room.documents.kept[COMPLAINT].revision
    async with client(room.app) as http:
        given = headers(token, key=f"decide-{token}-of-enough", seen=revision)
        return await http.post(f"{APPEALS}/{COMPLAINT}/decision", json=body, headers=given)


async def test_an_objection_lies_before_a_senior_with_its_date() -> None:
    """What the reporter objects to is listed with thirty working days to decide, due first."""
    room = ended()
    appeal(room)
    assert room.types(COMPLAINT)[-1] == FILED
    for token in (LEADER, REGION):
        shown = (await get(room, APPEALS, token=token)).json()["items"]
        assert [(each["appeal_by"], each["appeal_text"]) for each in shown] == [
            (AMBON.after(date(2026, 3, 17), 30).isoformat(), "Masih gelap.")
        ]
    assert (await get(room, APPEALS, token="leader:dinsos")).json()["items"] == []


async def test_4_a_confidential_objection_is_not_read_from_above() -> None:
    """Statement 4: who decides reads it; a leader of the province, who only looks, does not."""
    room = Room()
    room.receive(confidential=True)
    room.route()
    room.respond()
    room.resolve()
    appeal(room)
    assert len((await get(room, APPEALS, token=REGION)).json()["items"]) == 1
    for above in (f"{REGION}::81", f"{REGION}::00"):
        page = (await get(room, APPEALS, token=above, limit=1)).json()
        assert page == {"items": [], "next": None}
        assert (await get(room, f"{APPEALS}/{COMPLAINT}", token=above)).status_code == 404


async def test_an_objection_that_is_upheld_takes_up_the_work() -> None:
    """The case goes on where its clock stood still, and says that an objection was the reason."""
    room = ended()
    appeal(room)
    answer = await decide(room, UPHELD)
    shown = answer.json()
    assert (answer.status_code, shown["stage"], shown["appeal_outcome"]) == (200, "open", "upheld")
    assert (shown["appeal_by"], shown["reopenings"]) == (None, 1)
    assert room.types(COMPLAINT)[-2:] == [REOPENED, DECIDED]
    assert (room.case.reopened_because, room.due(Term.COMPLETE)) == ("appeal", "2026-04-14")
    assert (await get(room, APPEALS, token=LEADER)).json()["items"] == []
    assert (await decide(room, UPHELD)).json()["stage"] == "open"
    assert len(room.types(COMPLAINT)) == 6


async def test_an_objection_that_is_dismissed_leaves_the_end() -> None:
    """The end stands, with the reason beside it, and the same end is not objected to again."""
    room = ended()
    appeal(room)
    answer = await decide(room, {"outcome": "dismissed", "reason": "Lampu menyala."})
    assert (answer.json()["stage"], answer.json()["appeal_outcome"]) == ("resolved", "dismissed")
    assert room.documents.kept[COMPLAINT].facts[-1]["data"]["reason"] == "Lampu menyala."


async def test_who_had_a_part_in_the_case_does_not_decide() -> None:
    """A leader who approved the answer is told to leave the decision to somebody else."""
    room = ended()
    appeal(room)
    document = room.documents.kept[COMPLAINT]
    document.facts[1]["by"] = "leader-1"
    refused = await decide(room, UPHELD)
    assert (refused.status_code, refused.json()["code"]) == (409, "had_a_part")
    assert room.documents.kept[COMPLAINT] == document


async def test_the_leader_of_the_region_decides_for_every_agency() -> None:
    """A leader whose token names no agency decides where the agency's own leader may not."""
    room = ended()
    appeal(room)
    assert (await decide(room, UPHELD, REGION)).status_code == 200
    refused = await decide(ended(), UPHELD, REGION)
    assert (refused.status_code, refused.json()["code"]) == (409, "no_appeal")


@pytest.mark.parametrize(
    ("why", "until"), [("moot", None), ("late", "2026-04-08"), ("confirmed", None)]
)
def test_an_objection_that_nobody_decides_is_answered(why: str, until: str | None) -> None:
    """To another end, after the days to reopen, or to what was found done: the reporter is told.

    It brings nothing before anybody; the fact names the end, why, and until when there was time.
    """
    room = ended(confirmed=why == "confirmed")
    about = str(room.case.ending)
    if why == "late":
        room.clock.now = AMBON.end_of(date.fromisoformat(str(room.due(Term.REOPEN))))
    appeal(room, "another" if why == "moot" else None)
    told = room.documents.kept[COMPLAINT].facts[-1]
    said = {"agency": "dinas-pu", "about": "another" if why == "moot" else about, "because": why}
    assert (told["type"], told["data"]) == (REFUSED, said | ({"until": until} if until else {}))
    assert FILED not in room.types(COMPLAINT)
    assert room.case.appeal is None


def test_an_objection_that_waits_is_not_answered_twice() -> None:
    """Heard once more under another name, it gets the one decision that is still to come."""
    room = ended()
    appeal(room)
    appeal(room)
    assert room.types(COMPLAINT)[-1] == FILED


def again(room: Room, how: str) -> None:
    """Hear what leaves nothing for a senior to decide."""
    if how == "reply":
        return room.reply("Masih gelap.")
    if how == "withdrawn":
        room.hear(COMPLAINT, "complaints", intake.ComplaintWithdrawn(reason=None))
        return None
    about = str(room.case.ending)
    verdict = intake.ReporterRated(about=about, agency="dinas-pu", score=1, solved=False)
    room.hear(COMPLAINT, "complaints", verdict)
    return None


@pytest.mark.parametrize(
    ("how", "then", "by"),
    [
        ("reply", [REFUSED, REOPENED], "reopened"),
        ("verdict", [REFUSED, REOPENED], "reopened"),
        ("withdrawn", [REFUSED], "withdrawn"),
    ],
)
async def test_an_objection_that_becomes_moot_is_answered(
    how: str, then: list[str], by: str
) -> None:
    """Reopened or withdrawn, a case leaves nothing for a senior to decide: it is said which.

    Intake takes no withdrawal once it has heard that the case ended: one comes only if both cross.
    """
    room = ended()
    appeal(room)
    about = room.case.ending
    room.clock.now = AMBON.end_of(date(2026, 3, 17))
    again(room, how)
    assert room.types(COMPLAINT)[-len(then) :] == then
    refused = room.documents.kept[COMPLAINT].facts[-len(then)]["data"]
    said = {"about": about, "because": "moot", "moot_by": by, "agency": "dinas-pu"}
    assert refused == said
    assert room.case.appeal is None
    assert (await get(room, APPEALS, token=LEADER)).json()["items"] == []


@pytest.mark.parametrize("how", ["reply", "withdrawn"])
def test_an_objection_that_comes_after_it_became_moot_hears_by_what(how: str) -> None:
    """Its reporter had it taken up again, or took it back, a moment before."""
    room = ended()
    about = str(room.case.ending)
    room.clock.now = AMBON.end_of(date(2026, 3, 17))
    again(room, how)
    appeal(room, about)
    refused = room.documents.kept[COMPLAINT].facts[-1]["data"]
    by = "reopened" if how == "reply" else "withdrawn"
    assert (refused["because"], refused["moot_by"]) == ("moot", by)


@pytest.mark.parametrize("then", ["ended", "moved"])
def test_an_objection_to_an_older_end_is_not_said_to_meet_an_open_report(then: str) -> None:
    """Ended again, it is open no more; reopened once and then moved, either may have been it."""
    room = ended()
    about = str(room.case.ending)
    room.clock.now = AMBON.end_of(date(2026, 3, 17))
    room.reply("Masih gelap.")
    if then == "ended":
        room.respond()
        room.resolve()
        assert room.case.stage == "resolved"
    else:
        room.route(agency="dinsos", turn=2)
    appeal(room, about)
    refused = room.documents.kept[COMPLAINT].facts[-1]["data"]
    assert (refused["because"], refused.get("moot_by")) == ("moot", None)


def test_an_erased_reporters_words_are_gone() -> None:
    """What the reporter objected is forgotten with the person; that it was decided stays."""
    room = ended()
    appeal(room)
    room.hear(COMPLAINT, "complaints", intake.ReporterErased(redactions=()))
    assert (room.case.appeal_text, room.case.appeal is None) == (None, False)


def test_a_withdrawn_report_is_no_longer_objected_to() -> None:
    """What was withdrawn and closed at once has nobody who could take it up again."""
    room = ended()
    room.hear(COMPLAINT, "complaints", intake.ComplaintWithdrawn(reason=None))
    appeal(room)
    assert room.types(COMPLAINT)[-1] == REFUSED


def test_a_case_is_not_archived_while_an_objection_waits() -> None:
    """What a senior still has to decide stays where lists find it, however old it is."""
    room = ended()
    appeal(room)
    closed = shape_of(room.cases).closed
    assert closed is not None
    assert not closed(replace(room.case, dues={}))
    assert closed(replace(room.case, dues={}, appeal=None))
