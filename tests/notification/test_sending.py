"""What is sent, to whom and how often, over a real mail server."""

from __future__ import annotations

import asyncio
import dataclasses
from collections import Counter
from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from services.notification.channels.smtp import MailServer, SmtpChannel
from services.notification.domain.audiences import EMAIL
from services.notification.domain.message import Message, Outcome
from services.notification.domain.patience import FIRST_RETRY, SPREAD
from services.notification.timers import Rounds
from shared.contracts import followup
from shared.contracts.lateness import AppealMissed
from tests.notification.doubles import (
    ANSWER,
    COMPLAINT,
    FAILED,
    LEADER_AT,
    LOOK_AT,
    OFFICE_AT,
    REPORTER_AT,
    SENT,
    TEXT,
    TITLE,
    Room,
)
from tests.notification.mail import MailHost


async def test_a_mail_says_what_happened_and_nothing_else(host: MailHost, room: Room) -> None:
    """Each audience gets its words in two languages, without anything that somebody wrote."""
    room.route()
    room.open()
    assert await room.rounds_to(host).send_page() == 3
    room.answer()
    assert await room.rounds_to(host).send_page() == 1
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
        looks = to == REPORTER_AT
        assert (f"nomor laporan dan PIN di {LOOK_AT}" in body.partition("---")[0]) is looks
        assert body.count(LOOK_AT) == (2 if looks else 0)
    assert "Dinas Pekerjaan Umum" in host.taken[3][1].get_content()


async def test_a_mail_links_only_to_a_page_that_is_set(host: MailHost, room: Room) -> None:
    """Without one it says where to look all the same, and with what."""
    room.notification = dataclasses.replace(room.notification, url="")
    await room.rounds_to(host).send_page()
    body = host.taken[0][1].get_content()
    assert "nomor laporan dan PIN melalui saluran tempat Anda melapor." in body
    assert "its number and your PIN through the channel by which you filed it." in body
    assert "http" not in body


async def test_an_objection_is_told_to_who_decides_on_it(host: MailHost) -> None:
    """The leader is written to, and told as whom to sign in; that it is decided, the office."""
    room = Room()
    room.receive(reachable=False)
    due = room.clock.now.date()
    filed = followup.AppealFiled(agency="dinas-pu", decide_by=due)
    late = AppealMissed(agency="dinas-pu", due_on=due)
    decided = followup.AppealDecided(agency="dinas-pu", outcome="upheld", reason=ANSWER)
    for facts in ((filed, late), (decided,)):
        room.hear(COMPLAINT, "cases", *facts)
        await room.rounds_to(host).send_page()
    assert [to for to, _ in host.taken] == [LEADER_AT, LEADER_AT, OFFICE_AT]
    for _, mail in host.taken[:2]:
        body = " ".join(mail.get_content().split())
        assert "masuk sebagai pimpinan" in body
        assert "sign in as leader" in body
        assert "liaison" not in body
        assert "Jika Anda bukan pimpinan, mohon teruskan surat ini kepada pimpinan." in body
        assert "If you are not the leader, please pass this mail on to the leader." in body


async def test_a_confidential_complaint_is_only_numbered(host: MailHost) -> None:
    """Statement 39: of a rahasia complaint not even the agency stands in a mail."""
    room = Room()
    room.receive(confidential=True)
    room.contact()
    room.route()
    room.open()
    await room.rounds_to(host).send_page()
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


async def test_without_a_server_notices_wait(room: Room) -> None:
    """Where no mail server is set nothing is lost, and health says so."""
    rounds = Rounds(room.notification, room.guard(), {})
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
    room.open(agency="dinsos")
    await room.rounds_to(host).send_page()
    assert (room.types(COMPLAINT), room.reasons()) == (
        [FAILED],
        ["no address is known by which to reach them"],
    )


async def test_a_wrong_key_is_not_the_end(host: MailHost) -> None:
    """A contact that cannot be opened is tried again: an operator can mend the key."""
    room = Room()
    room.receive()
    room.contact(sealed="wrong")
    await room.rounds_to(host).send_page()
    assert room.types(COMPLAINT) == []
    room.contact()
    room.clock.pass_by(FIRST_RETRY * (1 + SPREAD))
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
    room.clock.pass_by(FIRST_RETRY * (1 + SPREAD))
    await room.rounds_to(host).send_page()
    assert len(set(host.ids)) == len(host.taken) == 5


@pytest.mark.parametrize("tries", [1, 4])
async def test_mails_about_a_report_go_in_the_order_in_which_it_happened(
    host: MailHost, tries: int
) -> None:
    """Received before passed on before answered, whichever was heard or put off first."""
    room = Room()
    for hear in (room.answer, room.route, room.receive):
        hear()
        room.clock.pass_by(-timedelta(milliseconds=10))
    room.contact()
    host.script = [("RCPT", "451 later")] * 3 * (tries - 1)
    for _ in range(tries):
        room.clock.pass_by(timedelta(hours=1))
        await room.rounds_to(host).send_page()
    said = [str(mail["subject"]) for to, mail in host.taken if to == REPORTER_AT]
    assert ["kami terima" in said[0], "ditanggapi" in said[-1]] == [True, True]


async def test_mails_about_a_report_go_one_after_the_other() -> None:
    """Over however many connections a page goes: only other reports are mailed meanwhile."""
    room, numbers = Room(), [f"8171-0000-0000-{n}" for n in range(4)]
    for number in numbers:
        room.receive(number, tracking_number=number)
        room.contact(number)
        room.route(number)
        room.open(number)
    under_way, told = Counter[str](), Counter[str]()

    class Slow(SmtpChannel):
        """Takes each mail in many steps, and sees what is under way at once."""

        async def open(self) -> None:
            """Be there."""

        async def send(self, message: Message, at: datetime) -> Outcome:
            """Take a mail."""
            del at
            number = next(each for each in numbers if each in message.subject)
            told[number] += 1
            under_way[number] += 1
            at_once.append(under_way[number])
            for _ in range(20):
                await asyncio.sleep(0)
            under_way[number] -= 1
            return Outcome("sent")

    at_once: list[int] = []
    server = MailServer("127.0.0.1", 1, "lapor@ambon.test")
    rounds = Rounds(room.notification, room.guard(), {EMAIL: lambda: Slow(server)}, lanes=3)
    await rounds.send_page()
    assert told == dict.fromkeys(numbers, 3)
    assert max(at_once) == 1
