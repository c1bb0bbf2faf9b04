"""What is turned away at the citizen's door, and in which words."""

from __future__ import annotations

from typing import Any

import httpx
import orjson
import pytest

from tests.intake.reports import COMPLAINTS, a_body, filed

GOOD = orjson.dumps(a_body())


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "\u200b\u200b"}, "title"),
        ({"text": "\u3164 \u2800\ufe0f"}, "text"),
        ({"reporter": {"name": "\u200d"}}, "reporter.name"),
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
    assert "pattern" not in answer.text
    assert "Tini" not in answer.text


@pytest.mark.parametrize("wrong", [5, None, ["x"]])
async def test_what_is_no_text_is_said_to_be_none(door: httpx.AsyncClient, wrong: object) -> None:
    """A wrong type is named before the form that a text must have; a wrong text only by that."""
    answer = await filed(door, title=wrong)
    (error,) = answer.json()["errors"]
    assert error["detail"].startswith("This must be text. Write 1 to 200 characters")
    (error,) = (await filed(door, title="")).json()["errors"]
    assert error["detail"].startswith("Write 1 to 200 characters")


@pytest.mark.parametrize("title", ["Jl.", "路", "🕳️", "?", "\u200bx"])
async def test_whatever_can_be_seen_is_a_title(door: httpx.AsyncClient, title: str) -> None:
    """Any script and sign, also where something that is not seen stands beside it."""
    assert (await filed(door, title=title)).status_code == 201


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


@pytest.mark.parametrize(
    ("language", "absent"),
    [
        ("en", "The header Kentongan-PIN is missing: send the PIN in it, six digits or a long one"),
        ("id", "Header Kentongan-PIN tidak ada: kirimkan PIN di dalamnya, enam angka atau PIN"),
    ],
)
async def test_who_sends_no_pin_is_told_that_it_is_missing(
    door: httpx.AsyncClient, language: str, absent: str
) -> None:
    """Not what a PIN looks like alone, which is told who sends one that is none."""
    number, asked = f"{COMPLAINTS}/8171-7K3M-9QXT-2", {"Accept-Language": language}
    without = await door.get(number, headers=asked)
    wrong = await door.get(number, headers={**asked, "Kentongan-PIN": "12345"})
    assert without.json()["detail"].startswith(absent)
    assert (without.status_code, without.json()["code"]) == (400, wrong.json()["code"])
    assert not wrong.json()["detail"].startswith(absent)
