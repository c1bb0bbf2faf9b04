"""The leader approves an answer before anybody reads it, where the agency wants that."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from services.followup.domain.policy import DEFAULT, Policies, Term
from shared.contracts import intake
from shared.contracts.appeal import ReporterAppealed
from tests.desk import client, headers
from tests.followup.doubles import AMBON, APPROVED, CASE, CASES, COMPLAINT, LIAISON, Room, get, post

DRAFTS = "/api/v1/drafts"
DRAFT = f"{DRAFTS}/{COMPLAINT}"
LEADER = "leader:dinas-pu"
OPENED, DRAFTED, RETURNED = "case.opened.v1", "response.drafted.v1", "draft.returned.v1"
GIVEN, MISSED, RESOLVED = "response.given.v1", "deadline.missed.v1", "case.resolved.v1"
SP4N = DEFAULT.versions[0]


def drafted(*, interim: bool = False) -> Room:
    """Give a room with an answer that waits for the leader of dinas-pu."""
    room = Room(policies=APPROVED)
    room.open()
    room.respond("Sudah ditambal.", interim=interim)
    return room


async def decide(
    room: Room, what: str, body: Any = None, *, token: str = LEADER, seen: int | None = None
) -> Any:
    """Ask as a leader, by default with the present revision."""
    revision = room.documents.kept[COMPLAINT].revision if seen is None else seen
    async with client(room.app) as http:
        given = headers(token, key=f"{what}-{token}-of-enough", seen=revision)
        return await http.post(f"{DRAFT}/{what}", json=body, headers=given)


async def test_statement_31_an_answer_waits_for_its_leader() -> None:
    """Statement 31: told to nobody, the answer lies before the leader, and the clock runs on."""
    room = Room(policies=APPROVED)
    room.open()
    answer = await post(room, "responses", {"text": "Sudah ditambal."})
    shown = answer.json()
    assert (answer.status_code, shown["stage"], shown["responses"]) == (200, "open", 0)
    assert (shown["draft"]["text"], shown["draft"]["by"]) == ("Sudah ditambal.", "liaison-1")
    assert room.types(COMPLAINT) == [OPENED, DRAFTED]
    assert Term.RESPOND in dict(room.case.running())
    listed = (await get(room, DRAFTS, token=LEADER)).json()["items"]
    assert [each["complaint"] for each in listed] == [COMPLAINT]


async def test_21_a_leader_reads_the_cases_of_the_own_agency() -> None:
    """Statement 21: all of them and as its officers do; of another agency's there is none."""
    room = drafted()
    listed = (await get(room, CASES, token=LEADER)).json()["items"]
    assert [each["complaint"] for each in listed] == [COMPLAINT]
    for path in (CASE, f"{CASE}/why"):
        assert (await get(room, path, token=LEADER)).json() == (await get(room, path)).json()
        assert (await get(room, path, token="leader:dinsos")).status_code == 404
    assert (await get(room, CASES, token="leader:dinsos")).json()["items"] == []


async def test_statement_31_what_the_leader_approves_is_told() -> None:
    """Statement 31: approved, the same words are the answer, and the history says by whom."""
    room = drafted()
    answer = await decide(room, "approval")
    assert (answer.status_code, answer.json()["stage"]) == (200, "answered")
    told = room.documents.kept[COMPLAINT].facts[-1]
    assert (told["type"], told["by"]) == (GIVEN, "leader-1")
    assert (told["data"]["text"], told["data"]["reply_by"]) == ("Sudah ditambal.", "2026-04-08")
    assert answer.json()["draft"] is None
    assert (await get(room, DRAFTS, token=LEADER)).json()["items"] == []
    again = await decide(room, "approval")
    assert (again.status_code, len(room.types(COMPLAINT))) == (200, 3)


async def test_an_approval_with_words_is_refused() -> None:
    """Who approves other words than those that lie there is told so, and nothing is answered."""
    room = drafted()
    refused = await decide(room, "approval", {"text": "Ditambal 16 Maret."})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "text")
    assert GIVEN not in room.types(COMPLAINT)


async def test_statement_31_a_draft_is_returned_with_a_reason() -> None:
    """Statement 31: returned, the officer reads why, and writes another one."""
    room = drafted()
    assert (await decide(room, "return", {"reason": "Kapan ditambal?"})).status_code == 200
    shown = (await get(room, CASE)).json()
    assert (shown["draft"], shown["returned_because"]) == (None, "Kapan ditambal?")
    room.respond("Ditambal 16 Maret.")
    shown = (await get(room, CASE)).json()
    assert (shown["draft"]["text"], shown["returned_because"]) == ("Ditambal 16 Maret.", None)
    refused = await decide(room, "return", {"reason": ""}, token="leader:dinas-pu")
    assert refused.status_code == 422


def test_statement_31_the_first_response_counts_from_the_approval() -> None:
    """Statement 31: what was drafted in time and approved too late was answered too late."""
    room = drafted()
    room.clock.now = AMBON.end_of(date(2026, 3, 31))
    room.approve()
    assert room.types(COMPLAINT) == [OPENED, DRAFTED, MISSED, GIVEN]


def test_an_interim_answer_waits_as_well() -> None:
    """An interim answer speaks for the agency too; approved, it leaves the work open."""
    room = drafted(interim=True)
    assert room.case.responses == 0
    room.approve()
    assert (room.case.stage, room.case.responses) == ("open", 1)


def test_an_agency_that_does_not_want_it_answers_at_once() -> None:
    """Only the agencies that the policy names wait for their leaders, from its day on."""
    room = Room(policies=APPROVED)
    room.open(agency="dinsos")
    room.respond()
    assert room.case.stage == "answered"
    version = SP4N.model_copy(
        update={"version": "b", "since": date(2026, 3, 18), "approval": ("dinas-pu",)}
    )
    later = Room(policies=Policies(versions=(SP4N, version)))
    later.open()
    later.respond(interim=True)
    later.clock.pass_by(timedelta(days=1))
    later.respond()
    assert later.types(COMPLAINT) == [OPENED, GIVEN, DRAFTED]


def test_nobody_is_silent_while_an_answer_is_about_to_come() -> None:
    """A second answer that waits for approval keeps the case from being closed in silence."""
    room = drafted()
    room.approve()
    room.respond("Kami perbaiki lagi.")
    room.clock.now = AMBON.end_of(date(2026, 4, 8))
    room.tick()
    assert room.types(COMPLAINT) == [OPENED, DRAFTED, GIVEN, DRAFTED]
    room.approve()
    assert room.due(Term.REPLY) == AMBON.after(date(2026, 4, 9), 10).isoformat()


async def test_a_case_is_not_closed_over_a_waiting_draft() -> None:
    """Closing would throw the draft away without a word, so that is refused."""
    room = drafted()
    room.approve()
    room.respond("Kami perbaiki lagi.")
    refused = await post(room, "resolution", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "draft_waits")


def test_a_draft_ends_with_the_agencys_turn() -> None:
    """Sent back to routing, or confirmed by the reporter, a case has no draft any more."""
    room = drafted()
    room.decline()
    assert (room.case.draft, room.case.approval) == (None, None)
    room.route(agency="dinsos", turn=2)
    assert room.case.draft is None


async def test_an_agencys_drafts_are_for_that_agency_alone() -> None:
    """Neither the agency that comes next reads them in the history, nor who decides from above."""
    room = drafted()
    assert (await decide(room, "return", {"reason": "Kapan ditambal?"})).status_code == 200
    assert {DRAFTED, RETURNED} <= await seen_of(room, CASE, LIAISON)
    room.decline()
    room.route(agency="dinsos", turn=2)
    assert {DRAFTED, RETURNED}.isdisjoint(await seen_of(room, CASE, "liaison:dinsos"))
    room.respond()
    room.resolve()
    about = str(room.case.ending)
    room.hear(COMPLAINT, "complaints", ReporterAppealed(about=about, text="Belum."))
    for token in ("leader", "leader:dinsos"):
        seen = await seen_of(room, f"/api/v1/appeals/{COMPLAINT}", token)
        assert {DRAFTED, RETURNED}.isdisjoint(seen)
        assert RESOLVED in seen


async def seen_of(room: Room, path: str, token: str) -> set[str]:
    """Give the types of the facts that an officer is shown of the case."""
    shown = (await get(room, path, token=token)).json()
    return {each["type"] for each in shown["history"]}


async def test_a_withdrawn_report_needs_no_approval() -> None:
    """What its reporter took back lies before no leader, and is not answered any more."""
    room = drafted()
    room.hear(COMPLAINT, "complaints", intake.ComplaintWithdrawn())
    assert (await get(room, DRAFTS, token=LEADER)).json()["items"] == []
    refused = await decide(room, "approval")
    assert (refused.status_code, refused.json()["code"]) == (409, "withdrawn")


async def test_without_a_draft_there_is_nothing_to_decide() -> None:
    """A leader who comes too late is told so; one who saw an older revision as well."""
    room = Room(policies=APPROVED)
    room.open()
    refused = await decide(room, "approval")
    assert (refused.status_code, refused.json()["code"]) == (409, "no_draft")
    seen = room.documents.kept[COMPLAINT].revision
    await post(room, "responses", {"text": "Sudah."})
    stale = await decide(room, "return", {"reason": "Tidak."}, seen=seen)
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")


async def test_what_was_drafted_under_a_key_stays_a_draft() -> None:
    """A repeat gets the same answer, also on the day from which no approval is wanted."""
    no_more = SP4N.model_copy(update={"version": "b", "since": date(2026, 3, 18)})
    room = Room(policies=Policies(versions=(*APPROVED.versions, no_more)))
    seen = room.open()
    first = await post(room, "responses", {"text": "Sudah."}, seen=seen)
    room.clock.pass_by(timedelta(days=1))
    again = await post(room, "responses", {"text": "Sudah."}, seen=seen)
    assert (again.status_code, again.json()) == (200, first.json())
    assert room.types(COMPLAINT) == [OPENED, DRAFTED]


def test_a_draft_does_not_outlive_the_erasure_of_its_reporter() -> None:
    """It may name the person, and approved it would be told to everybody; it is written anew."""
    room = drafted()
    room.hear(COMPLAINT, "complaints", intake.ReporterErased(redactions=()))
    assert room.case.draft is None
