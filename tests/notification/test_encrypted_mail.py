"""Mail to a server that wants STARTTLS and a password, as those of most cities do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from services.notification.channels.smtp import MailServer, SmtpChannel
from services.notification.domain.audiences import EMAIL
from services.notification.timers import Rounds
from tests.harness.certificates import self_signed
from tests.notification.doubles import COMPLAINT, QUICK, SENT, Room
from tests.notification.mail import MailHost

ACCOUNT = ("lapor", "rahasia negara")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a certificate of this machine's name."""
    return self_signed(tmp_path_factory.mktemp("tls") / "server.pem", "localhost")


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have it trusted as an operator does."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


@pytest.fixture
async def guarded(certificate: Path) -> AsyncIterator[MailHost]:
    """Give a server that takes mail under TLS from one account."""
    host = MailHost(certificate, ACCOUNT)
    async with host.up():
        yield host


def rounds_to(
    host: MailHost, room: Room, password: str = ACCOUNT[1], name: str = "localhost"
) -> Rounds:
    """Send as the settings of an operator say."""
    user = ACCOUNT[0]
    server = MailServer(name, host.port, "lapor@ambon.test", user, password, starttls=True)
    return Rounds(room.notification, room.guard(), {EMAIL: partial(SmtpChannel, server)})


@pytest.mark.usefixtures("trusted")
async def test_a_mail_goes_under_tls_by_the_account_that_is_set(
    guarded: MailHost, room: Room
) -> None:
    """One connection, one login, and the mail is taken: what `KENTONGAN_SMTP_USER` is for."""
    rounds = rounds_to(guarded, room)
    assert await rounds.send_page() == 1
    assert (room.types(COMPLAINT), rounds.remarks()) == ([SENT], [])
    assert (guarded.encrypted, guarded.logins, guarded.connections) == ([True], [ACCOUNT], 1)


@pytest.mark.usefixtures("trusted")
async def test_a_wrong_password_costs_no_notice_and_is_said(guarded: MailHost, room: Room) -> None:
    """Health names both settings and not the password; once it is put right the notice is sent."""
    rounds = rounds_to(guarded, room, "salah")
    assert await rounds.send_page() == 0
    [pending] = room.state().pending
    assert (pending.attempts, room.types(COMPLAINT), guarded.taken) == (0, [], [])
    [said] = rounds.remarks()
    assert "KENTONGAN_SMTP_USER" in said
    assert "KENTONGAN_SMTP_PASSWORD" in said
    assert "535" in said
    assert "salah" not in said
    await rounds_to(guarded, room).send_page()
    assert room.types(COMPLAINT) == [SENT]


@pytest.mark.usefixtures("trusted")
async def test_a_wrong_password_is_not_said_again_and_again(guarded: MailHost, room: Room) -> None:
    """Until a pause is over nobody logs in, however often a round begins: it would be closed."""
    rounds = rounds_to(guarded, room, "salah")
    async with rounds.running():
        await rounds.begin()
        assert rounds._round is not None
        await rounds._round
        knocked = len(guarded.logins)
        for _ in range(20):
            await rounds.begin()
    assert (len(guarded.logins), guarded.connections) == (knocked, 1)


async def test_a_certificate_that_nobody_vouches_for_gets_no_password(
    guarded: MailHost, room: Room
) -> None:
    """Health says that it is the certificate, and the server hears neither user nor mail."""
    rounds = rounds_to(guarded, room)
    assert await rounds.send_page() == 0
    assert "certificate" in rounds.remarks()[0]
    assert (guarded.logins, guarded.taken, room.types(COMPLAINT)) == ([], [], [])
    assert [each.attempts for each in room.state().pending] == [0]


@pytest.mark.usefixtures("trusted")
async def test_a_certificate_of_another_name_gets_no_password(
    guarded: MailHost, room: Room
) -> None:
    """It is trusted, and is not that of the server that was set."""
    rounds = rounds_to(guarded, room, name="127.0.0.1")
    assert await rounds.send_page() == 0
    assert "certificate" in rounds.remarks()[0]
    assert guarded.logins == []


@pytest.mark.parametrize("account", [None, ACCOUNT])
async def test_a_server_without_tls_gets_no_password(
    room: Room, account: tuple[str, str] | None
) -> None:
    """Whether it asks for one in the clear or not; health says what it does not offer."""
    host = MailHost(account=account)
    async with host.up():
        rounds = rounds_to(host, room)
        assert await rounds.send_page() == 0
        assert "STARTTLS" in rounds.remarks()[0]
    assert (host.logins, host.taken) == ([], [])


@pytest.mark.usefixtures("trusted")
async def test_a_mail_without_the_account_is_put_off(guarded: MailHost, room: Room) -> None:
    """A server that wants one and is given none: our own fault, which an operator can mend."""
    server = MailServer(
        "localhost", guarded.port, "lapor@ambon.test", starttls=True, patience=QUICK * 10
    )
    channels = {EMAIL: partial(SmtpChannel, server)}
    await Rounds(room.notification, room.guard(), channels).send_page()
    assert (room.types(COMPLAINT), guarded.taken) == ([], [])
    assert "refuses the sender: 530" in str(room.state().pending[0].reason)
