"""The commands about the brake, on notes in memory."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import msgspec
import pytest

from deploy import notices
from deploy.cli import app
from services.notification.domain.brake import CLOCK, Brake, pull
from services.notification.handlers import Guard
from tests.notebook import Notebook

NODE = ["--node", "8171", "--mongo", "mongodb://127.0.0.1:9/"]


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> Notebook:
    """Give notes in which the brake is pulled."""
    book = Notebook()
    pulled = pull(Brake(), CLOCK, "the clock leapt.", datetime.now(UTC))
    book.kept["brake"] = msgspec.to_builtins(pulled)
    monkeypatch.setattr(
        notices, "_guard", lambda _store: Guard(book, lambda: datetime.now(UTC), lambda: 0.0)
    )
    return book


def ended(*words: str) -> int | str | None:
    """Run a command, and give the status it ends with."""
    with pytest.raises(SystemExit) as end:
        app(["notices", *words])
    return end.value.code


def test_the_brake_is_shown_and_released(
    notebook: Notebook, capsys: pytest.CaptureFixture[str]
) -> None:
    """An operator reads why, releases it with a reason, and both stand in its history."""
    assert ended("brake", *NODE) == 1
    assert "(clock): the clock leapt." in capsys.readouterr().out
    assert ended("release", "--reason", "Jam dibetulkan.", *NODE) == 0
    assert ended("release", "--reason", "Lagi.", *NODE) == 1
    capsys.readouterr()
    assert ended("brake", "--json", *NODE) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["pulled"], len(shown["history"])) == (None, 2)
    assert shown["history"][1]["by"]
    assert notebook.kept["brake"]["history"][1]["detail"] == "Jam dibetulkan."


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201, "a\nb"])
def test_a_release_without_a_reason_is_wrong_use(notebook: Notebook, reason: str) -> None:
    """The reason is a sentence on one line; without one nothing changes."""
    assert ended("release", "--reason", reason, *NODE) == 2
    assert notebook.kept["brake"]["pulled"] is not None
