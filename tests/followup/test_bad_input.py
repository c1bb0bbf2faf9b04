"""What a liaison officer may send wrongly, and what is said of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.desk import BROKEN_BODIES, client, headers
from tests.followup.doubles import CASE, CASES, COMPLAINT, LIAISON, Room, get, post


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("responses", {}, "text"),
        ("responses", {"text": ""}, "text"),
        ("responses", {"text": "   "}, "text"),
        ("responses", {"text": "x" * 5001}, "text"),
        ("responses", {"text": "a\x00b"}, "text"),
        ("responses", {"text": 7}, "text"),
        ("responses", {"text": "ya", "agency": "dinsos"}, "agency"),
        ("responses", {"text": "字" * 4000}, "text"),
        ("decline", {"reason": None}, "reason"),
        ("decline", {"text": "x"}, "reason"),
        ("resolution", {"note": ["x"]}, "note"),
        ("resolution", {"notes": "x"}, "notes"),
    ],
)
async def test_a_bad_body_is_named(path: str, body: Any, field: str) -> None:
    """What is wrong is said with its field, and nothing is changed."""
    room = Room()
    room.open()
    answer = await post(room, path, body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert field in [error["field"] for error in answer.json()["errors"]]
    assert "pattern" not in answer.text
    assert room.types(COMPLAINT) == ["case.opened.v1"]


@pytest.mark.parametrize(("raw", "kind", "status"), BROKEN_BODIES)
async def test_a_broken_body_is_a_problem(raw: bytes, kind: str, status: int) -> None:
    """Whatever is sent, the answer is a problem document and not a crash."""
    room = Room()
    given = headers(LIAISON, seen=room.open()) | {"content-type": kind}
    async with client(room.app) as http:
        answer = await http.post(f"{CASE}/responses", content=raw, headers=given)
    assert (answer.status_code, answer.headers["content-type"]) == (
        status,
        "application/problem+json",
    )


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"if-match": None}, 428),
        ({"if-match": "7"}, 400),
        ({"if-match": '"-1"'}, 400),
        ({"idempotency-key": "short"}, 400),
        ({"idempotency-key": "k" * 129}, 400),
    ],
)
async def test_headers_must_be_as_they_must(changed: dict[str, str | None], status: int) -> None:
    """A change says in If-Match what was seen; a key is long enough to be one's own."""
    room = Room()
    given = headers(LIAISON, seen=room.open()) | changed
    async with client(room.app) as http:
        said = {name: value for name, value in given.items() if value is not None}
        answer = await http.post(f"{CASE}/responses", json={"text": "ya"}, headers=said)
    assert answer.status_code == status


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0},
        {"limit": 101},
        {"limit": "x"},
        {"stage": "resolved"},
        {"after": "zzz"},
        {"after": "2026-03-31/" + "x" * 300},
    ],
)
async def test_a_bad_question_is_named(query: dict[str, Any]) -> None:
    """Pages are bounded, and a place in the list has one form."""
    answer = await get(Room(), CASES, **query)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == next(iter(query))


@pytest.mark.parametrize("complaint", ["nothing", "%00", "a" * 3000, "..%2f..", "字"])
async def test_an_unknown_case_is_not_found(complaint: str) -> None:
    """Whatever stands in the address, what is not there is not found."""
    assert (await get(Room(), f"{CASES}/{complaint}")).status_code == 404
