"""A mail server that refuses, breaks off or falls silent, and senders that die."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from msgspec.structs import replace

from services.notification.domain.patience import (
    FIRST_RETRY,
    GROWTH,
    MOST_ATTEMPTS,
    SILENT_AFTER,
    SPREAD,
)
from services.notification.timers import PAGE
from tests.desk import client, headers
from tests.notification.doubles import COMPLAINT, DEAD, FAILED, MONTH, QUICK, SENT, UNCERTAIN, Room
from tests.notification.mail import MailHost


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
@pytest.mark.parametrize(
    ("answer", "reason"),
    [("550 5.1.1 <budi@warga.test> unknown", "550 5.1.1"), ("554 no", "554")],
)
async def test_a_refusal_for_good_is_a_failure(
    host: MailHost, room: Room, step: str, answer: str, reason: str
) -> None:
    """What the server will never take has failed; the reason does not repeat the address."""
    host.script = [(step, answer)]
    await room.rounds_to(host).send_page()
    assert room.types(COMPLAINT) == [FAILED]
    assert room.reasons() == [f"the mail server answers {reason}"]
    room.clock.pass_by(MONTH)
    assert await room.rounds_to(host).send_page() == 0


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
async def test_a_refusal_for_now_is_tried_again(host: MailHost, room: Room, step: str) -> None:
    """What the server takes later is sent later, with pauses that grow."""
    host.script = [(step, "451 4.7.1 later"), (step, "451 4.7.1 later")]
    rounds = room.rounds_to(host)
    for attempts, wait in ((1, FIRST_RETRY), (2, FIRST_RETRY * GROWTH)):
        await rounds.send_page()
        assert [each.attempts for each in room.state().pending] == [attempts]
        room.clock.pass_by(wait - timedelta(seconds=1))
        assert await rounds.send_page() == 0
        room.clock.pass_by(timedelta(seconds=1) + wait * SPREAD)
    await rounds.send_page()
    assert (room.types(COMPLAINT), len(host.taken)) == ([SENT], 1)


async def test_trying_again_has_an_end(host: MailHost, room: Room) -> None:
    """A server that always says later is given up, and the notice is dead."""
    host.script = [("RCPT", "451 later")] * MOST_ATTEMPTS
    for _ in range(MOST_ATTEMPTS):
        assert await room.rounds_to(host).send_page() == 1
        room.clock.pass_by(MONTH)
    assert room.types(COMPLAINT) == [DEAD]


@pytest.mark.parametrize("answer", ["close", "silent"])
async def test_silence_after_the_mail_is_uncertain(host: MailHost, room: Room, answer: str) -> None:
    """A server that had the mail and did not answer is never given it again."""
    host.script = [("DATA", answer)]
    await room.rounds_to(host, patience=QUICK).send_page()
    assert room.types(COMPLAINT) == [UNCERTAIN]
    room.clock.pass_by(MONTH)
    room.hear(COMPLAINT, "complaints")
    assert await room.rounds_to(host).send_page() == 0
    assert host.taken == []


@pytest.mark.parametrize("answer", ["close", "silent"])
async def test_silence_before_the_mail_is_tried_again(
    host: MailHost, room: Room, answer: str
) -> None:
    """A server that never had the mail is given it again."""
    host.script = [("RCPT", answer)]
    await room.rounds_to(host, patience=QUICK).send_page()
    assert room.types(COMPLAINT) == []
    room.clock.pass_by(FIRST_RETRY * (1 + SPREAD))
    await room.rounds_to(host).send_page()
    assert (room.types(COMPLAINT), len(host.taken)) == ([SENT], 1)


async def test_one_broken_mail_does_not_stop_the_next(host: MailHost) -> None:
    """After a refusal and after a broken connection the rest of the page is sent."""
    room = Room()
    for n in range(6):
        room.receive(f"c{n}")
        room.contact(f"c{n}")
    host.script = [("RCPT", "550 no"), ("DATA", "close"), ("DATA", "451 later")]
    await room.rounds_to(host).send_page()
    assert len(host.taken) == 3
    assert (host.connections, sorted(room.types("c0") + room.types("c1"))) == (
        2,
        [FAILED, UNCERTAIN],
    )


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
async def test_killed_with_a_mail_in_hand(host: MailHost, room: Room, step: str) -> None:
    """Who dies between claim and outcome leaves a notice that is uncertain and not repeated."""
    host.script = [(step, "silent")]
    sending = asyncio.create_task(room.rounds_to(host).send_page())
    await host.reached.wait()
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    assert await room.rounds_to(host).send_page() == 0
    room.clock.pass_by(SILENT_AFTER)
    assert await room.rounds_to(host).send_page() == 0
    assert room.types(COMPLAINT) == [UNCERTAIN]
    assert host.taken == []


async def test_killed_before_the_outcome_was_noted(host: MailHost, room: Room) -> None:
    """A mail that was taken just before the kill is not sent a second time."""
    rounds = room.rounds_to(host)

    async def die(*_: object) -> None:
        raise asyncio.CancelledError

    rounds._note = die  # type: ignore[method-assign,assignment]
    await rounds.send_page()
    assert len(host.taken) == 1
    room.clock.pass_by(SILENT_AFTER)
    await room.rounds_to(host).send_page()
    room.clock.pass_by(MONTH)
    await room.rounds_to(host).send_page()
    assert (len(host.taken), room.types(COMPLAINT)) == (1, [UNCERTAIN])


async def test_a_claim_whose_answer_was_lost_is_found_again(host: MailHost, room: Room) -> None:
    """Where the store claimed but did not answer, the same sender goes on with its claim."""
    room.documents.lose_answers = 1
    assert await room.rounds_to(host).send_page() == 1
    assert (len(host.taken), room.types(COMPLAINT)) == (1, [SENT])


async def test_an_absent_server_costs_no_attempt() -> None:
    """While no connection can be made nothing is claimed, and health says why notices wait."""
    host, room = MailHost(), Room()
    async with host.up():
        pass
    room.receive()
    room.contact()
    rounds = room.rounds_to(host)
    assert rounds.remarks() == []
    assert await rounds.send_page() == 0
    assert [each.attempts for each in room.state().pending] == [0]
    assert "does not answer" in rounds.remarks()[0]
    async with host.up():
        await rounds.send_page()
    assert (rounds.remarks(), room.types(COMPLAINT)) == ([], [SENT])


async def test_full_histories_do_not_stop_the_mail(host: MailHost, room: Room) -> None:
    """An outcome that finds no room is dropped, so that it does not stay before all the others."""
    document, _ = room.ledger.claim_all(room.documents.kept[COMPLAINT], room.clock.under(), "dead")
    room.documents.kept[COMPLAINT] = document
    room.fill()
    full = room.documents.kept[COMPLAINT]
    room.documents.kept = {f"c{n}": replace(full, id=f"c{n}") for n in range(PAGE)}
    room.clock.pass_by(SILENT_AFTER)
    room.receive("last")
    room.contact("last")
    rounds = room.rounds_to(host)
    for _ in range(2):
        await rounds.send_page()
    assert (room.types("last"), len(host.taken)) == ([SENT], 1)
    assert all(room.state(f"c{n}").due_at is None for n in range(PAGE))
    assert room.state("c0").unrecorded == 1


async def test_a_full_history_still_sends_once(
    host: MailHost, room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    """The reporter is told though nothing can be recorded of it; that is logged and listed."""
    room.fill()
    for _ in range(2):
        await room.rounds_to(host).send_page()
        room.clock.pass_by(MONTH)
        room.hear(COMPLAINT, "complaints")
    assert len(host.taken) == 1
    assert [each.message for each in caplog.records] == ["outcome_unrecorded"]
    async with client(room.app) as http:
        answer = await http.get(f"/api/v1/notices/{COMPLAINT}", headers=headers("operator"))
    assert (answer.json()["unrecorded"], answer.json()["pending"]) == (1, [])
