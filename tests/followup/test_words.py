"""What officers wrote of a case, for the operator who erases its reporter."""

from __future__ import annotations

import httpx
import pytest

from shared.contracts import intake
from shared.contracts.fact import Redaction
from shared.runtime.ports import Away
from tests.desk import client, headers
from tests.followup.doubles import CASE, COMPLAINT, Room, get

WORDS = f"{CASE}/words"
PURPOSE = {"Kentongan-Purpose": "PDP/2026/0017"}


def erased() -> Room:
    """An answer that names the reporter, who was erased since."""
    room = Room()
    room.open()
    room.respond("Yth. Bu Sarinah, sudah.")
    room.hear(COMPLAINT, "complaints", intake.ReporterErased(redactions=()))
    return room


async def looked(room: Room, said: dict[str, str] = PURPOSE) -> httpx.Response:
    """Look as an operator."""
    async with client(room.app) as http:
        return await http.get(WORDS, headers={**headers("operator"), **said})


async def test_53_an_operator_finds_the_words_that_an_erasure_has_to_name() -> None:
    """Statement 53: what is read is just what the erasure takes, and once blanked it is gone."""
    room = erased()
    (found,) = (await looked(room)).json()["items"]
    assert (found["stream"], found["field"]) == ("cases", "text")
    assert (found["type"], found["text"]) == ("response.given.v1", "Yth. Bu Sarinah, sudah.")
    named = Redaction.model_validate(found)
    room.hear(COMPLAINT, "complaints", intake.ReporterErased(redactions=(named,)))
    assert (await looked(room)).json()["items"] == []
    assert "Sarinah" not in repr(room.documents.kept[COMPLAINT])


async def test_53_before_an_erasure_nobody_looks_through_what_officers_wrote() -> None:
    """Statement 53: a purpose alone is not enough; what to do first is said, no look counted."""
    room = Room()
    room.receive(confidential=True)
    room.route()
    room.respond("Yth. Bu Sarinah, sudah.")
    refused = await looked(room)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_erased")
    assert "Sarinah" not in refused.text
    assert not room.looks.kept


async def test_53_who_looks_is_on_record_before_anything_is_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Statement 53: who, when and what for; without a purpose or a record nothing is shown."""
    room = erased()
    refused = await looked(room, {})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "Kentongan-Purpose")
    assert not room.looks.kept
    await looked(room)
    (look,) = (await get(room, f"{WORDS}/looks", "overseer")).json()["items"]
    assert (look["by"], look["purpose"]) == ("operator-1", "PDP/2026/0017")

    async def away(_look: object) -> None:
        raise Away("the store does not answer")

    monkeypatch.setattr(room.looks, "add", away)
    assert (await looked(room)).status_code == 503
