"""The citizen's door over a real store, while the bus is away."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator

import httpx
import orjson
import pytest
from fastapi import FastAPI

from services.intake.store import SHAPE
from shared.contracts.tracking import TrackingNumber
from shared.runtime.sealing import PrivateKey, unseal
from shared.runtime.store import MongoStore
from tests.intake.conftest import Place
from tests.intake.reports import COMPLAINTS, filed


@pytest.fixture
async def kept(place: Place) -> AsyncIterator[MongoStore]:
    """Look into intake's database from outside."""
    store = MongoStore(place.settings.mongo.get_secret_value(), "8171", "intake")
    yield store
    store.close()


async def tracked(door: httpx.AsyncClient, number: str, pin: str) -> httpx.Response:
    """Ask where a complaint stands."""
    return await door.get(f"{COMPLAINTS}/{number}", headers={"Kentongan-PIN": pin})


async def test_01_a_report_is_accepted_and_readable_at_once(door: httpx.AsyncClient) -> None:
    """Statements 1 and 10: 201 with its place; number and PIN show it, though the bus is away."""
    place = {"place": "Pasar Mardika", "occurred_on": "2026-03-01"}
    answer = await filed(door, category="jalan", agency="dinas-pu", **place)
    said = answer.json()
    assert answer.status_code == 201
    kept = {"complaint", "tracking_number", "pin", "long_pin"}
    assert set(said) == kept | {"outside", "status", "revision"}
    assert answer.headers["location"] == f"{COMPLAINTS}/{said['tracking_number']}"
    shown = await tracked(door, said["tracking_number"], said["pin"])
    assert shown.status_code == 200
    assert shown.headers["etag"] == f'"{said["revision"]}"'
    seen = shown.json()
    assert (seen["title"], seen["text"]) == ("Jalan berlubang", "Di depan pasar.")
    assert (seen["category"], seen["place"]) == ("jalan", "Pasar Mardika")
    assert (seen["status"], seen["next_move"]["who"]) == ("received", "coordinator")
    assert [step["what"] for step in seen["history"]] == ["complaint.received.v1"]
    assert seen["as_of"] == {}


async def test_10_intake_is_ready_without_the_bus(door: httpx.AsyncClient) -> None:
    """Statement 10: what can be accepted is accepted."""
    assert (await door.get("/health/ready")).status_code == 200


async def test_what_is_not_told_is_marked(door: httpx.AsyncClient, kept: MongoStore) -> None:
    """The relay finds it when the bus is back."""
    said = (await filed(door)).json()
    documents = kept.documents("complaints", SHAPE)
    found = (await documents.load([said["complaint"]]))[said["complaint"]]
    assert found.untold is not None


async def test_08_the_same_request_has_the_same_answer(door: httpx.AsyncClient) -> None:
    """Statement 8: status, headers and body, also when ten come at once, and after a reply."""
    key = uuid.uuid4().hex
    answers = await asyncio.gather(*(filed(door, key) for _ in range(10)))
    first = answers[0].json()
    await door.post(
        f"{COMPLAINTS}/{first['tracking_number']}/replies",
        json={"text": "Masih."},
        headers={"Kentongan-PIN": first["pin"]},
    )
    again = await filed(door, key)
    assert {(each.status_code, each.content) for each in [*answers, again]} == {
        (201, answers[0].content)
    }


async def test_the_same_key_with_another_report_is_refused(door: httpx.AsyncClient) -> None:
    """422 ``key_used``, and the first stays as it was."""
    key = uuid.uuid4().hex
    await filed(door, key)
    answer = await filed(door, key, title="Lain")
    assert (answer.status_code, answer.json()["code"]) == (422, "key_used")


async def test_the_contact_is_sealed_for_notification(
    door: httpx.AsyncClient, kept: MongoStore, place: Place
) -> None:
    """The store holds no name, address or number in clear; the private key opens them."""
    reporter = {"name": "Tini", "email": "Tini@Contoh.ID", "phone": "0812 3456 7890"}
    said = (await filed(door, reporter=reporter)).json()
    found = (await kept.documents("complaints", SHAPE).load([said["complaint"]])).popitem()[1]
    assert not any(word in str(found) for word in ("Tini", "6281234567890"))
    key = PrivateKey.model_validate_json(place.private.read_bytes())
    assert orjson.loads(unseal(found.state.sealed or "", [key])) == {
        "name": "Tini",
        "email": "Tini@contoh.id",
        "phone": "+6281234567890",
    }


async def test_51_a_taken_number_is_drawn_again(
    door: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Statement 51: two complaints whose first draw is the same get two numbers."""
    usual = TrackingNumber.of

    def narrow(node: str, complaint: str, draw: int = 0) -> TrackingNumber:
        return TrackingNumber(node, "TAKEN000") if draw == 0 else usual(node, complaint, draw)

    monkeypatch.setattr(TrackingNumber, "of", narrow)
    answers = [await filed(door), await filed(door)]
    answers += await asyncio.gather(filed(door), filed(door))
    assert {each.status_code for each in answers} == {201}
    assert len({each.json()["tracking_number"] for each in answers}) == 4


async def test_a_reply_stands_in_the_history(door: httpx.AsyncClient) -> None:
    """It is shown with what was there before, under a new revision."""
    said = (await filed(door)).json()
    answer = await door.post(
        f"{COMPLAINTS}/{said['tracking_number']}/replies",
        json={"text": "Masih berlubang."},
        headers={"Kentongan-PIN": said["pin"], "Idempotency-Key": uuid.uuid4().hex},
    )
    assert answer.status_code == 201
    assert answer.headers["etag"] == '"2"'
    assert answer.json()["history"][-1]["text"] == "Masih berlubang."


async def test_guessing_a_pin_ends(door: httpx.AsyncClient) -> None:
    """404 as for an unknown number, then 429 with the time to wait."""
    said = (await filed(door)).json()
    wrong = f"{(int(said['pin']) + 1) % 10**6:06d}"
    seen = [await tracked(door, said["tracking_number"], wrong) for _ in range(6)]
    unknown = await tracked(door, str(TrackingNumber("8171", "7K3M9QXT")), wrong)
    assert [each.status_code for each in seen] == [404] * 5 + [429]
    assert seen[0].json() == unknown.json()
    assert 0 < int(seen[-1].headers["retry-after"]) <= 901


def test_the_hot_route_is_described(app: FastAPI) -> None:
    """Its body, its answer and its key stand in the OpenAPI document."""
    document = app.openapi()
    operation = document["paths"][COMPLAINTS]["post"]
    body = operation["requestBody"]["content"]["application/json"]["schema"]
    assert body == {"$ref": "#/components/schemas/ComplaintIn"}
    assert {"ComplaintIn", "ReporterIn", "FiledOut"} <= set(document["components"]["schemas"])
    answer = operation["responses"]["201"]["content"]["application/json"]["schema"]
    assert answer == {"$ref": "#/components/schemas/FiledOut"}
    assert [each["name"] for each in operation["parameters"]] == [
        "Accept-Language",
        "Kentongan-Ticket",
        "Idempotency-Key",
    ]
