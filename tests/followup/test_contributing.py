"""Several agencies at once: one answers, the others contribute, the reporter reads one answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.followup.domain.contributing import MOST_CONTRIBUTIONS
from services.followup.domain.policy import Term
from shared.contracts import intake
from shared.contracts.appeal import ReporterAppealed
from shared.contracts.contribution import ContributionAsked
from shared.contracts.fact import BLANKED, Redaction
from shared.contracts.vocabulary import ErasureReason
from tests.desk import client, headers
from tests.followup.doubles import APPROVED, CASE, CASES, COMPLAINT, LIAISON, Room, get, post

SHARED = "/api/v1/contributions"
MINE = f"{SHARED}/{COMPLAINT}"
DINSOS, STRANGER = "liaison:dinsos", "liaison:dukcapil"
SAID = {"text": "Warga sudah didata."}


def shared_case() -> Room:
    """Give a case that dinas-pu answers and to which two others contribute."""
    room = Room()
    room.receive()
    room.route(contributors=("dinsos", "pdam"))
    return room


async def contribute(
    room: Room,
    body: Any = SAID,
    *,
    token: str = DINSOS,
    key: str = "a-key-of-sixteen-or-more",
    seen: int | None = None,
) -> httpx.Response:
    """Contribute, by default with the present revision."""
    revision = room.documents.kept[COMPLAINT].revision if seen is None else seen
    async with client(room.app) as http:
        return await http.post(MINE, json=body, headers=headers(token, key=key, seen=revision))


def test_each_who_contributes_is_asked() -> None:
    """The case lies with one agency; every other one named is asked, once."""
    room = shared_case()
    told = [row["data"].get("agency") for row in room.documents.kept[COMPLAINT].facts]
    assert told == ["dinas-pu", "dinsos", "pdam"]
    room.hear(COMPLAINT, "dispositions")
    types = ["case.opened.v1", "contribution.asked.v1", "contribution.asked.v1"]
    assert room.types(COMPLAINT) == types


async def test_who_was_asked_finds_the_case_until_having_contributed() -> None:
    """It lies on the desk of each until that one has given something, and on the lead's as ever."""
    room = shared_case()
    for token in (DINSOS, "liaison:pdam"):
        items = (await get(room, SHARED, token)).json()["items"]
        assert [(each["complaint"], each["agency"]) for each in items] == [(COMPLAINT, "dinas-pu")]
    given = await contribute(room)
    assert given.status_code == 200, given.text
    assert given.json()["contributions"][0]["text"] == SAID["text"]
    assert (await get(room, SHARED, DINSOS)).json()["items"] == []
    assert len((await get(room, SHARED, "liaison:pdam")).json()["items"]) == 1
    assert len((await get(room, CASES)).json()["items"]) == 1


async def test_a_page_of_contributions_ends_where_the_next_begins() -> None:
    """Whichever place an agency was named at, each case is on exactly one page, due first."""
    room = Room()
    for number in range(5):
        complaint = f"01a2b3c4-0000-7000-8000-{number:012d}"
        room.receive(complaint)
        names = ("dinsos", "pdam") if number % 2 else ("pdam", "dinsos")
        room.route(complaint, contributors=names)
    seen: list[str] = []
    after: str | None = None
    while True:
        query = {"limit": 2, **({"after": after} if after else {})}
        page = (await get(room, SHARED, DINSOS, **query)).json()
        seen += [each["complaint"] for each in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert seen == sorted(room.documents.kept)


async def test_the_lead_reads_what_was_contributed_and_answers_once() -> None:
    """A contribution is no answer: stage and clocks stay, until the lead answers for all."""
    room = shared_case()
    due = room.due(Term.RESPOND)
    await contribute(room)
    state = room.documents.kept[COMPLAINT].state
    assert (state.stage, state.responded_at, room.due(Term.RESPOND)) == ("open", None, due)
    lead = (await get(room, MINE)).json()
    assert [each["agency"] for each in lead["contributions"]] == ["dinsos", "pdam"]
    answered = await post(room, "responses", {"text": "Sudah ditangani bersama."}, key="k" * 16)
    assert (answered.status_code, answered.json()["stage"]) == (200, "answered")
    assert (await get(room, SHARED, "liaison:pdam")).json()["items"] == []


async def test_who_contributes_cannot_answer_and_strangers_see_nothing() -> None:
    """Only the lead answers, declines, closes; whoever was not asked does not learn of the case."""
    room = shared_case()
    refused = await post(room, "responses", {"text": "Kami yang jawab."}, token=DINSOS)
    assert refused.status_code == 404
    assert (await get(room, CASE, DINSOS)).status_code == 404
    assert (await get(room, MINE, DINSOS)).status_code == 200
    assert (await get(room, MINE, STRANGER)).status_code == 404
    assert (await contribute(room, token=STRANGER, seen=99)).status_code == 404
    assert (await contribute(room, token=LIAISON)).status_code == 404


async def test_a_contribution_is_given_once_under_a_key_and_can_be_put_right() -> None:
    """Told twice it happens once; said anew, the last words stand; stale ones are refused."""
    room = shared_case()
    seen = room.documents.kept[COMPLAINT].revision
    first = await contribute(room, seen=seen)
    assert (await contribute(room, seen=seen)).json() == first.json()
    assert room.types(COMPLAINT).count("contribution.given.v1") == 1
    stale = await contribute(room, {"text": "Lain."}, key="another-key-of-enough", seen=seen)
    assert stale.status_code == 412
    anew = await contribute(room, {"text": "Sudah selesai."}, key="another-key-of-enough")
    assert anew.json()["contributions"][0]["text"] == "Sudah selesai."
    bad = await contribute(room, {"text": ""}, key="a-third-key-of-enough")
    assert (bad.status_code, bad.json()["errors"][0]["field"]) == (422, "text")


async def test_nobody_who_contributes_can_shut_the_lead_out() -> None:
    """An agency has ten contributions in a turn, and the others and the lead have theirs."""
    room = shared_case()
    for nth in range(MOST_CONTRIBUTIONS):
        given = await contribute(room, {"text": "x" * 5000}, key=f"key-{nth:020d}")
        assert given.status_code == 200, given.text
    refused = await contribute(room, key="one-more-key-of-enough")
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_contributions")
    other = await contribute(room, token="liaison:pdam", key="another-key-of-enough")
    assert other.status_code == 200, other.text
    room.route(turn=2, contributors=("dinsos",), words="Masih perlu.")
    assert (await contribute(room, key="next-turn-key-of-enough")).status_code == 200


async def test_the_lead_has_room_where_contributors_have_none_left() -> None:
    """However many turns were contributed to, its answer is not refused for their words."""
    room = shared_case()
    refused = None
    for nth in range(100):
        if nth % MOST_CONTRIBUTIONS == 0 and nth:
            room.route(turn=room.case.turn + 1, contributors=("dinsos",), words="Lagi.")
        given = await contribute(room, {"text": "x" * 5000}, key=f"key-{nth:020d}")
        if given.status_code != 200:
            refused = given.json()
            break
    assert refused is not None
    assert refused["code"] == "history_full"
    answered = await post(room, "responses", {"text": "Jawaban."}, key="k" * 16)
    assert answered.status_code == 200, answered.text


async def test_who_comes_too_late_to_contribute_is_told_when_it_can_be_done() -> None:
    """Once the lead has declined or closed the case, the refusal says what could open it again."""
    declined, closed = shared_case(), shared_case()
    declined.decline()
    closed.respond()
    closed.resolve()
    for room, word in ((declined, "the next one may ask you"), (closed, "taken up again")):
        refused = (await contribute(room)).json()
        assert refused["code"] == "wrong_stage"
        assert word in refused["detail"]


async def test_another_turn_of_the_same_lead_takes_nothing_back() -> None:
    """Where only the contributors change, answer, unit and what was given stand; each is asked."""
    room = shared_case()
    await contribute(room)
    unit = await post(room, "assignment", {"unit": "jalan"}, key="unit-key-of-enough")
    assert unit.status_code == 200, unit.text
    room.respond()
    answer = room.case.answer
    room.clock.pass_by(timedelta(hours=1))
    room.route(turn=2, contributors=("dinsos", "dukcapil"), words="Dukcapil juga.")
    state = room.case
    assert (state.turn, state.stage, state.unit) == (2, "answered", "jalan")
    assert state.answer == answer is not None
    shown = (await get(room, MINE, DINSOS)).json()["contributions"]
    assert [(each["agency"], each["text"]) for each in shown] == [
        ("dinsos", SAID["text"]),
        ("dukcapil", None),
    ]
    assert (await get(room, MINE, "liaison:pdam")).status_code == 404
    assert (await get(room, SHARED, DINSOS)).json()["items"] == []
    assert len((await get(room, SHARED, STRANGER)).json()["items"]) == 1
    room.clock.pass_by(timedelta(hours=1))
    solved = intake.ReporterRated(about=str(answer), agency="dinas-pu", score=5, solved=True)
    room.hear(COMPLAINT, "complaints", solved)
    assert room.case.stage == "resolved"


def test_a_draft_waits_on_in_another_turn_of_the_same_lead() -> None:
    """Its leader approves what was written, whoever contributes meanwhile."""
    room = Room(policies=APPROVED)
    room.open()
    room.respond("Rancangan.")
    room.route(turn=2, contributors=("dinsos",), words="Dinsos juga.")
    assert room.case.draft is not None
    assert room.case.draft.text == "Rancangan."


async def test_a_lead_that_had_declined_begins_anew() -> None:
    """Sent back and routed to it again, the case is open and lies with none of its units."""
    room = shared_case()
    assert (await post(room, "assignment", {"unit": "jalan"})).status_code == 200
    room.decline()
    room.route(turn=2, words="Memang dinas-pu.")
    assert (room.case.stage, room.case.unit) == ("open", None)


async def test_another_turn_asks_anew() -> None:
    """Re-routed, the case is another lead's with its own contributors; no clock begins anew."""
    room = shared_case()
    due = room.due(Term.RESPOND)
    room.clock.pass_by(timedelta(days=1))
    room.route(agency="dinsos", turn=2, contributors=("dukcapil",))
    state = room.documents.kept[COMPLAINT].state
    assert [each.agency for each in state.beside] == ["dukcapil"]
    assert (state.agency, room.due(Term.RESPOND)) == ("dinsos", due)
    assert (await get(room, SHARED, "liaison:pdam")).json()["items"] == []


async def test_who_contributes_reads_nothing_that_the_lead_has_only_drafted() -> None:
    """A draft is between the lead's officers and their leader."""
    room = Room(policies=APPROVED)
    room.receive()
    room.route(contributors=("dinsos",))
    room.respond("Rancangan.")
    assert room.case.draft is not None
    assert "Rancangan." not in (await get(room, MINE, DINSOS)).text


async def test_every_erasure_blanks_contributions_unnamed() -> None:
    """No reporter reads them, so nobody has to find them; that something was given stays known."""
    room = shared_case()
    await contribute(room)
    said = intake.ReporterErased(reason=ErasureReason.REQUEST, redactions=())
    room.hear(COMPLAINT, "complaints", said)
    assert SAID["text"] not in repr(room.documents.kept[COMPLAINT])
    given = (await get(room, MINE, DINSOS)).json()["contributions"][0]
    assert given["text"] == BLANKED
    assert given["at"] is not None
    assert SAID["text"] not in (await get(room, CASE)).text


@pytest.mark.parametrize("late", [False, True])
def test_why_it_came_from_another_agency_is_read_until_an_erasure_names_it(*, late: bool) -> None:
    """The next agency reads the coordinator's words; whichever is heard first, they are gone."""
    words, room, other = "Ibu Sarinah, bukan jalan kota.", shared_case(), shared_case()
    other.route(agency="dinsos", turn=2, words=words)
    because = other.case.routed_because
    assert because is not None
    assert because.text == words
    named = Redaction(stream="dispositions", pair=because.pair, field="words")
    said = intake.ReporterErased(reason=ErasureReason.REQUEST, redactions=(named,))
    if late:
        room.hear(COMPLAINT, "complaints", said)
    room.route(agency="dinsos", turn=2, words=words)
    if not late:
        room.hear(COMPLAINT, "complaints", said)
    assert room.case.routed_because is not None
    assert room.case.routed_because.text == BLANKED
    assert "Sarinah" not in repr(room.documents.kept[COMPLAINT])


def test_a_turn_that_was_decided_before_the_end_was_heard_of_begins() -> None:
    """Closed while routing sent it on, the case is open with the next agency, and no end stands.

    Its reporter, who had objected to the end, is told that nobody decides on that any more.
    """
    room = shared_case()
    room.respond()
    room.resolve()
    room.hear(COMPLAINT, "complaints", ReporterAppealed(about=str(room.case.ending), text="No."))
    assert room.case.appeal is not None
    room.route(agency="dinsos", turn=2)
    assert (room.case.stage, room.case.agency) == ("open", "dinsos")
    assert room.case.ending is None
    assert room.case.appeal is None
    refused = room.documents.kept[COMPLAINT].facts[-2]
    assert refused["type"] == "appeal.refused.v1"
    ends = [row["id"] for row in room.documents.kept[COMPLAINT].facts if "resolved" in row["type"]]
    says = {"about": ends[-1], "because": "moot", "moot_by": "moved", "agency": "dinas-pu"}
    assert refused["data"] == says


def test_what_was_asked_of_an_older_turn_binds_nobody() -> None:
    """Facts that a restored line tells late change nothing of the present turn."""
    room = shared_case()
    room.route(agency="dinsos", turn=2)
    late = ContributionAsked(agency="pdam", turn=1, lead="dinas-pu")
    assert room.hear(COMPLAINT, "cases", late).state.beside == ()
