"""Asked again after a case passed on, an agency reads what it left, and nothing of the next."""

from __future__ import annotations

from datetime import timedelta

import httpx

from services.followup.domain.policy import DEFAULT, Outage, Policies, Term
from shared.contracts import routing
from tests.followup.doubles import AMBON, COMPLAINT, Room, post
from tests.followup.test_contributing import SAID, contribute, shared_case

SECRET = "Konsep yang belum disetujui."
NEXT = DEFAULT.versions[0].model_copy(update={"approval": ("dinsos",)})
"""The usual policy, by which the next agency has its answers approved."""


async def declined(room: Room) -> httpx.Response:
    """Decline as the first agency; asked again, under the same key."""
    return await post(room, "decline", {"reason": "Bukan kami."}, key="decline-key-of-enough")


async def drafted(room: Room) -> None:
    """Leave an answer of the next agency waiting for its leader."""
    draft = await post(room, "responses", {"text": SECRET}, token="liaison:dinsos", key="d" * 16)
    assert (draft.status_code, draft.json()["draft"]["text"]) == (200, SECRET)


def assert_left(again: httpx.Response) -> None:
    """Find the case as its first agency declined it, and nothing that came after."""
    assert again.status_code == 200, again.text
    shown = again.json()
    assert (shown["stage"], shown["agency"], shown["turn"]) == ("declined", "dinas-pu", 1)
    assert shown["draft"] is None
    assert SECRET not in again.text
    assert "dinsos" not in again.text


async def test_who_declined_and_contributes_now_reads_no_draft_of_the_next_agency() -> None:
    """What it gives in the next turn is no door to what the lead has only drafted."""
    room = Room(policies=Policies(versions=(NEXT,)))
    room.open()
    first = await declined(room)
    said = routing.ComplaintRouted(agency="dinsos", turn=2, contributors=("dinas-pu",))
    room.hear(COMPLAINT, "dispositions", said)
    await drafted(room)
    given = await contribute(room, token="liaison:dinas-pu")
    assert given.status_code == 200, given.text
    again = await declined(room)
    assert_left(again)
    assert again.json()["history"] == first.json()["history"]


async def test_whose_missed_date_is_excused_later_reads_no_draft_of_the_next_agency() -> None:
    """The excuse names the agency that was late, in the turn of another."""
    room = Room()
    room.open()
    due = room.case.due_on(Term.RESPOND)
    assert due is not None
    passed = AMBON.end_of(due)
    room.clock.pass_by(timedelta(days=20))
    await declined(room)
    room.route(agency="dinsos", turn=2)
    hour = timedelta(hours=1)
    outage = Outage(link="x", since=passed - hour, until=passed + hour, because="Kabel putus.")
    later = Room(room.clock, policies=Policies(versions=(NEXT,), outages=(outage,)))
    kept = room.documents.kept[COMPLAINT]
    later.documents.kept[COMPLAINT] = kept
    await drafted(later)
    kept = later.documents.kept[COMPLAINT]
    amended = later.cases.amend(kept, "fingerprint", later.clock.under())
    assert amended.facts[-1]["type"] == "deadline.excused.v1"
    later.documents.kept[COMPLAINT] = amended
    assert_left(await declined(later))


async def test_a_contribution_that_is_sent_again_after_the_turn_is_found_done() -> None:
    """Its answer was lost on the way; the agency reads its own words, and no later ones."""
    room = shared_case()
    seen = room.documents.kept[COMPLAINT].revision
    assert (await contribute(room, seen=seen)).status_code == 200
    room.route(agency="dukcapil", turn=2, contributors=("pdam",), words="Bukan jalan kota.")
    later = {"text": "Kata giliran kedua."}
    given = await contribute(room, later, token="liaison:pdam", key="another-key-of-enough")
    assert given.status_code == 200, given.text
    again = await contribute(room, seen=seen)
    assert again.status_code == 200, again.text
    shown = again.json()
    assert (shown["turn"], shown["agency"]) == (1, "dinas-pu")
    assert shown["contributions"][0]["text"] == SAID["text"]
    assert later["text"] not in again.text
    assert (await contribute(room, key="a-third-key-of-enough")).status_code == 404
