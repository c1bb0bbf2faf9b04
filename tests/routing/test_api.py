"""The coordinator's door: who may, what is shown, what is refused and why."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

import pytest

from shared.contracts import followup, intake
from tests.desk import BROKEN_BODIES, client, headers
from tests.routing.doubles import COMPLAINT, QUEUE, SHOWN, TOKEN, Room, get, post


async def test_the_queue_is_oldest_first_and_complete() -> None:
    """Complaints received in one moment are each on exactly one page, older ones before them."""
    room = Room()
    ids = [f"01a2b3c4-0000-7000-8000-{n:012d}" for n in range(7)]
    for complaint in reversed(ids[1:]):
        room.receive(complaint)
    room.receive(ids[0], received_at=room.clock.now - timedelta(days=1))
    room.receive("routed", category="jalan")
    seen: list[str] = []
    after = ""
    while True:
        page = (await get(room, QUEUE, limit=2, after=after)).json()
        seen += [each["complaint"] for each in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert seen == ids


async def test_one_of_very_many_is_marked_in_the_queue() -> None:
    """Whoever verifies sees that many came from one place that hour; it waits like the others."""
    room = Room()
    room.receive(crowd="address")
    assert [each["crowd"] for each in (await get(room, QUEUE)).json()["items"]] == ["address"]


@pytest.mark.parametrize(
    ("category", "known"), [("potholes", False), ("bansos", True), ("taman", True), (None, None)]
)
async def test_a_category_that_nobody_knows_is_marked_in_the_queue(
    category: str | None, *, known: bool | None
) -> None:
    """A publisher's own is taken as it is; whoever verifies sees that nobody answers for it."""
    room = Room()
    room.receive(category=category, area="82.71")
    (shown,) = (await get(room, QUEUE)).json()["items"]
    assert (shown["category"], shown["category_known"]) == (category, known)
    verified = await post(room, "verification", {"category": "jalan"})
    assert verified.json()["category_known"] is True


@pytest.mark.parametrize(
    ("agency", "known"), [("dinas-pu", True), ("dinas-pupt", False), (None, None)]
)
async def test_an_agency_that_nobody_knows_is_marked_in_the_queue(
    agency: str | None, *, known: bool | None
) -> None:
    """No rule sends it where its reporter did not mean it to go; a coordinator sees why."""
    room = Room()
    room.receive(agency=agency, area="82.71")
    (shown,) = (await get(room, QUEUE)).json()["items"]
    assert (shown["wanted_agency"], shown["wanted_known"]) == (agency, known)


@pytest.mark.parametrize("there", ["jalan", "taman"])
async def test_a_coordinator_names_a_category_that_somebody_knows(there: str) -> None:
    """One of a rule or of the categories file; another is refused, naming the nearest."""
    room = Room()
    room.receive(category="potholes")
    wrong = await post(room, "verification", {"category": f"{there}s"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "unknown_category")
    assert f"Did you mean '{there}'?" in wrong.json()["errors"][0]["detail"]
    assert room.types(COMPLAINT) == []
    right = await post(room, "verification", {"category": there}, key="another-key-of-enough")
    assert (right.status_code, right.json()["category"]) == (200, there)


async def test_a_verification_is_answered_again_whatever_the_register_says_now() -> None:
    """What was done under a key is not refused because its category has gone since."""
    room = Room()
    room.receive()
    first = await post(room, "verification", {"category": "taman"})
    known = dataclasses.replace(room.routing.known, filed=frozenset())
    room.routing = dataclasses.replace(room.routing, known=known)
    del room.app
    again = await post(room, "verification", {"category": "taman"}, seen=0)
    assert (again.status_code, again.json()["revision"]) == (200, first.json()["revision"])


async def test_4_a_confidential_report_is_not_listed_from_above() -> None:
    """Statement 4: whoever decides here sees it; a coordinator of the province does not."""
    room = Room()
    room.receive(confidential=True)
    for token, seen in ((TOKEN, 1), ("coordinator::81", 0), ("leader::00", 0)):
        assert len((await get(room, QUEUE, token=token)).json()["items"]) == seen


async def test_a_complaint_is_verified_and_routed() -> None:
    """A coordinator verifies, then routes; the history says who did it."""
    room = Room()
    room.receive()
    verified = await post(room, "verification", {"category": "jalan"})
    assert (verified.status_code, verified.json()["category"]) == (200, "jalan")
    routed = await post(room, "route", {"agency": "dinas-pu"}, key="another-key-of-enough")
    assert (routed.json()["stage"], routed.json()["agency"]) == ("routed", "dinas-pu")
    facts = room.documents.kept[COMPLAINT].facts
    assert [row["type"] for row in facts] == ["complaint.verified.v1", "complaint.routed.v1"]
    assert {row["by"] for row in facts} == {"coordinator-1"}
    assert (await get(room, QUEUE)).json()["items"] == []


async def test_routing_verifies_what_was_not() -> None:
    """A complaint that is routed at once counts as verified by the same officer."""
    room = Room()
    room.receive()
    await post(room, "route", {"agency": "dinsos"})
    assert room.types(COMPLAINT) == ["complaint.verified.v1", "complaint.routed.v1"]


async def test_a_declined_complaint_is_routed_again() -> None:
    """It waits with the agency's reason, and its next disposition is the second turn."""
    room = Room()
    room.receive(category="jalan")
    declined = followup.DispositionDeclined(agency="dinas-pu", turn=1, reason="bukan kami")
    room.hear(COMPLAINT, "cases", declined)
    waiting = (await get(room, QUEUE)).json()["items"]
    assert [each["declined_because"] for each in waiting] == ["bukan kami"]
    again = await post(room, "route", {"agency": "dinsos"})
    assert (again.json()["turn"], again.json()["declined_because"]) == (2, None)


async def test_a_stale_officer_is_told() -> None:
    """Of two coordinators at once one wins, the other gets 412 and nothing happens twice."""
    room = Room()
    room.receive()
    seen = room.documents.kept[COMPLAINT].revision
    assert (await post(room, "route", {"agency": "dinsos"}, seen=seen)).status_code == 200
    late = await post(room, "route", {"agency": "dukcapil"}, key="another-key-of-enough", seen=seen)
    assert (late.status_code, late.json()["code"]) == (412, "stale")
    now = await post(room, "route", {"agency": "dukcapil"}, key="a-third-key-of-enough")
    assert (now.status_code, now.json()["code"]) == (422, "no_words")


@pytest.mark.parametrize(
    ("path", "body"), [("verification", {"note": "Ya."}), ("route", {"agency": "dinsos"})]
)
async def test_the_same_key_gets_the_same_answer(path: str, body: Any) -> None:
    """A request told twice happens once; even when the revision has moved on."""
    room = Room()
    room.receive()
    seen = room.documents.kept[COMPLAINT].revision
    first = await post(room, path, body, seen=seen)
    told = room.types(COMPLAINT)
    again = await post(room, path, body, seen=seen)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert first.headers["etag"] == again.headers["etag"]
    assert room.types(COMPLAINT) == told


async def test_a_key_stands_for_one_thing() -> None:
    """A key by which a complaint was routed cannot verify it as well."""
    room = Room()
    room.receive()
    await post(room, "verification", {})
    second = await post(room, "route", {"agency": "dinsos"}, key="another-key-of-enough")
    assert second.status_code == 200
    other = await post(room, "verification", {}, key="another-key-of-enough")
    assert (other.status_code, other.json()["code"]) == (422, "key_used")


@pytest.mark.parametrize(
    ("path", "body", "other"),
    [
        ("verification", {"note": "Ya."}, {"note": "Tidak."}),
        ("verification", {}, {"category": "jalan"}),
        ("route", {"agency": "dinsos"}, {"agency": "dukcapil"}),
    ],
)
async def test_a_key_with_another_body_is_refused(path: str, body: Any, other: Any) -> None:
    """Who says something else under a used key is not told that it was done."""
    room = Room()
    room.receive()
    await post(room, path, body)
    told = room.types(COMPLAINT)
    answer = await post(room, path, other)
    assert (answer.status_code, answer.json()["code"]) == (422, "key_used")
    assert room.types(COMPLAINT) == told


async def test_a_refused_request_uses_no_key() -> None:
    """What was refused can be asked again, put right, under the same key."""
    room = Room()
    room.receive()
    assert (await post(room, "route", {"agency": "nobody"})).status_code == 422
    assert (await post(room, "route", {"agency": "dinsos"})).status_code == 200


async def test_a_key_by_which_it_was_routed_at_once_verifies_nothing() -> None:
    """Routing also verifies, but who asked for it did not ask to verify."""
    room = Room()
    room.receive()
    await post(room, "route", {"agency": "dinsos"})
    answer = await post(room, "verification", {})
    assert (answer.status_code, answer.json()["code"]) == (422, "key_used")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("route", {}, "agency"),
        ("route", {"agency": "nobody"}, "agency"),
        ("route", {"agency": "A B"}, "agency"),
        ("route", {"agency": None}, "agency"),
        ("route", {"agency": "dinsos", "area": "81"}, "area"),
        ("verification", {"category": "Jalan Raya"}, "category"),
        ("verification", {"note": ""}, "note"),
        ("verification", {"note": "x" * 5001}, "note"),
        ("verification", {"notes": "x"}, "notes"),
    ],
)
async def test_a_bad_body_is_named(path: str, body: Any, field: str) -> None:
    """What is wrong is said with its field, and nothing is changed."""
    room = Room()
    room.receive()
    answer = await post(room, path, body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert field in [error["field"] for error in answer.json()["errors"]]
    assert "pattern" not in answer.text
    assert room.types(COMPLAINT) == []


@pytest.mark.parametrize(("raw", "kind", "status"), BROKEN_BODIES)
async def test_a_broken_body_is_a_problem(raw: bytes, kind: str, status: int) -> None:
    """Whatever is sent, the answer is a problem document and not a crash."""
    room = Room()
    room.receive()
    given = headers(TOKEN, seen=1) | {"content-type": kind}
    async with client(room.app) as http:
        answer = await http.post(f"{SHOWN}/verification", content=raw, headers=given)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("changed", "status"),
    [({"if-match": None}, 428), ({"if-match": "7"}, 400), ({"idempotency-key": "short"}, 400)],
)
async def test_headers_must_be_as_they_must(changed: dict[str, str | None], status: int) -> None:
    """A change says in If-Match what was seen; a key is long enough to be one's own."""
    room = Room()
    room.receive()
    given = headers(TOKEN, seen=1) | changed
    async with client(room.app) as http:
        said = {name: value for name, value in given.items() if value is not None}
        answer = await http.post(f"{SHOWN}/verification", json={}, headers=said)
    assert answer.status_code == status


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"after": "7"}, {"after": "!"}])
async def test_a_bad_question_is_named(query: dict[str, Any]) -> None:
    """Pages are bounded, and a place in the queue has one form."""
    answer = await get(Room(), QUEUE, **query)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == next(iter(query))


async def test_what_is_not_known_is_not_found() -> None:
    """Neither an unknown complaint nor one of which only an agency has spoken is shown."""
    room = Room()
    room.hear(COMPLAINT, "cases", followup.CaseResolved(agency="dinsos"))
    assert (await get(room, SHOWN)).status_code == 404
    assert (await get(room, f"{SHOWN}x")).status_code == 404
    assert (await post(room, "verification", {})).status_code == 404


async def test_a_history_without_room_sends_requests_elsewhere() -> None:
    """At three quarters of its bound a history takes no more requests, and says what to do."""
    room = Room()
    room.receive()
    for n in range(150):
        seen = room.documents.kept[COMPLAINT].revision
        await post(room, "verification", {"note": f"{n}"}, key=f"key-number-{n:06d}", seen=seen)
    full = await post(room, "verification", {}, key="one-more-than-there-is-room")
    assert (full.status_code, full.json()["code"]) == (409, "history_full")


async def test_the_report_that_it_goes_on_from_is_shown() -> None:
    """In the reporter's word; whoever is erased has it no more."""
    room = Room()
    room.receive(continues="8171-4F8C-0ZWB-K")
    assert (await get(room, SHOWN)).json()["continues"] == "8171-4F8C-0ZWB-K"
    room.hear(COMPLAINT, "complaints", intake.ReporterErased(redactions=()))
    assert (await get(room, SHOWN)).json()["continues"] is None
