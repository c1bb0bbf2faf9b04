"""The clerk's door over a real store: who may, what is answered, what is refused."""

from __future__ import annotations

import uuid
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from shared.runtime.access import Role
from tests.desk import Gatehouse
from tests.intake.reports import COMPLAINTS, a_body

COUNTER = "/api/v1/counter/complaints"


@pytest.fixture(autouse=True)
def gatehouse(app: FastAPI, door: httpx.AsyncClient) -> None:
    """Let officers in by the name of their role."""
    app.state.access = Gatehouse()


async def enter(
    door: httpx.AsyncClient, token: str = "clerk", key: str | None = None, **said: Any
) -> httpx.Response:
    """Enter a report at the counter."""
    given = {"authorization": f"Bearer {token}", "Idempotency-Key": key or uuid.uuid4().hex}
    return await door.post(COUNTER, json=a_body(channel="walk_in") | said, headers=given)


async def test_only_a_clerk_enters_reports(door: httpx.AsyncClient) -> None:
    """Nobody 401, every other role 403."""
    assert (await door.post(COUNTER, json=a_body(channel="walk_in"))).status_code == 401
    statuses = {role: (await enter(door, role)).status_code for role in Role}
    assert statuses.pop(Role.CLERK) == 201
    assert set(statuses.values()) == {403}


async def test_what_is_entered_can_be_tracked(door: httpx.AsyncClient) -> None:
    """The answer says where; number and PIN show it; the clerk is not shown to the reporter."""
    key = uuid.uuid4().hex
    answer = await enter(door, key=key)
    said = answer.json()
    kept = {"complaint", "tracking_number", "pin", "long_pin", "received_at", "slip"}
    assert set(said) == kept | {"outside"}
    assert answer.headers["location"] == f"{COMPLAINTS}/{said['tracking_number']}"
    shown = await door.get(answer.headers["location"], headers={"Kentongan-PIN": said["pin"]})
    assert shown.json()["status"] == "received"
    assert "clerk-1" not in shown.text
    assert (await enter(door, key=key)).content == answer.content


@pytest.mark.parametrize(
    ("language", "said"),
    [("id", "81.72 (Kota Tual) berada di luar"), ("en", "81.72 (Kota Tual) lies outside")],
)
async def test_a_clerk_reads_of_another_place_in_the_language_asked_for(
    door: httpx.AsyncClient, language: str, said: str
) -> None:
    """It is what the person at the counter is told."""
    given = {"authorization": "Bearer clerk", "Idempotency-Key": uuid.uuid4().hex}
    report = a_body(channel="walk_in", area="81.72")
    answer = await door.post(COUNTER, json=report, headers=given | {"Accept-Language": language})
    assert answer.json()["outside"].startswith(said)
    assert answer.headers["content-language"] == language


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"channel": "web"}, "channel"),
        ({"channel": "publisher"}, "channel"),
        ({"channel": None}, "channel"),
        ({"received_on": "2999-01-01"}, "received_on"),
        ({"received_on": "2001-01-01"}, "received_on"),
        ({"received_on": "kemarin"}, "received_on"),
        ({"area": "Ambon"}, "area"),
        ({"area": "99.99"}, "area"),
        ({"reporter": {"phone": "12"}}, "reporter.phone"),
        ({"received_at": "2026-01-01T00:00:00Z"}, "received_at"),
    ],
)
async def test_a_wrong_entry_names_its_field(
    door: httpx.AsyncClient, said: dict[str, Any], field: str
) -> None:
    """422 with the field."""
    answer = await enter(door, **said)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_what_can_be_chosen_is_named_as_it_is_typed(door: httpx.AsyncClient) -> None:
    """No word of the programming language stands in the sentence."""
    (wrong,) = (await enter(door, channel="fax")).json()["errors"]
    assert wrong["detail"] == (
        "Choose one of these: 'walk_in', 'letter', 'phone', 'sms', 'chat', 'email' or 'social'."
    )
