"""The second channel, patience with each, and the hours in which no phone rings."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notification.domain.message import Outcome
from services.notification.domain.patience import (
    FIRST_RETRY,
    GROWTH,
    LONGEST_RETRY,
    MOST_ATTEMPTS,
    SPREAD,
    pause,
    share,
)
from services.notification.domain.ways import SPREAD as MORNING
from services.notification.domain.ways import Quiet
from shared.contracts.intake import Contact
from shared.contracts.vocabulary import zone_of
from tests.desk import Clock
from tests.notification.doubles import COMPLAINT, DEAD, FAILED, SENT, UNCERTAIN, Room
from tests.notification.gateways import GatewayHost
from tests.notification.mail import MailHost

BOTH = Contact(email="budi@warga.test", phone="+6281234567890").model_dump_json()
AMBON = Quiet(time(21), time(6), zone_of("8171"))


def room_of_both(*, quiet: Quiet | None = None, clock: Clock | None = None) -> Room:
    """Give notification with a reporter who has a mail address and a telephone."""
    room = Room(clock, channels=("email", "sms"), quiet=quiet)
    room.receive()
    room.contact(sealed=BOTH)
    return room


async def test_the_second_channel_takes_over_from_one_that_refuses(host: MailHost) -> None:
    """Where the mail is refused for good the same notice goes by SMS, once."""
    room, gateway = room_of_both(), GatewayHost()
    host.script = [("RCPT", "550 no such mailbox")]
    async with gateway.up():
        rounds = room.rounds_to(host, sms=gateway.url)
        for _ in range(3):
            await rounds.send_page()
    [fact] = room.documents.kept[COMPLAINT].facts
    assert (fact["type"], fact["data"]["channel"]) == (SENT, "sms")
    assert [body["id"] for _, body in gateway.taken] == [fact["data"]["notice"]]


async def test_the_second_channel_takes_over_from_one_that_is_dead(host: MailHost) -> None:
    """Where the mail is put off too often the notice goes by SMS, with attempts of its own."""
    room, gateway = room_of_both(), GatewayHost()
    host.script = [("RCPT", "451 later")] * MOST_ATTEMPTS
    gateway.script = [429] * (MOST_ATTEMPTS - 1)
    async with gateway.up():
        for _ in range(2 * MOST_ATTEMPTS):
            await room.rounds_to(host, sms=gateway.url).send_page()
            room.clock.pass_by(LONGEST_RETRY * (1 + SPREAD))
    assert (room.types(COMPLAINT), len(gateway.seen)) == ([SENT], MOST_ATTEMPTS)


async def test_where_every_channel_comes_to_nothing_the_notice_is_dead(host: MailHost) -> None:
    """A notice that was put off too often everywhere ends as dead, by its last channel."""
    room, gateway = room_of_both(), GatewayHost()
    host.script = [("RCPT", "451 later")] * MOST_ATTEMPTS
    gateway.script = [503] * MOST_ATTEMPTS
    async with gateway.up():
        for _ in range(2 * MOST_ATTEMPTS + 1):
            await room.rounds_to(host, sms=gateway.url).send_page()
            room.clock.pass_by(LONGEST_RETRY * (1 + SPREAD))
    [fact] = room.documents.kept[COMPLAINT].facts
    assert (fact["type"], fact["data"]["channel"]) == (DEAD, "sms")
    assert fact["data"]["reason"] == "the gateway answers 503"
    assert (room.state().dead, room.state().pending) == (1, ())


async def test_37_an_uncertain_notice_goes_to_no_other_channel(host: MailHost) -> None:
    """Statement 37: what the first channel may have delivered is not said again by the second."""
    room, gateway = room_of_both(), GatewayHost()
    host.script = [("DATA", "close")]
    async with gateway.up():
        rounds = room.rounds_to(host, sms=gateway.url)
        for _ in range(3):
            await rounds.send_page()
    assert (room.types(COMPLAINT), gateway.seen) == ([UNCERTAIN], [])


async def test_one_channel_that_is_away_does_not_keep_the_other(host: MailHost) -> None:
    """While the gateway is away mails go out, and what waits for it loses no attempt."""
    room, gateway = Room(channels=("email", "sms")), GatewayHost()
    async with gateway.up():
        pass
    room.receive("mail")
    room.contact("mail")
    room.receive("phone")
    room.contact("phone", sealed=Contact(phone="+6281234567890").model_dump_json())
    rounds = room.rounds_to(host, sms=gateway.url)
    await rounds.send_page()
    assert (room.types("mail"), room.types("phone")) == ([SENT], [])
    [waiting] = room.state("phone").pending
    assert (waiting.tries, waiting.channel) == (0, "sms")
    async with gateway.up():
        room.clock.pass_by(timedelta(minutes=2))
        await rounds.send_page()
    assert room.types("phone") == [SENT]


async def test_a_channel_that_is_not_set_is_waited_for(host: MailHost) -> None:
    """Who can be reached only by a channel that nobody has set is told once it is."""
    room = Room()
    room.receive()
    room.contact(sealed=Contact(phone="+6281234567890").model_dump_json())
    await room.rounds_to(host).send_page()
    [waiting] = room.state().pending
    assert (waiting.tries, waiting.reason) == (0, "no way to send by chat is set")


async def test_who_left_nothing_to_write_to_is_listed(host: MailHost) -> None:
    """A contact that is only a name is a failure that says so."""
    room = Room()
    room.receive()
    room.contact(sealed=Contact(name="Budi").model_dump_json())
    await room.rounds_to(host).send_page()
    assert room.types(COMPLAINT) == [FAILED]


@given(st.uuids().map(str), st.integers(1, MOST_ATTEMPTS))
def test_pauses_grow_are_bounded_and_the_same_whenever_asked(notice: str, tries: int) -> None:
    """A pause lies between its size and a quarter more, and depends on the notice alone."""
    size = min(FIRST_RETRY * GROWTH ** (tries - 1), LONGEST_RETRY)
    assert size <= pause(notice, tries) <= size * (1 + SPREAD)
    assert pause(notice, tries) == pause(notice, tries)


def test_notices_that_failed_together_are_tried_apart() -> None:
    """Of a thousand notices no two-hundredth of the spread gets more than a few."""
    places = [int(share(f"notice-{n}", 1) * 200) for n in range(1000)]
    assert max(places.count(place) for place in set(places)) < 20


@pytest.mark.parametrize(
    ("local", "ends"),
    [
        ("20:59", None),
        ("21:00", "2026-03-18T06:00"),
        ("23:59", "2026-03-18T06:00"),
        ("00:00", "2026-03-17T06:00"),
        ("05:59", "2026-03-17T06:00"),
        ("06:00", None),
    ],
)
def test_quiet_hours_are_those_of_the_node(local: str, ends: str | None) -> None:
    """From nine in the evening to six in the morning, as Ambon's clocks (WIT) show it."""
    zone = zone_of("8171")
    now = datetime.combine(datetime(2026, 3, 17, tzinfo=UTC), time.fromisoformat(local), zone)
    until = AMBON.until(now.astimezone(UTC), "n")
    if ends is None:
        assert until is None
    else:
        assert until is not None
        late = until - datetime.fromisoformat(ends).replace(tzinfo=zone)
        assert timedelta() <= late < MORNING


@given(st.datetimes(timezones=st.just(UTC)), st.times(), st.times())
def test_after_the_quiet_hours_it_is_never_quiet(now: datetime, begins: time, ends: time) -> None:
    """Whenever they lie, what waits for their end is less than a day away, and may go then."""
    quiet = Quiet(begins.replace(second=0), ends.replace(second=0), zone_of("8171"))
    if not datetime(1900, 1, 1, tzinfo=UTC) < now < datetime(2900, 1, 1, tzinfo=UTC):
        return
    until = quiet.until(now, "n")
    if until is not None:
        assert now <= until <= now + timedelta(days=1) + MORNING


async def test_at_night_no_phone_rings_but_for_what_is_urgent() -> None:
    """The receipt comes at once; that the report was passed on is said in the morning."""
    night = Clock(datetime(2026, 3, 17, 15, tzinfo=UTC))
    room, gateway = Room(night, channels=("sms",), quiet=AMBON), GatewayHost()
    room.receive()
    room.contact(sealed=Contact(phone="+6281234567890").model_dump_json())
    room.route()
    async with gateway.up():
        rounds = room.rounds_to(sms=gateway.url)
        await rounds.send_page()
        assert len(gateway.taken) == 1
        waiting = next(each for each in room.state().pending if each.audience == "reporter")
        assert (waiting.about, waiting.tries) == ("complaint.routed.v1", 0)
        night.pass_by(timedelta(hours=6))
        await rounds.send_page()
        assert len(gateway.taken) == 1
        night.pass_by(timedelta(hours=1, minutes=30))
        await rounds.send_page()
    assert len(gateway.taken) == 2


async def test_a_mail_rings_nobody(host: MailHost) -> None:
    """Mails go out at night: they are read when they are looked for."""
    night = Clock(datetime(2026, 3, 17, 15, tzinfo=UTC))
    room = room_of_both(quiet=AMBON, clock=night)
    room.route()
    room.open()
    await room.rounds_to(host).send_page()
    assert len(host.taken) == 3


def test_an_attempt_that_was_not_made_does_not_count() -> None:
    """However often a notice waits, it keeps all its attempts."""
    room = room_of_both()
    for _ in range(50):
        document, [claimed] = room.ledger.claim_all(
            room.documents.kept[COMPLAINT], room.clock.under(), "h"
        )
        outcome = Outcome("wait", "so", until=room.clock.now)
        room.documents.kept[COMPLAINT] = room.ledger.end(
            document, claimed, outcome, room.clock.under()
        )
    [waiting] = room.state().pending
    assert (waiting.attempts, waiting.tries) == (50, 0)
