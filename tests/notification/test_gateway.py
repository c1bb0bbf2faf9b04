"""SMS and chat, over a real HTTP server that takes, refuses, breaks off or falls silent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from pydantic import ValidationError

from services.notification.domain.audiences import CAME_BY, TABLE, channels
from services.notification.domain.patience import FIRST_RETRY, LONGEST_RETRY, SPREAD
from services.notification.settings import NotificationSettings
from shared.contracts.intake import Contact
from shared.contracts.vocabulary import Channel, Medium
from tests.notification.doubles import (
    COMPLAINT,
    FAILED,
    MONTH,
    QUICK,
    SENT,
    UNCERTAIN,
    Room,
)
from tests.notification.gateways import GatewayHost

PHONE = "+6281234567890"


@pytest.fixture
async def gateway() -> AsyncIterator[GatewayHost]:
    """Give a gateway that is up."""
    host = GatewayHost()
    async with host.up():
        yield host


@pytest.fixture
def room() -> Room:
    """Give notification with a reporter who has a telephone and nothing else."""
    room = Room(channels=("email", "sms"))
    room.receive()
    room.contact(sealed=Contact(phone=PHONE).model_dump_json())
    return room


async def test_36_a_reporter_without_e_mail_gets_sms(gateway: GatewayHost, room: Room) -> None:
    """Statement 36: who has no e-mail is told by SMS, with the notice's id as key."""
    await room.rounds_to(sms=gateway.url).send_page()
    [(headers, body)] = gateway.taken
    assert (body["to"], body["channel"], body["language"]) == (PHONE, "sms", "id")
    assert "8171-7K3M-9QXT-2" in body["text"]
    assert headers["authorization"] == "Bearer token"
    assert headers["content-type"] == "application/json"
    [fact] = room.documents.kept[COMPLAINT].facts
    assert (fact["type"], fact["data"]["channel"]) == (SENT, "sms")
    assert headers["idempotency-key"] == body["id"] == fact["data"]["notice"]


async def test_35_who_came_by_telephone_hears_by_telephone(gateway: GatewayHost) -> None:
    """Statement 35: a notice goes by the channel used, though there is an e-mail address too."""
    room = Room(channels=("email", "sms"))
    room.receive(channel=Channel.PHONE)
    contact = Contact(email="budi@warga.test", phone=PHONE)
    room.contact(sealed=contact.model_dump_json())
    await room.rounds_to(sms=gateway.url).send_page()
    assert len(gateway.taken) == 1


@pytest.mark.parametrize(
    ("medium", "first"), [("sms", "sms"), ("chat", "chat"), ("email", "email")]
)
def test_35_who_wrote_by_a_medium_hears_by_it_first(medium: str, first: str) -> None:
    """Statement 35: whatever channel stands for it in the list that every reader knows."""
    room = Room(channels=("email", "sms", "chat"))
    room.receive(channel=Channel.PHONE, medium=medium)
    line = next(each for each in TABLE if each.recipient == "reporter" and len(each.channels) > 2)
    assert channels(line, room.state().came_by)[0] == first
    assert set(CAME_BY) <= {*Channel, *Medium}


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_2xx_is_sent(gateway: GatewayHost, room: Room, status: int) -> None:
    """Whatever the gateway says of success, it has the message."""
    gateway.script = [status]
    await room.rounds_to(sms=gateway.url).send_page()
    assert room.types(COMPLAINT) == [SENT]


@pytest.mark.parametrize("status", [302, 401, 403, 404, 405, 408, 409, 425, 429, 503])
async def test_not_taken_is_posted_again_under_the_same_key(
    gateway: GatewayHost, room: Room, status: int
) -> None:
    """What the gateway says it has not taken is posted again, and recognised by its key."""
    gateway.script = [status]
    rounds = room.rounds_to(sms=gateway.url)
    await rounds.send_page()
    assert room.types(COMPLAINT) == []
    assert room.state().pending[0].reason == f"the gateway answers {status}"
    assert await rounds.send_page() == 0
    room.clock.pass_by(FIRST_RETRY * (1 + SPREAD))
    await rounds.send_page()
    assert room.types(COMPLAINT) == [SENT]
    assert len({headers["idempotency-key"] for headers, _ in gateway.seen}) == 1
    assert len(gateway.seen) == 2


@pytest.mark.parametrize("status", [400, 410, 413, 415, 422])
async def test_a_refused_message_has_failed(gateway: GatewayHost, room: Room, status: int) -> None:
    """What the gateway will never take has failed, and says with which status."""
    gateway.script = [status]
    await room.rounds_to(sms=gateway.url).send_page()
    assert (room.types(COMPLAINT), room.reasons()) == ([FAILED], [f"the gateway answers {status}"])


@pytest.mark.parametrize("answer", [500, 502, 504, "close", "silent"])
async def test_whatever_may_have_been_taken_is_uncertain(
    gateway: GatewayHost, room: Room, answer: int | str
) -> None:
    """A gateway that had the message and did not say that it took it is not given it again."""
    gateway.script = [answer]
    await room.rounds_to(sms=gateway.url, patience=QUICK).send_page()
    assert room.types(COMPLAINT) == [UNCERTAIN]
    room.clock.pass_by(MONTH)
    assert await room.rounds_to(sms=gateway.url).send_page() == 0
    assert len(gateway.seen) == 1


async def test_an_answer_without_end_is_not_read_to_it(gateway: GatewayHost, room: Room) -> None:
    """The status says it all; a body that never ends keeps nobody waiting."""
    gateway.script = ["endless"]
    await room.rounds_to(sms=gateway.url).send_page()
    assert room.types(COMPLAINT) == [SENT]


@pytest.mark.parametrize(
    ("after", "wait"),
    [
        ("3600", timedelta(hours=1)),
        ("99999999999999999999", LONGEST_RETRY),
        ("Tue, 17 Mar 2026 04:00:00 GMT", timedelta(hours=1)),
        ("Tue, 17 Mar 2099 04:00:00 GMT", LONGEST_RETRY),
        ("soon", FIRST_RETRY * (1 + SPREAD)),
    ],
)
async def test_a_gateway_says_when_to_come_again(
    gateway: GatewayHost, room: Room, after: str, wait: timedelta
) -> None:
    """Retry-After is heeded as a number and as a date, within bounds."""
    gateway.script = [(429, {"retry-after": after})]
    rounds = room.rounds_to(sms=gateway.url)
    await rounds.send_page()
    again = room.state().pending[0].next_at
    assert again is not None
    waits = again - room.clock.now
    assert wait / (1 + SPREAD) <= waits <= wait + timedelta(seconds=1)


async def test_an_absent_gateway_costs_no_attempt(room: Room) -> None:
    """While nobody listens nothing is claimed, and health says why notices wait."""
    gateway = GatewayHost()
    async with gateway.up():
        pass
    rounds = room.rounds_to(sms=gateway.url)
    assert await rounds.send_page() == 0
    assert [each.attempts for each in room.state().pending] == [0]
    assert any("sms gateway does not answer" in said for said in rounds.remarks())
    async with gateway.up():
        await rounds.send_page()
    assert room.types(COMPLAINT) == [SENT]


@pytest.mark.parametrize("number", ["", "12", "budi", "+62812\r\nx: y", "٠٨١٢٣٤٥٦٧", "0812;rm"])
async def test_a_broken_number_is_a_failure(gateway: GatewayHost, number: str) -> None:
    """What is no number is never posted, and the reason does not repeat it."""
    room = Room(channels=("sms",))
    room.receive()
    room.contact(sealed=Contact(phone=number).model_dump_json())
    await room.rounds_to(sms=gateway.url).send_page()
    assert (room.types(COMPLAINT), gateway.seen) == ([FAILED], [])
    assert number == "" or number not in str(room.reasons())


async def test_a_page_takes_one_connection(gateway: GatewayHost) -> None:
    """Messages of one page go one after the other over the same connection."""
    room = Room(channels=("sms",))
    for n in range(10):
        room.receive(f"c{n}")
        room.contact(f"c{n}", sealed=Contact(phone=PHONE).model_dump_json())
    await room.rounds_to(sms=gateway.url).send_page()
    assert (len(gateway.taken), gateway.connections) == (10, 1)


async def test_told_to_end_while_the_gateway_is_silent(gateway: GatewayHost, room: Room) -> None:
    """A process that ends lets go of the message in hand, and says that it is uncertain."""
    gateway.script = ["silent"]
    rounds = room.rounds_to(sms=gateway.url, patience=30)
    async with rounds.running():
        await rounds.begin()
        await gateway.reached.wait()
    assert room.types(COMPLAINT) == [UNCERTAIN]


async def test_killed_while_the_gateway_is_silent(gateway: GatewayHost, room: Room) -> None:
    """Who dies with a message in hand leaves one that is uncertain, by the channel it was on."""
    gateway.script = ["silent"]
    sending = asyncio.create_task(room.rounds_to(sms=gateway.url, patience=30).send_page())
    await gateway.reached.wait()
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    room.clock.pass_by(MONTH)
    await room.rounds_to(sms=gateway.url).send_page()
    [fact] = room.documents.kept[COMPLAINT].facts
    assert (fact["type"], fact["data"]["channel"]) == (UNCERTAIN, "sms")
    assert len(gateway.seen) == 1


@pytest.mark.parametrize(
    ("url", "token", "good"),
    [
        ("https://sms.example/send", "t", True),
        ("http://127.0.0.1:9/x", "t", True),
        ("http://sms.example/send", None, True),
        ("http://sms.example/send", "t", False),
        ("ftp://sms.example", None, False),
        ("https://user:pass@sms.example/", None, False),
    ],
)
def test_a_token_is_told_to_nobody_in_clear(url: str, token: str | None, *, good: bool) -> None:
    """A gateway's token goes over https, or stays on this machine."""
    said = {
        "node": "8171",
        "kafka": "k:1",
        "mongo": "mongodb://m/",
        "register_file": "r",
        "contact_key": "k",
        "sms_gateway": url,
        "sms_token": token,
    }
    if good:
        assert NotificationSettings.model_validate(said).sms_gateway == url
    else:
        with pytest.raises(ValidationError):
            NotificationSettings.model_validate(said)
