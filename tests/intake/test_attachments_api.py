"""Files over HTTP and a real store: the reporter's, the clerk's and the officers' doors."""

from __future__ import annotations

import uuid
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.intake.domain.attachments import MIB
from shared.contracts.tracking import TrackingNumber
from shared.runtime.access import Role
from tests.desk import Gatehouse
from tests.intake.pictures import HTML, PDF, a_photo, notes_of
from tests.intake.reports import COMPLAINTS, IN_ENGLISH, filed

SCANS = "/api/v1/counter/complaints"
FOLDER = "/api/v1/attachments"


@pytest.fixture(autouse=True)
def gatehouse(app: FastAPI, door: httpx.AsyncClient) -> None:
    """Let officers in by the name of their role."""
    app.state.access = Gatehouse()


def of(said: dict[str, Any]) -> str:
    """Give the address of a report's files."""
    return f"{COMPLAINTS}/{said['tracking_number']}/attachments"


async def sent(
    door: httpx.AsyncClient,
    said: dict[str, Any],
    content: bytes,
    key: str | None = None,
    **more: str,
) -> httpx.Response:
    """Send a file under the name and the header of a web page."""
    given = {
        "Kentongan-PIN": said["pin"],
        "Idempotency-Key": key or uuid.uuid4().hex,
        "content-type": "text/html",
        "content-disposition": 'attachment; filename="../../x.html"',
    }
    return await door.post(of(said), content=content, headers=given, params=more)


async def test_a_reporter_adds_a_photograph_and_sees_it(door: httpx.AsyncClient) -> None:
    """Statement 9: taken by its content, without its notes, listed, and fetched to be saved."""
    said = (await filed(door)).json()
    answer = await sent(door, said, a_photo())
    added = answer.json()
    assert (answer.status_code, added["media_type"]) == (201, "image/jpeg")
    shown = await door.get(
        f"{COMPLAINTS}/{said['tracking_number']}", headers={"Kentongan-PIN": said["pin"]}
    )
    assert shown.json()["attachments"] == [added]
    assert answer.headers["etag"] == shown.headers["etag"]
    assert shown.json()["history"][-1]["what"] == "attachment.added.v1"

    file = await door.get(
        f"{of(said)}/{added['attachment']}", headers={"Kentongan-PIN": said["pin"]}
    )
    assert (file.status_code, len(file.content)) == (200, added["size"])
    assert notes_of(file.content) == {}
    assert file.headers["content-type"] == "image/jpeg"
    assert file.headers["x-content-type-options"] == "nosniff"
    assert file.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert file.headers["cache-control"] == "no-store"
    name = f"{said['tracking_number']}-{added['attachment'][:6]}.jpg"
    assert file.headers["content-disposition"] == f'attachment; filename="{name}"'


async def test_the_place_stays_on_demand(door: httpx.AsyncClient) -> None:
    """Statement 9: unless the reporter keeps it."""
    said = (await filed(door)).json()
    added = (await sent(door, said, a_photo(), keep_location="true")).json()
    file = await door.get(
        f"{of(said)}/{added['attachment']}", headers={"Kentongan-PIN": said["pin"]}
    )
    assert list(notes_of(file.content)) == [0x8825]


async def test_the_same_file_twice_is_one(door: httpx.AsyncClient) -> None:
    """The same answer under the same key and under another."""
    said, key = (await filed(door)).json(), uuid.uuid4().hex
    answers = [await sent(door, said, PDF, each) for each in (key, key, None)]
    assert {answer.content for answer in answers} == {answers[0].content}
    other = await sent(door, said, a_photo(), key)
    assert (other.status_code, other.json()["code"]) == (422, "key_used")


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (HTML, 415, "wrong_type"),
        (b"", 415, "wrong_type"),
        (a_photo()[:60], 422, "broken_file"),
        (b"%PDF-" + b"x" * (10 * MIB), 413, "body_too_large"),
    ],
)
async def test_a_file_that_is_not_taken_says_why(
    door: httpx.AsyncClient, content: bytes, status: int, code: str
) -> None:
    """Statement 9: by type and size, as a problem that names the body."""
    refused = await sent(door, (await filed(door)).json(), content)
    assert (refused.status_code, refused.json()["code"]) == (status, code)


FORM = {"file": ("a.pdf", PDF)}


@pytest.mark.parametrize(
    "form",
    [
        {"files": FORM},
        {"files": {"photo": FORM["file"]}},
        {"files": [("file", FORM["file"]), ("file", FORM["file"])]},
        {"files": {"file": ("a.pdf", b"")}},
        {"data": {"note": "x"}, "files": {"other": ("", b"")}},
        {"content": PDF, "headers": {"content-type": "multipart/form-data; boundary=wrong"}},
        {"content": PDF, "headers": {"content-type": "Multipart/Form-Data"}},
    ],
)
async def test_a_file_in_a_form_says_how_it_is_sent(
    door: httpx.AsyncClient, form: dict[str, Any]
) -> None:
    """Whatever is in the form: the header is named, and what to send instead."""
    said = (await filed(door)).json()
    headers = {**IN_ENGLISH, "Kentongan-PIN": said["pin"], **form.get("headers", {})}
    refused = await door.post(of(said), **{**form, "headers": headers})
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (415, "media_type")
    assert [each["field"] for each in problem["errors"]] == ["Content-Type"]
    assert "its bytes as the whole body" in problem["detail"]


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        (b"", "It is empty; taken are: JPG, PNG, WEBP, PDF."),
        (b'{"file": "JVBERi0="}', "By its content this is none of the files taken: JPG, PNG, "),
    ],
)
async def test_what_is_no_file_is_told_what_would_be(
    door: httpx.AsyncClient, content: bytes, detail: str
) -> None:
    """Nothing, and a file wrapped in JSON: the body is named, and the types that are taken."""
    said = (await filed(door)).json()
    headers = {"Kentongan-PIN": said["pin"], "content-type": "application/json", **IN_ENGLISH}
    refused = await door.post(of(said), content=content, headers=headers)
    (error,) = refused.json()["errors"]
    assert (refused.status_code, error["field"]) == (415, "body")
    assert error["detail"].startswith(detail)


async def test_a_file_needs_the_pin(door: httpx.AsyncClient) -> None:
    """Who only knows the number neither adds nor sees; another report's file is none of this."""
    said, another = [(await filed(door)).json() for _ in range(2)]
    added = (await sent(door, said, PDF)).json()
    wrong = {**said, "pin": f"{(int(said['pin']) + 1) % 10**6:06d}"}
    assert (await sent(door, wrong, PDF)).status_code == 404
    for report in (wrong, another):
        found = await door.get(
            f"{of(report)}/{added['attachment']}", headers={"Kentongan-PIN": report["pin"]}
        )
        assert found.status_code == 404


async def test_a_clerk_adds_a_scan(door: httpx.AsyncClient) -> None:
    """Statement 7: with the number on the slip; others may not, and no number is invented."""
    said = (await filed(door)).json()
    address = f"{SCANS}/{said['tracking_number']}/attachments"
    given = {"authorization": "Bearer clerk", "Idempotency-Key": uuid.uuid4().hex}
    answer = await door.post(address, content=PDF, headers=given)
    assert (answer.status_code, answer.json()["media_type"]) == (201, "application/pdf")
    assert (await door.post(address, content=PDF)).status_code == 401
    for role in set(Role) - {Role.CLERK}:
        refused = await door.post(address, content=PDF, headers={"authorization": f"Bearer {role}"})
        assert refused.status_code == 403
    nowhere = f"{SCANS}/{TrackingNumber.of('8171', 'nobody')}/attachments"
    assert (await door.post(nowhere, content=PDF, headers=given)).status_code == 404


async def looked(
    door: httpx.AsyncClient, token: str, path: str, purpose: str | None = "periksa bukti"
) -> httpx.Response:
    """Look at something in a folder as an officer."""
    given = {"authorization": f"Bearer {token}"}
    given |= {"Kentongan-Purpose": purpose} if purpose else {}
    return await door.get(f"{FOLDER}/{path}", headers=given)


async def test_officers_see_what_is_theirs_to_see(door: httpx.AsyncClient) -> None:
    """Before an agency holds it: who verifies and who watches; a confidential one, who verifies.

    Statement 21: an agency that does not hold the case is told that there is none.
    """
    sees: dict[str, list[int]] = {}
    for confidential in (False, True):
        said = (await filed(door, confidential=confidential)).json()
        file = (await sent(door, said, PDF)).json()["attachment"]
        for token in (*Role, "leader:dinas-pu", "liaison:dinas-pu", "overseer::81.71.03"):
            listed = await looked(door, token, said["complaint"])
            fetched = await looked(door, token, f"{said['complaint']}/{file}")
            assert listed.status_code == fetched.status_code
            sees.setdefault(token, []).append(fetched.status_code)
    assert sees == {
        "coordinator": [200, 200],
        "overseer": [200, 404],
        "overseer::81.71.03": [404, 404],
        "leader": [200, 404],
        "liaison": [403, 403],
        "leader:dinas-pu": [404, 404],
        "liaison:dinas-pu": [404, 404],
        "clerk": [403, 403],
        "operator": [403, 403],
    }


async def test_every_look_is_on_record(door: httpx.AsyncClient) -> None:
    """Statement 53: who, when and what for; without a purpose nothing is handed out."""
    said = (await filed(door)).json()
    file = (await sent(door, said, PDF)).json()["attachment"]
    path = f"{said['complaint']}/{file}"
    for purpose in (None, "x", "x" * 201):
        refused = await looked(door, "coordinator", path, purpose)
        assert (refused.status_code, refused.json()["code"]) == (400, "wrong_header")
    assert (await looked(door, "coordinator", path)).content == PDF
    await door.get(f"{of(said)}/{file}", headers={"Kentongan-PIN": said["pin"]})

    first = (await looked(door, "overseer", f"{said['complaint']}/looks?limit=1")).json()
    rest = await looked(door, "overseer", f"{said['complaint']}/looks?after={first['next']}")
    looks = [*first["items"], *rest.json()["items"]]
    assert [(each["by"], each["purpose"]) for each in looks] == [
        ("coordinator-1", "periksa bukti"),
        ("reporter", "own report"),
    ]
    assert {each["attachment"] for each in looks} == {file}
    assert rest.json()["next"] is None
    assert (await looked(door, "coordinator", f"{said['complaint']}/looks")).status_code == 403


async def test_who_watches_a_place_sees_what_was_corrected_to_be_there(
    door: httpx.AsyncClient,
) -> None:
    """A report that was filed under another place is watched where it is now said to be."""
    said = (await filed(door)).json()
    given = {"Kentongan-PIN": said["pin"], "Idempotency-Key": uuid.uuid4().hex}
    answer = await door.post(
        f"{COMPLAINTS}/{said['tracking_number']}/amendments",
        json={"text": "Di jalan sebelah.", "area": "81.71.05"},
        headers=given,
    )
    assert answer.status_code == 201, answer.text
    for area, status in (("81.71.05", 200), ("81.71.02", 404)):
        shown = await looked(door, f"{Role.OVERSEER}::{area}", said["complaint"])
        assert shown.status_code == status, area
