"""The citizen's door over a real store, while the bus is away."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest
from fastapi import FastAPI

from services.intake.app import create_app
from services.intake.store import SHAPE
from shared.contracts.vocabulary import TrackingNumber
from shared.runtime.access import unguarded_routes
from shared.runtime.sealing import PrivateKey, unseal
from shared.runtime.store import MongoStore
from tests.intake.conftest import Place

COMPLAINTS = "/api/v1/complaints"


@pytest.fixture(scope="module")
def app(place: Place) -> FastAPI:
    """Give intake as it is composed."""
    return create_app(place.settings)


@pytest.fixture(scope="module")
async def door(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client of a running intake whose bus is away."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://intake") as client,
    ):
        yield client


@pytest.fixture
async def kept(place: Place) -> AsyncIterator[MongoStore]:
    """Look into intake's database from outside."""
    store = MongoStore(place.settings.mongo.get_secret_value(), "8171", "intake")
    yield store
    store.close()


def a_body(**said: Any) -> dict[str, Any]:
    """Build a report as a citizen sends it."""
    return {"title": "Jalan berlubang", "text": "Di depan pasar.", "area": "81.71.02", **said}


GOOD = orjson.dumps(a_body())


async def filed(door: httpx.AsyncClient, key: str | None = None, **said: Any) -> httpx.Response:
    """File a complaint."""
    sent = {"Idempotency-Key": key} if key else {}
    return await door.post(COMPLAINTS, json=a_body(**said), headers=sent)


async def tracked(door: httpx.AsyncClient, number: str, pin: str) -> httpx.Response:
    """Ask where a complaint stands."""
    return await door.get(f"{COMPLAINTS}/{number}", headers={"Kentongan-PIN": pin})


async def test_a_report_is_accepted_and_readable_at_once(door: httpx.AsyncClient) -> None:
    """201 with its place; there number and PIN show it, though the bus is away."""
    answer = await filed(door, agency="dinas-pu", place="Pasar Mardika")
    said = answer.json()
    assert answer.status_code == 201
    assert set(said) == {"complaint", "tracking_number", "pin", "status", "revision"}
    assert answer.headers["location"] == f"{COMPLAINTS}/{said['tracking_number']}"
    shown = await tracked(door, said["tracking_number"], said["pin"])
    assert shown.status_code == 200
    assert shown.headers["etag"] == f'"{said["revision"]}"'
    seen = shown.json()
    assert (seen["status"], seen["next_move"]["who"]) == ("received", "coordinator")
    assert [step["what"] for step in seen["history"]] == ["complaint.received.v1"]
    assert seen["as_of"] == {}


async def test_intake_is_ready_without_the_bus(door: httpx.AsyncClient) -> None:
    """What can be accepted is accepted."""
    assert (await door.get("/health/ready")).status_code == 200


async def test_what_is_not_told_is_marked(door: httpx.AsyncClient, kept: MongoStore) -> None:
    """The relay finds it when the bus is back."""
    said = (await filed(door)).json()
    documents = kept.documents("complaints", SHAPE)
    found = (await documents.load([said["complaint"]]))[said["complaint"]]
    assert found.untold is not None


async def test_the_same_request_has_the_same_answer(door: httpx.AsyncClient) -> None:
    """Status, headers and body, also when ten come at once, and after a reply."""
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


async def test_a_taken_number_is_drawn_again(
    door: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two complaints whose first draw is the same get two numbers."""
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


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"text": "a\u0000b"}, "text"),
        ({"text": "ꦗ" * 4000}, "text"),
        ({"area": "Ambon"}, "area"),
        ({"kind": "praise"}, "kind"),
        ({"occurred_on": "2999-01-01"}, "occurred_on"),
        ({"occurred_on": "soon"}, "occurred_on"),
        ({"agency": "Dinas PU"}, "agency"),
        ({"nik": "8171"}, "nik"),
        ({"reporter": "Tini"}, "reporter"),
        ({"reporter": {"email": "tini"}}, "reporter.email"),
        ({"reporter": {"phone": "+1 202 555 0100"}}, "reporter.phone"),
        ({"reporter": {"name": "a\nb"}}, "reporter.name"),
        ({"reporter": {"nik": "8171"}}, "reporter.nik"),
    ],
)
async def test_a_wrong_report_names_its_field(
    door: httpx.AsyncClient, said: dict[str, Any], field: str
) -> None:
    """422 with the field, and nothing of what was sent."""
    answer = await filed(door, **said)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert "Tini" not in answer.text


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"{", {}, 400),
        (b'{"title":"\\ud800"}', {}, 400),
        (b"[" * 5000, {}, 400),
        (b" " * 70_000, {}, 413),
        (b"{}", {"content-type": "text/plain"}, 415),
        (GOOD, {"idempotency-key": "short"}, 400),
    ],
)
async def test_hostile_requests_are_turned_away(
    door: httpx.AsyncClient, content: bytes, headers: dict[str, str], status: int
) -> None:
    """Each with a problem; none with a failure of ours."""
    answer = await door.post(
        COMPLAINTS, content=content, headers={"content-type": "application/json", **headers}
    )
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("number", "headers", "status", "field"),
    [
        ("8171-7K3M-9QXT", {"Kentongan-PIN": "123456"}, 422, "tracking_number"),
        ("x" * 41, {"Kentongan-PIN": "123456"}, 422, "tracking_number"),
        ("8171-7K3M-9QXT-2", {}, 400, "Kentongan-PIN"),
        ("8171-7K3M-9QXT-2", {"Kentongan-PIN": "12345"}, 400, "Kentongan-PIN"),
    ],
)
async def test_a_wrong_question_names_its_field(
    door: httpx.AsyncClient, number: str, headers: dict[str, str], status: int, field: str
) -> None:
    """A number that can be none, and a PIN that is none."""
    answer = await door.get(f"{COMPLAINTS}/{number}", headers=headers)
    assert answer.status_code == status
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_every_route_says_for_whom_it_is(app: FastAPI) -> None:
    """Intake's routes are meant for everybody, and say so."""
    assert not unguarded_routes(app)


def test_the_hot_route_is_described(app: FastAPI) -> None:
    """Its body, its answer and its key stand in the OpenAPI document."""
    document = app.openapi()
    operation = document["paths"][COMPLAINTS]["post"]
    body = operation["requestBody"]["content"]["application/json"]["schema"]
    assert body == {"$ref": "#/components/schemas/ComplaintIn"}
    assert {"ComplaintIn", "ReporterIn", "FiledOut"} <= set(document["components"]["schemas"])
    answer = operation["responses"]["201"]["content"]["application/json"]["schema"]
    assert answer == {"$ref": "#/components/schemas/FiledOut"}
    assert [each["name"] for each in operation["parameters"]] == ["Idempotency-Key"]
