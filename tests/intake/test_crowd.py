"""Very many reports from one address or contact: marked, then slowed, and never dropped."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress

import httpx
import pytest

from services.intake.api import create_api
from services.intake.handlers import Asker, Intake, Usual
from services.intake.handlers.crowd import LONGEST_WAIT, MOST_REMEMBERED, SLOWED, Crowd, Wait
from services.intake.handlers.pins import Pins
from services.intake.rights import RIGHTS
from shared.contracts.intake import Contact
from tests.desk import door
from tests.intake.doubles import SECRET, InMemoryComplaints, a_draft, an_intake
from tests.intake.reports import COMPLAINTS, a_body

CARRIER, OTHER = Asker("203.0.113.7"), Asker("198.51.100.1")
FEW = Usual(address=3, contact=2)
TRACE = "00-" + "1" * 32 + "-" + "2" * 16 + "-01"


class Desk:
    """Intake under a clock that a test moves, with small bounds."""

    def __init__(self) -> None:
        self.now = 1_000_000.0
        self.kept = InMemoryComplaints()
        self.intake: Intake = an_intake(self.kept, lambda: self.now, FEW)

    async def file(
        self,
        text: str,
        asker: Asker = CARRIER,
        contact: Contact | None = None,
        key: str | None = None,
    ) -> str | None:
        """File a report; give its mark."""
        filed = await self.intake.submit(a_draft(text=text), contact, key, TRACE, asker)
        data = self.kept.documents[filed.complaint].facts[0]["data"]
        return str(data["crowd"]) if "crowd" in data else None

    async def crowd(self, key: str | None = None) -> Wait:
        """File until somebody is asked to wait."""
        with suppress(Wait):
            for nth in range(SLOWED * FEW.address):
                await self.file(f"Banjir {nth}")
        with pytest.raises(Wait) as wait:
            await self.file("Banjir di rumah saya", key=key)
        return wait.value


async def test_what_is_usual_is_not_marked_and_what_is_not_is() -> None:
    """Above the bound of the hour each report says what it has in common with the others."""
    desk = Desk()
    assert [await desk.file(str(nth)) for nth in range(5)] == [*[None] * 3, *["address"] * 2]
    assert await desk.file("x", OTHER) is None
    assert [await desk.file(str(nth), Asker()) for nth in range(5)] == [None] * 5
    desk.now += 3600
    assert await desk.file("later") is None


async def test_one_contact_is_counted_wherever_it_files_from() -> None:
    """A number from many addresses is one number; of it only a fingerprint is remembered."""
    desk = Desk()
    contact = Contact(phone="+6281234567890")
    marks = [await desk.file(str(nth), Asker(f"192.0.2.{nth}"), contact) for nth in range(3)]
    assert marks == [None, None, "contact"]
    assert not [name for name in desk.intake.crowd.levels if "81234567890" in name]


async def test_far_above_it_a_reporter_waits_and_is_then_taken() -> None:
    """The ticket is good for that very report from then on; sent twice, it is one complaint."""
    desk = Desk()
    wait = await desk.crowd()
    ticket = wait.headers["Kentongan-Ticket"]
    assert (wait.status, int(wait.headers["Retry-After"])) == (429, 1)
    with pytest.raises(Wait):
        await desk.file("Banjir di tempat lain", Asker(CARRIER.address, ticket))
    desk.now += int(wait.headers["Retry-After"])
    before = len(desk.kept.documents)
    for _ in range(2):
        told = Asker(CARRIER.address, ticket)
        assert await desk.file("Banjir di rumah saya", told) == "address"
    assert len(desk.kept.documents) == before + 1


async def test_however_many_wait_nobody_waits_long() -> None:
    """Slots are half a second apart, and the last of them two minutes away."""
    desk = Desk()
    await desk.crowd()
    waits = []
    for nth in range(400):
        with pytest.raises(Wait) as wait:
            await desk.file(f"Gempa {nth}")
        waits.append(int(wait.value.headers["Retry-After"]))
    assert waits == sorted(waits)
    assert (waits[9], waits[-1]) == (6, LONGEST_WAIT + 1)


async def test_what_was_taken_is_answered_again_whatever_the_crowd() -> None:
    """A repeat under its key is no further report: it gets its answer without waiting."""
    desk = Desk()
    key = "a-key-of-sixteen-or-more"
    await desk.file("Pohon tumbang", key=key)
    await desk.crowd()
    before = dict(desk.kept.documents)
    await desk.file("Pohon tumbang", key=key)
    assert desk.kept.documents == before


async def test_a_ticket_is_of_one_key() -> None:
    """Under another key the same words are another report, which waits for its own turn."""
    desk = Desk()
    wait = await desk.crowd(key="a-key-of-sixteen-or-more")
    desk.now += 2
    await desk.file("Banjir di pasar")  # the hour has room for one again
    ticket = Asker(CARRIER.address, wait.headers["Kentongan-Ticket"])
    with pytest.raises(Wait):
        await desk.file("Banjir di rumah saya", ticket, key="a-third-key-of-sixteen")
    await desk.file("Banjir di rumah saya", ticket, key="a-key-of-sixteen-or-more")


@pytest.mark.parametrize("ticket", ["", "x", "9" * 500, "1000000.", "१२३.x", f"1000000.{'0' * 32}"])
async def test_a_ticket_that_was_never_given_is_none(ticket: str) -> None:
    """Whatever is sent as a ticket, its sender is asked to wait like everybody."""
    desk = Desk()
    await desk.crowd()
    with pytest.raises(Wait):
        await desk.file("Banjir", Asker(CARRIER.address, ticket))


def test_what_is_remembered_is_bounded() -> None:
    """However many addresses file, the table has an end."""
    crowd = Crowd(Pins(SECRET))
    for nth in range(MOST_REMEMBERED + 10):
        crowd.judge(Asker(f"a{nth}"), None, b"")
    assert len(crowd.levels) == MOST_REMEMBERED


@pytest.fixture
async def carrier() -> AsyncIterator[tuple[httpx.AsyncClient, Desk]]:
    """Give a client behind a carrier's address, at a door that takes three reports an hour."""
    desk = Desk()
    app = door(RIGHTS_OF_FILING, create_api(desk.intake))
    transport = httpx.ASGITransport(app, client=("203.0.113.7", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://intake") as http:
        yield http, desk


RIGHTS_OF_FILING = {
    name: RIGHTS[name]
    for name in (
        f"POST {COMPLAINTS}",
        "GET /api/v1/categories",
        f"GET {COMPLAINTS}/{{tracking_number}}",
    )
}


async def test_a_disasters_worth_of_reports_is_taken(
    carrier: tuple[httpx.AsyncClient, Desk],
) -> None:
    """Forty people behind one address: each report is taken at once, or when its time has come.

    The problem says in words what to do, and its headers say it for machines.
    """
    http, desk = carrier
    reports = [a_body(text=f"Banjir {n}") for n in range(40)]
    answers = [await http.post(COMPLAINTS, json=each) for each in reports]
    assert [each.status_code for each in answers] == [201] * 30 + [429] * 10
    problem = answers[-1].json()
    assert (problem["code"], problem["errors"][0]["field"]) == ("crowded", "Kentongan-Ticket")
    assert answers[-1].headers["retry-after"] in problem["detail"]
    desk.now += 10
    for report, answer in zip(reports[30:], answers[30:], strict=True):
        given = {"Kentongan-Ticket": answer.headers["Kentongan-Ticket"]}
        assert (await http.post(COMPLAINTS, json=report, headers=given)).status_code == 201
    assert len(desk.kept.documents) == 40
