"""The ladder: what nobody follows up is seen by the leader, and later by oversight."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from services.followup.domain.policy import Term
from shared.contracts import intake, routing
from tests.followup.doubles import AMBON, COMPLAINT, Room, get, post

LADDER = "/api/v1/escalations"
ESCALATED = "case.escalated.v1"
LEADER, OVERSEER = "leader:dinas-pu", "overseer"


def silent(clock: Term, **other: Any) -> Room:
    """Give a room whose agency has been silent until a clock of the ladder ran out."""
    room = Room()
    room.receive(**other)
    room.route()
    room.clock.now = AMBON.end_of(date.fromisoformat(str(room.due(clock))))
    room.tick()
    return room


async def listed(room: Room, token: str, **query: Any) -> list[str]:
    """List what somebody sees on the ladder."""
    answer = await get(room, LADDER, token=token, **query)
    assert answer.status_code == 200, answer.text
    return [each["complaint"] for each in answer.json()["items"]]


async def test_statement_33_what_nobody_follows_up_is_seen_above() -> None:
    """Statement 33: first the agency's leader has it in view, then those who watch over all."""
    room = silent(Term.SUPERIOR)
    assert room.types(COMPLAINT).count(ESCALATED) == 1
    assert await listed(room, LEADER) == [COMPLAINT]
    assert await listed(room, "leader:dinsos") == []
    assert await listed(room, OVERSEER) == []
    assert await listed(room, OVERSEER, level="superior") == [COMPLAINT]
    room = silent(Term.OVERSIGHT)
    assert room.types(COMPLAINT).count(ESCALATED) == 2
    assert await listed(room, LEADER) == await listed(room, OVERSEER) == [COMPLAINT]


async def test_an_answer_takes_a_case_from_the_ladder() -> None:
    """Once somebody has followed it up, it is shown there no more, and does not come back."""
    room = silent(Term.SUPERIOR)
    room.respond(interim=True)
    assert await listed(room, LEADER) == []
    room.clock.pass_by(timedelta(days=90))
    room.tick()
    assert room.types(COMPLAINT).count(ESCALATED) == 1


async def test_sending_it_back_does_not_stop_the_ladder() -> None:
    """A case that wanders from agency to agency is brought above as one that lies still."""
    room = Room()
    room.open()
    room.decline()
    room.clock.now = AMBON.end_of(date.fromisoformat(str(room.due(Term.SUPERIOR))))
    room.tick()
    assert room.case.escalated == "superior"
    room.route(agency="dinsos", turn=2)
    assert await listed(room, "leader:dinsos") == [COMPLAINT]


async def test_what_an_agency_sent_back_is_not_brought_before_its_leader() -> None:
    """It lies with the coordinator: no agency is late with it, and oversight sees that it lies."""
    room = Room()
    room.open()
    room.decline()
    for clock in (Term.SUPERIOR, Term.COMPLETE, Term.OVERSIGHT):
        room.clock.now = max(room.clock.now, AMBON.end_of(date.fromisoformat(str(room.due(clock)))))
        room.tick()
    facts = room.documents.kept[COMPLAINT].facts
    late = {row["type"]: row["data"].get("agency") for row in facts if row["by"] == "clock"}
    assert late == {ESCALATED: None, "completion.missed.v1": None}
    assert await listed(room, LEADER) == []
    assert await listed(room, OVERSEER) == [COMPLAINT]


async def test_what_is_archived_is_not_brought_above() -> None:
    """A complaint that routing has archived is nobody's to follow up."""
    room = Room()
    room.open()
    room.decline()
    archived = routing.ComplaintArchived(reason="out_of_scope")
    room.hear(COMPLAINT, "dispositions", archived)
    room.clock.pass_by(timedelta(days=90))
    room.tick()
    assert ESCALATED not in room.types(COMPLAINT)


async def test_oversight_does_not_read_what_is_confidential() -> None:
    """Of a confidential report those above see where it lies, and not what it says."""
    room = silent(Term.OVERSIGHT, confidential=True)
    shown = (await get(room, LADDER, token=OVERSEER)).json()["items"][0]
    assert (shown["title"], shown["agency"]) == (None, "dinas-pu")


@pytest.mark.parametrize(
    ("token", "status"),
    [("liaison:dinas-pu", 403), ("coordinator", 403), ("clerk", 403), ("leader", 200)],
)
async def test_the_ladder_is_for_those_above(token: str, status: int) -> None:
    """Nobody else is shown it; a leader whose token names no agency leads the node."""
    assert (await get(silent(Term.OVERSIGHT), LADDER, token=token)).status_code == status


async def test_21_oversight_of_an_area_reads_the_cases_in_it() -> None:
    """Statement 21: whoever watches over a district sees its cases, as last corrected.

    One of the whole node or from above it reads them all; nobody who watches changes anything.
    """
    room = silent(Term.OVERSIGHT, area="81.71.02")
    case, near, beside = f"/api/v1/cases/{COMPLAINT}", f"{OVERSEER}::81.71.02", "overseer::81.71.05"
    for token, seen in ((near, [COMPLAINT]), (beside, []), (OVERSEER, [COMPLAINT])):
        assert await listed(room, token) == seen
        for path in (case, f"{case}/why"):
            assert (await get(room, path, token=token)).status_code == (200 if seen else 404)
    amended = intake.ComplaintAmended(text="Salah kecamatan.", area="81.71.05")
    room.hear(COMPLAINT, "complaints", amended)
    assert (await get(room, case, token=beside)).status_code == 200
    assert (await get(room, case, token=near)).status_code == 404
    refused = await post(room, "responses", {"text": "Kami."}, token=OVERSEER)
    assert refused.status_code == 403


async def test_the_ladder_comes_in_pages() -> None:
    """Each case is shown once, however small the pages are."""
    room = silent(Term.OVERSIGHT)
    now, room.clock.now = room.clock.now, room.clock.now - timedelta(days=100)
    room.open("other")
    room.clock.now = now
    await room.ask("other", lambda found, under, _: room.cases.tick(found, under))
    first = (await get(room, LADDER, token=OVERSEER, limit=1)).json()
    rest = await listed(room, OVERSEER, after=first["next"])
    assert sorted([first["items"][0]["complaint"], *rest]) == sorted([COMPLAINT, "other"])


async def test_who_watches_over_the_area_that_was_found_reads_the_case() -> None:
    """Where a coordinator put the place right, the reporter's is nobody's any more.

    What the reporter corrects later, or what is heard in another order, changes that no more.
    """
    found = routing.ComplaintVerified(area="81.71.05")
    routed = routing.ComplaintRouted(agency="dinas-pu", turn=1)
    one, other = Room(), Room()
    one.receive(area="81.71.02")
    one.hear(COMPLAINT, "dispositions", found, routed)
    other.hear(COMPLAINT, "dispositions", found, routed)
    other.receive(area="81.71.02")
    moved = intake.ComplaintAmended(text="Di sini.", area="81.71.03")
    for room in (one, other):
        room.hear(COMPLAINT, "complaints", moved)
        answers = [
            (await get(room, f"/api/v1/cases/{COMPLAINT}", f"{OVERSEER}::{area}")).status_code
            for area in ("81.71.02", "81.71.03", "81.71.05")
        ]
        assert answers == [404, 404, 200]
