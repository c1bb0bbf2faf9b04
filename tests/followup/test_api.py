"""The liaison officer's door: who may, what is shown, what is refused and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from shared.contracts import intake
from tests.followup.doubles import CASE, CASES, COMPLAINT, Room, get, post

ROUTES: tuple[tuple[str, str, Mapping[str, Any] | None], ...] = (
    ("GET", CASES, None),
    ("GET", CASE, None),
    ("GET", f"{CASE}/why", None),
    ("POST", f"{CASE}/responses", {"text": "Sudah diperbaiki."}),
    ("POST", f"{CASE}/decline", {"reason": "Bukan wewenang kami."}),
    ("POST", f"{CASE}/resolution", {"note": "Selesai."}),
)
POSTS = [(path, body) for method, path, body in ROUTES if method == "POST"]


async def test_a_liaison_without_agency_sees_nothing() -> None:
    """A token that names no agency is told so, rather than shown everybody's cases."""
    room = Room()
    room.open()
    answer = await get(room, CASES, token="liaison")
    assert (answer.status_code, answer.json()["code"]) == (403, "no_agency")


@pytest.mark.parametrize("token", ["liaison:dinsos", "liaison:dinas", "liaison:dinas-pu2"])
async def test_another_agencys_case_is_not_there(token: str) -> None:
    """To another agency the case does not exist, and not even its revision can be guessed."""
    room = Room()
    room.open()
    assert (await get(room, CASES, token=token)).json()["items"] == []
    assert (await get(room, CASE, token=token)).status_code == 404
    for path, body in POSTS:
        for seen in (0, 1, 2):
            answer = await post(room, path.rpartition("/")[2], body, token=token, seen=seen)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert room.types(COMPLAINT) == ["case.opened.v1"]


async def test_the_desk_shows_what_is_due_first_in_pages() -> None:
    """Cases come in the order of their due dates, each once, however small the pages are."""
    room = Room()
    ids = [f"01a2b3c4-0000-7000-8000-{n:012d}" for n in range(7)]
    for complaint in reversed(ids):
        room.open(complaint)
    room.open("elsewhere", "dinas-pu2")
    seen: list[str] = []
    after: str | None = None
    while True:
        query: dict[str, Any] = {"limit": 3} | ({"after": after} if after else {})
        page = (await get(room, CASES, **query)).json()
        seen += [each["complaint"] for each in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert seen == ids


async def test_an_answered_case_leaves_the_desk_of_the_open() -> None:
    """What was answered stands in a list of its own and hides nothing that still waits."""
    room = Room()
    room.open()
    await post(room, "responses", {"text": "Sedang dikerjakan."})
    assert (await get(room, CASES)).json()["items"] == []
    answered = (await get(room, CASES, stage="answered")).json()["items"]
    assert [each["complaint"] for each in answered] == [COMPLAINT]


async def test_a_case_shows_its_facts_and_its_revision() -> None:
    """One case comes with its history and with the ETag that a change has to bring."""
    room = Room()
    revision = room.open()
    answer = await get(room, CASE)
    shown = answer.json()
    assert answer.headers["etag"] == f'"{revision}"'
    assert [each["type"] for each in shown["history"]] == ["case.opened.v1"]
    assert shown["respond_by"] == "2026-03-31"
    assert "reporter" not in answer.text.lower()


async def test_respond_then_resolve() -> None:
    """A case is answered and closed, and the history says by whom."""
    room = Room()
    room.open()
    answered = await post(room, "responses", {"text": "Sudah ditambal."})
    assert (answered.status_code, answered.json()["stage"]) == (200, "answered")
    closed = await post(room, "resolution", {}, key="another-key-of-enough")
    assert closed.json()["stage"] == "resolved"
    assert [each["by"] for each in closed.json()["history"]] == [None, "liaison-1", "liaison-1"]
    again = await post(room, "responses", {"text": "…"}, key="a-third-key-of-enough")
    assert (again.status_code, again.json()["code"]) == (409, "wrong_stage")


async def test_a_stale_officer_is_told() -> None:
    """Of two officers at once one wins, the other gets 412 and nothing happens twice."""
    room = Room()
    seen = room.open()
    assert (await post(room, "responses", {"text": "Satu."}, seen=seen)).status_code == 200
    late = await post(room, "responses", {"text": "Dua."}, key="another-key-of-enough", seen=seen)
    assert (late.status_code, late.json()["code"]) == (412, "stale")
    assert room.types(COMPLAINT) == ["case.opened.v1", "response.given.v1"]


@pytest.mark.parametrize(("path", "body"), POSTS[:2])
async def test_the_same_key_gets_the_same_answer(path: str, body: Any) -> None:
    """A request told twice happens once; even when the revision has moved on."""
    room = Room()
    seen, what = room.open(), path.rpartition("/")[2]
    first = await post(room, what, body, seen=seen)
    again = await post(room, what, body, seen=seen)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert first.headers["etag"] == again.headers["etag"]
    assert len(room.types(COMPLAINT)) == 2


async def test_a_key_stands_for_one_thing() -> None:
    """A key that was used for a response cannot be used to close the case."""
    room = Room()
    room.open()
    await post(room, "responses", {"text": "Sudah."})
    other = await post(room, "resolution", {})
    assert (other.status_code, other.json()["code"]) == (422, "key_used")


@pytest.mark.parametrize(
    ("path", "body", "other"),
    [
        ("responses", {"text": "Sudah."}, {"text": "Belum."}),
        ("decline", {"reason": "Bukan kami."}, {"reason": "Bukan wewenang."}),
        ("resolution", {"note": "Selesai."}, {}),
    ],
)
async def test_a_key_with_another_body_is_refused(path: str, body: Any, other: Any) -> None:
    """Who says something else under a used key is not told that it was done."""
    room = Room()
    room.open()
    if path == "resolution":
        await post(room, "responses", {"text": "Sudah."}, key="another-key-of-enough")
    first = await post(room, path, body)
    told = room.types(COMPLAINT)
    answer = await post(room, path, other)
    assert (first.status_code, answer.status_code) == (200, 422)
    assert answer.json()["code"] == "key_used"
    assert room.types(COMPLAINT) == told


async def test_a_declined_case_passes_on() -> None:
    """Told again after another agency took over, declining shows nothing of what came after it."""
    room = Room()
    room.open()
    room.hear(COMPLAINT, "complaints", intake.ReporterReplied(text="Kapan?"))
    first = await post(room, "decline", {"reason": "Bukan wewenang."})
    room.route(agency="dinsos", turn=2)
    room.hear(COMPLAINT, "complaints", intake.ReporterReplied(text="Bagaimana?"))
    room.clock.pass_by(timedelta(days=30))
    said, dinsos = {"text": "Rahasia dinsos."}, "liaison:dinsos"
    answered = await post(room, "responses", said, token=dinsos, key="another-key-of-enough")
    assert (answered.status_code, answered.json()["overdue"]) == (200, True)
    again = await post(room, "decline", {"reason": "Bukan wewenang."}, seen=0)
    unknown: dict[str, Any] = {"revision": 0, "replies": 0, "replied": []}
    unknown |= dict.fromkeys(("title", "text", "area"))
    assert (again.status_code, again.json()) == (200, first.json() | unknown)
    assert again.headers["etag"] == '"0"'
    assert (await get(room, CASE)).status_code == 404
