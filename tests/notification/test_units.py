"""A unit hears of a case that its agency gave it."""

from __future__ import annotations

from services.notification.domain.patience import LONGEST_RETRY, MOST_ATTEMPTS, SPREAD
from shared.contracts import followup
from tests.notification.doubles import COMPLAINT, DEAD, OFFICE_AT, ROAD, SENT, Room
from tests.notification.mail import MailHost
from tests.notification.test_replay import replay


def assigned(unit: str | None, *, confidential: bool = False) -> Room:
    """Give notification that heard to which unit a case went, and with what words."""
    room = Room()
    room.receive(reachable=False, confidential=confidential)
    said = followup.CaseAssigned(agency="dinas-pu", unit=unit, note="Tolong dicek.")
    room.hear(COMPLAINT, "cases", said)
    return room


async def test_a_unit_is_told_of_a_case_that_it_is_given(host: MailHost) -> None:
    """By its own address and name, and without what it is asked for: that is read inside."""
    room = assigned("bina-marga")
    await room.rounds_to(host).send_page()
    [(to, mail)] = host.taken
    assert to == ROAD.email
    assert "Bina Marga, Dinas Pekerjaan Umum" in mail.get_content()
    assert "Tolong" not in mail.get_content()
    assert room.types(COMPLAINT) == [SENT]


async def test_a_unit_is_told_of_a_confidential_case_by_number_alone(host: MailHost) -> None:
    """Statement 39: not even its own name stands there."""
    await assigned("bina-marga", confidential=True).rounds_to(host).send_page()
    [(to, mail)] = host.taken
    assert to == ROAD.email
    assert "Bina" not in mail.as_string()


async def test_a_unit_that_the_register_lost_is_told_at_its_agency(host: MailHost) -> None:
    """What has no address of its own goes to the office; taken back, nobody is told."""
    await assigned("gone").rounds_to(host).send_page()
    await assigned(None).rounds_to(host).send_page()
    assert [to for to, _ in host.taken] == [OFFICE_AT]


async def test_what_was_lost_on_the_way_to_a_unit_is_sent_again_there(host: MailHost) -> None:
    """On an operator's word, to the unit and not to its agency."""
    room = assigned("bina-marga")
    host.script = [("RCPT", "451 later")] * MOST_ATTEMPTS
    for _ in range(MOST_ATTEMPTS):
        await room.rounds_to(host).send_page()
        room.clock.pass_by(LONGEST_RETRY * (1 + SPREAD))
    assert room.types(COMPLAINT) == [DEAD]
    assert await replay(room, "dead") == 1
    await room.rounds_to(host).send_page()
    assert [to for to, _ in host.taken] == [ROAD.email]
