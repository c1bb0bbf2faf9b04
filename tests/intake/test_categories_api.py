"""Categories over HTTP: listed for whoever builds a form, and asked of whoever reports."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.intake.app import create_app
from tests.architecture.house import ROOT
from tests.intake.conftest import Place
from tests.intake.reports import COMPLAINTS, filed

SAMPLE = ROOT / "deploy" / "data" / "8171" / "categories.json"
LAMPS: dict[str, Any] = {"category": "penerangan-jalan"}


@pytest.fixture(scope="module")
async def asking(place: Place) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client of an intake that has the sample categories."""
    app = create_app(place.settings.model_copy(update={"categories_file": Path(SAMPLE)}))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://intake") as client,
    ):
        yield client


async def test_categories_are_listed(asking: httpx.AsyncClient) -> None:
    """As the file has them; they may be kept for a while."""
    answer = await asking.get("/api/v1/categories")
    listed = {each["code"]: each for each in answer.json()["categories"]}
    assert list(listed) == [each["code"] for each in json.loads(SAMPLE.read_text())["categories"]]
    assert "max-age" in answer.headers["cache-control"]


async def test_a_question_shows_only_the_bounds_of_its_kind(asking: httpx.AsyncClient) -> None:
    """Numbers their least and most, choices what can be chosen, dates and yes or no nothing."""
    listed = (await asking.get("/api/v1/categories")).json()["categories"]
    shown = {
        question["kind"]: question.keys() - {"code", "asks", "asks_en", "kind", "required"}
        for category in listed
        for question in category["questions"]
    }
    assert shown == {
        "number": {"least", "most"},
        "choice": {"choices"},
        "date": set(),
        "yes_no": set(),
    }


async def test_01_what_was_answered_is_shown(asking: httpx.AsyncClient) -> None:
    """A report of a category carries the answers to its questions."""
    said = (await filed(asking, **LAMPS, answers={"jumlah-lampu": 3})).json()
    shown = await asking.get(
        f"{COMPLAINTS}/{said['tracking_number']}", headers={"Kentongan-PIN": said["pin"]}
    )
    assert [each["answer"] for each in shown.json()["answers"]] == ["3"]


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"jumlah-lampu": 0}, "answers.jumlah-lampu"),
        ({"jumlah-lampu": 1.5}, "answers.jumlah-lampu"),
        ({"jumlah-lampu": None}, "answers.jumlah-lampu"),
        ({"jumlah-lampu": "x" * 501}, "answers.jumlah-lampu"),
        ({"jumlah-lampu": 10**400}, "answers.jumlah-lampu"),
        ({"warna": "biru"}, "answers.warna"),
        ({f"q{n}": 1 for n in range(21)}, "answers"),
        ([3], "answers"),
    ],
)
async def test_a_wrong_answer_names_its_question(
    asking: httpx.AsyncClient, answers: Any, field: str
) -> None:
    """422 with the field, in one sentence."""
    answer = await filed(asking, **LAMPS, answers=answers)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
