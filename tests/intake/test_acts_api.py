"""Reply, amend, rate and withdraw over HTTP."""

from __future__ import annotations

import uuid
from typing import Any

import httpx
import pytest

from tests.intake.reports import COMPLAINTS, filed


async def act(
    door: httpx.AsyncClient, said: dict[str, Any], path: str, body: Any, key: str | None = None
) -> httpx.Response:
    """Do something with a report, as who has its number and PIN."""
    return await door.post(
        f"{COMPLAINTS}/{said['tracking_number']}/{path}",
        json=body,
        headers={"Kentongan-PIN": said["pin"], "Idempotency-Key": key or uuid.uuid4().hex},
    )


async def test_an_amendment_is_shown_beside_the_report(door: httpx.AsyncClient) -> None:
    """The report is shown as it was filed; the amendment with what it corrects."""
    said = (await filed(door)).json()
    answer = await act(door, said, "amendments", {"text": "Di sisi timur.", "area": "81.71.03"})
    assert (answer.status_code, answer.headers["etag"]) == (201, '"2"')
    shown = answer.json()
    assert (shown["area"], shown["text"]) == ("81.71.02", "Di depan pasar.")
    assert shown["history"][-1]["corrected"] == {"area": "81.71.03"}
    assert shown["history"][-1]["text"] == "Di sisi timur."


async def test_a_withdrawn_report_says_so(door: httpx.AsyncClient) -> None:
    """Its status, whose move it is, and why."""
    said = (await filed(door)).json()
    shown = (await act(door, said, "withdrawal", {"reason": "Sudah beres."})).json()
    assert (shown["status"], shown["next_move"]) == ("withdrawn", None)
    assert shown["history"][-1]["text"] == "Sudah beres."
    refused = await act(door, said, "replies", {"text": "Halo?"})
    assert (refused.status_code, refused.json()["code"]) == (409, "withdrawn")


@pytest.mark.parametrize(
    ("path", "body", "other"),
    [
        ("replies", {"text": "Ya."}, {"text": "Tidak."}),
        ("amendments", {"text": "Ya.", "place": "Pasar"}, {"text": "Ya."}),
        ("withdrawal", {}, {"reason": "Sudah."}),
    ],
)
async def test_the_same_act_twice_is_one(
    door: httpx.AsyncClient, path: str, body: dict[str, str], other: dict[str, str]
) -> None:
    """Under one key the same answer is given again, and something else is refused."""
    said, key = (await filed(door)).json(), uuid.uuid4().hex
    first, again = [await act(door, said, path, body, key) for _ in range(2)]
    assert (first.status_code, again.content) == (201, first.content)
    refused = await act(door, said, path, other, key)
    assert (refused.status_code, refused.json()["code"]) == (422, "key_used")


@pytest.mark.parametrize("path", ["replies", "amendments"])
async def test_the_same_words_again_without_a_key_are_said_once(
    door: httpx.AsyncClient, path: str
) -> None:
    """Who sent it again because no answer came gets that answer; other words stand beside them."""
    said = (await filed(door)).json()
    place, pin = f"{COMPLAINTS}/{said['tracking_number']}/{path}", {"Kentongan-PIN": said["pin"]}
    first, again, other = [
        await door.post(place, json={"text": text}, headers=pin)
        for text in ("Halo?", "Halo?", "Tolong.")
    ]
    assert (first.status_code, again.content) == (201, first.content)
    words = [step["text"] for step in other.json()["history"]]
    assert words[1:] == ["Halo?", "Tolong."]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("amendments", {}, "text"),
        ("amendments", {"text": "a", "area": "Ambon"}, "area"),
        ("amendments", {"text": "a", "area": "99.99"}, "area"),
        ("amendments", {"text": "a", "title": "Lain"}, "title"),
        ("amendments", {"text": "a", "occurred_on": "2999-01-01"}, "occurred_on"),
        ("ratings", {"score": 0}, "score"),
        ("ratings", {"score": 6}, "score"),
        ("ratings", {"score": True}, "score"),
        ("ratings", {"score": 3, "solved": "yes"}, "solved"),
        ("ratings", {"score": 3, "comment": "x" * 201}, "comment"),
        ("withdrawal", {"reason": "x" * 201}, "reason"),
    ],
)
async def test_a_wrong_act_names_its_field(
    door: httpx.AsyncClient, path: str, body: dict[str, Any], field: str
) -> None:
    """422 with the field."""
    answer = await act(door, (await filed(door)).json(), path, body)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_an_act_needs_the_pin(door: httpx.AsyncClient) -> None:
    """Who only knows the number cannot act for the reporter."""
    said = (await filed(door)).json()
    wrong = {**said, "pin": f"{(int(said['pin']) + 1) % 10**6:06d}"}
    assert (await act(door, wrong, "withdrawal", {})).status_code == 404


async def test_nothing_is_rated_before_it_is_answered(door: httpx.AsyncClient) -> None:
    """409, in words that say when."""
    answer = await act(door, (await filed(door)).json(), "ratings", {"score": 5})
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_rate")
