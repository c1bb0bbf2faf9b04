"""Sending, to a real mail server that answers well, badly, or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from msgspec.structs import replace

from services.notification.domain.notice import FIRST_RETRY, MOST_ATTEMPTS, SILENT_AFTER
from services.notification.timers import Rounds
from tests.notification.doubles import (
    ANSWER,
    COMPLAINT,
    OFFICE_AT,
    REPORTER_AT,
    TEXT,
    TITLE,
    MailHost,
    Room,
)

SENT, FAILED, UNCERTAIN = "notice.sent.v1", "notice.failed.v1", "notice.uncertain.v1"
MONTH = timedelta(days=30)
QUICK = 0.4


@pytest.fixture
async def host() -> AsyncIterator[MailHost]:
    """Give a mail server that is up."""
    host = MailHost()
    async with host.up():
        yield host


@pytest.fixture
def room() -> Room:
    """Give notification with one notice that is due."""
    room = Room()
    room.receive()
    room.contact()
    return room


async def test_a_mail_says_what_happened_and_nothing_else(host: MailHost, room: Room) -> None:
    """Each audience gets its words in two languages, without anything that somebody wrote."""
    room.route()
    room.answer()
    assert await room.rounds_to(host).send_page() == 4
    assert [to for to, _ in host.taken] == [REPORTER_AT, REPORTER_AT, OFFICE_AT, REPORTER_AT]
    assert room.types(COMPLAINT) == [SENT] * 4
    for to, mail in host.taken:
        body = mail.get_content()
        assert mail["to"] == to
        assert "8171-7K3M-9QXT-2" in mail["subject"]
        assert "8171-7K3M-9QXT-2" in body
        assert "aporan" in body.partition("---")[0]
        assert "eport" in body.partition("---")[2]
        assert not any(words in body for words in (TITLE, TEXT, ANSWER))
    assert "Dinas Pekerjaan Umum" in host.taken[3][1].get_content()


async def test_a_confidential_complaint_is_only_numbered(host: MailHost) -> None:
    """Statement 39: of a rahasia complaint not even the agency stands in a mail."""
    room = Room()
    room.receive(confidential=True)
    room.contact()
    room.route()
    room.answer()
    await room.rounds_to(host).send_page()
    assert len(host.taken) == 4
    assert not any("Dinas" in mail.as_string() for _, mail in host.taken)
    assert len({str(mail["subject"]) for _, mail in host.taken}) == 2


async def test_a_notice_is_sent_once_however_often_it_is_told(host: MailHost, room: Room) -> None:
    """Statement 37: histories told again and rounds run again send nothing twice."""
    rounds = room.rounds_to(host)
    for _ in range(3):
        room.hear(COMPLAINT, "complaints")
        room.hear(COMPLAINT, "contacts")
        await rounds.send_page()
    assert len(host.taken) == 1
    notice = room.documents.kept[COMPLAINT].facts[0]["data"]["notice"]
    assert host.ids == [f"<{notice}@ambon.test>"]


async def test_two_senders_at_once_send_one_mail(host: MailHost) -> None:
    """Two processes that believe to hold the lease share the work and repeat none of it."""
    room = Room()
    for n in range(30):
        room.receive(f"c{n}")
        room.contact(f"c{n}")
    await asyncio.gather(*(room.rounds_to(host, lanes=2).send_page() for _ in range(3)))
    assert len(host.taken) == 30
    assert len(set(host.ids)) == 30


async def test_a_page_takes_one_connection(host: MailHost) -> None:
    """Mails of one page go one after the other over the same connection."""
    room = Room()
    for n in range(10):
        room.receive(f"c{n}")
        room.contact(f"c{n}")
    await room.rounds_to(host).send_page()
    assert (len(host.taken), host.connections) == (10, 1)


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
    for attempts, wait in ((1, FIRST_RETRY), (2, FIRST_RETRY * 4)):
        await rounds.send_page()
        assert [each.attempts for each in room.state().pending] == [attempts]
        room.clock.pass_by(wait - timedelta(seconds=1))
        assert await rounds.send_page() == 0
        room.clock.pass_by(timedelta(seconds=1))
    await rounds.send_page()
    assert (room.types(COMPLAINT), len(host.taken)) == ([SENT], 1)


async def test_trying_again_has_an_end(host: MailHost, room: Room) -> None:
    """A server that always says later is given up, and the notice has failed."""
    host.script = [("RCPT", "451 later")] * MOST_ATTEMPTS
    for _ in range(MOST_ATTEMPTS):
        assert await room.rounds_to(host).send_page() == 1
        room.clock.pass_by(MONTH)
    assert room.types(COMPLAINT) == [FAILED]


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
    room.clock.pass_by(FIRST_RETRY)
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


async def test_without_a_server_notices_wait(room: Room) -> None:
    """Where no mail server is set nothing is lost, and health says so."""
    rounds = Rounds(room.desk_of_notices, None)
    await rounds.begin()
    assert await rounds.send_page() == 0
    assert "KENTONGAN_SMTP" in rounds.remarks()[0]
    assert len(room.state().pending) == 1


@pytest.mark.parametrize(
    "address",
    [
        "",
        "budi",
        "budi@",
        "budi@warga.test\r\nBcc: lain@warga.test",
        "budi@warga.test, lain@warga.test",
        "<script>@warga.test>",
        "büdi@warga.test",
    ],
)
async def test_a_broken_address_is_a_failure(host: MailHost, address: str) -> None:
    """What is no address gets no mail, adds no header, and stops nobody else's."""
    room = Room()
    room.receive("broken")
    room.contact("broken", sealed=address)
    room.receive()
    room.contact()
    await room.rounds_to(host).send_page()
    assert room.types("broken") == [FAILED]
    assert [to for to, _ in host.taken] == [REPORTER_AT]
    assert address == "" or address not in str(room.reasons("broken"))


async def test_a_notice_without_words_stops_nobody(host: MailHost, room: Room) -> None:
    """Where a template is missing the notice waits, and the rest of the page is sent."""
    stray = replace(room.state().pending[0], notice="stray", about="unheard.of.v1")
    document = room.documents.kept[COMPLAINT]
    state = replace(document.state, pending=(stray, *document.state.pending))
    room.documents.kept[COMPLAINT] = replace(document, state=state)
    await room.rounds_to(host).send_page()
    assert (len(host.taken), [each.about for each in room.state().pending]) == (
        1,
        ["unheard.of.v1"],
    )


async def test_an_office_without_address_is_a_failure(host: MailHost) -> None:
    """An agency that cannot be written to is listed as such, and the reporter still hears."""
    room = Room()
    room.receive(reachable=False)
    room.route(agency="dinsos")
    await room.rounds_to(host).send_page()
    assert (room.types(COMPLAINT), room.reasons()) == ([FAILED], ["no e-mail address is known"])


async def test_a_wrong_key_is_not_the_end(host: MailHost) -> None:
    """A contact that cannot be opened is tried again: an operator can mend the key."""
    room = Room()
    room.receive()
    room.contact(sealed="wrong")
    await room.rounds_to(host).send_page()
    assert room.types(COMPLAINT) == []
    room.contact()
    room.clock.pass_by(FIRST_RETRY)
    await room.rounds_to(host).send_page()
    assert room.types(COMPLAINT) == [SENT]


async def test_a_graceful_end_leaves_nothing_uncertain(host: MailHost) -> None:
    """Told to stop, a round ends the mail in hand, notes it, and gives the others back."""
    room = Room()
    for n in range(5):
        room.receive(f"c{n}")
        room.contact(f"c{n}")
    host.script = [("RCPT", "silent")]
    rounds = room.rounds_to(host, patience=30)
    async with rounds.running():
        await rounds.begin()
        await host.reached.wait()
        await rounds.begin()
    assert all(not each.trying for n in range(5) for each in room.state(f"c{n}").pending)
    assert not any(room.types(f"c{n}") for n in range(5))
    room.clock.pass_by(FIRST_RETRY)
    await room.rounds_to(host).send_page()
    assert len(set(host.ids)) == len(host.taken) == 5
