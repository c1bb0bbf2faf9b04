"""The operator's door: the ledger, without anybody's address."""

from __future__ import annotations

from typing import Any

import httpx

from shared.contracts import followup
from shared.contracts.contribution import ContributionAsked
from tests.desk import NOON, client, headers
from tests.notification.doubles import COMPLAINT, OFFICE_AT, REPORTER_AT, Room
from tests.notification.mail import MailHost

NOTICES = "/api/v1/notices"
LEDGER = f"{NOTICES}/{COMPLAINT}"


async def get(room: Room, path: str) -> httpx.Response:
    """Read as an operator."""
    async with client(room.app) as http:
        return await http.get(path, headers=headers("operator"))


async def test_the_ledger_shows_what_waits_and_what_ended() -> None:
    """Each notice stands there once, waiting or ended; no address does."""
    host, room = MailHost(), Room()
    room.receive()
    room.contact()
    room.route(agency="dinsos")
    room.open(agency="dinsos")
    async with host.up():
        await room.rounds_to(host).send_page()
    room.answer()
    answer = await get(room, LEDGER)
    shown: dict[str, Any] = answer.json()
    assert [each["outcome"] for each in shown["ended"]] == ["sent", "sent", "failed"]
    assert [each["about"] for each in shown["pending"]] == ["response.given.v1"]
    assert (shown["sent"], shown["failed"], shown["uncertain"]) == (2, 1, 0)
    assert REPORTER_AT not in answer.text
    assert OFFICE_AT not in answer.text


async def test_the_ledger_says_why_who_is_to_help_is_not_asked() -> None:
    """There is an answer by now, and it may yet be taken up again."""
    room = Room()
    room.receive()
    room.route()
    opened = followup.CaseOpened(agency="dinas-pu", turn=1, respond_by=NOON.date())
    asked = ContributionAsked(agency="dinsos", turn=1, lead="dinas-pu")
    room.hear(COMPLAINT, "cases", opened, asked)
    room.answer()
    pending = (await get(room, LEDGER)).json()["pending"]
    reasons = [each["reason"] for each in pending if each["about"] == asked.type]
    assert reasons == ["it waits while the report is answered"]


async def test_counts_say_why_notices_wait() -> None:
    """What is due is counted, and the reason why it waits is said in a sentence."""
    room = Room()
    room.receive()
    room.contact()
    counts = (await get(room, NOTICES)).json()
    assert (counts["due_complaints"], counts["outcomes_since_start"]) == (1, {})
    assert "No mail server is set" in counts["remarks"][0]


async def test_an_unknown_complaint_has_no_ledger() -> None:
    """What was never heard of is not found."""
    assert (await get(Room(), f"{NOTICES}/nothing")).status_code == 404
