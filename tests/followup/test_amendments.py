"""A calendar that is amended: what is open is counted again, and the old date is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta

import pytest

from services.followup.domain.case import Case
from services.followup.domain.cases import Cases
from services.followup.domain.policy import DEFAULT, Term
from services.followup.timers import OVERLAP, Amendments
from shared.contracts.calendar import Calendar
from shared.contracts.intake import ReporterReplied
from shared.runtime.asking import Judge
from shared.runtime.document import Document, Refused
from tests.followup.doubles import AMBON, COMPLAINT, Room, get
from tests.followup.test_why import clocks
from tests.notebook import Notebook

MOVED = "due_date.moved.v1"
SHUT = Calendar(AMBON.zone, closed=frozenset({date(2026, 3, 30)}))
"""A Monday off before the first response is due."""


class Bureau:
    """A room and what counts its dates again; the calendar is amended with a restart."""

    def __init__(self) -> None:
        self.room, self.notes, self.pages = Room(), Notebook(), 0
        self.refuses: dict[str, Refused] = {}
        """By complaint, what the next request about it gets for an answer."""

    def amend(self, calendar: Calendar) -> None:
        """Start again with another calendar."""
        before, self.room = self.room, Room(self.room.clock, calendar=calendar)
        self.room.documents.kept, self.room.told = before.documents.kept, before.told

    async def walk(self, since: int) -> AsyncIterator[list[Document[Case]]]:
        found = sorted(self.room.documents.kept.values(), key=lambda each: each.changed_at)
        within = [each for each in found if since <= each.changed_at]
        for at in range(0, len(within), 2):
            self.pages += 1
            yield within[at : at + 2]

    async def ask(self, complaint: str, judge: Judge[Case]) -> Document[Case]:
        if complaint in self.refuses:
            raise self.refuses.pop(complaint)
        return await self.room.ask(complaint, judge)

    async def look(self) -> int:
        room = self.room
        now = lambda: room.clock.now  # noqa: E731
        return await Amendments(room.cases, self.walk, self.notes, self.ask, now).look()


async def settled() -> Bureau:
    """Give a bureau whose calendar is noted, with five open cases of one day."""
    bureau = Bureau()
    for number in range(5):
        bureau.room.open(f"c{number}")
    bureau.room.open()
    bureau.room.clock.pass_by(timedelta(minutes=1))
    await bureau.look()
    bureau.room.clock.pass_by(OVERLAP)
    await bureau.look()
    assert bureau.notes.kept["calendar"]["until"] is None
    return bureau


async def test_statement_26_an_amendment_moves_what_is_open_and_keeps_the_old_date() -> None:
    """Statement 26: every open date is counted again, and the one before it is recorded."""
    bureau = await settled()
    bureau.amend(SHUT)
    assert await bureau.look() == 6
    room = bureau.room
    assert (room.due(Term.RESPOND), room.due(Term.COMPLETE)) == ("2026-04-01", "2026-04-15")
    told = [row["data"] for row in room.documents.kept[COMPLAINT].facts if row["type"] == MOVED]
    assert told[0] == {
        "clock": "respond",
        "was": "2026-03-31",
        "due_on": "2026-04-01",
        "because": "calendar",
        "agency": "dinas-pu",
    }
    said = (await clocks(room))["respond"]
    assert said["moved_from"] == "2026-03-31"
    assert any(each.startswith("Semula Selasa, 31 Maret 2026") for each in said["sentences"])
    assert (await get(room, f"/api/v1/cases/{COMPLAINT}")).json()["respond_by"] == "2026-04-01"


async def test_an_amended_date_is_moved_once() -> None:
    """Looked at again, or by two processes, nothing moves a second time."""
    bureau = await settled()
    bureau.amend(SHUT)
    await bureau.look()
    bureau.notes.kept.clear()  # as if another process began from the beginning
    assert await bureau.look() == 0
    moved = bureau.room.types("c0").count(MOVED)
    assert moved == len(list(bureau.room.documents.kept["c0"].state.running())) == 4


async def test_a_date_moves_as_often_as_the_calendar_does() -> None:
    """A calendar that comes back to what it was once moves the dates back, and then forth again."""
    bureau = await settled()
    for calendar, due in ((SHUT, "04-01"), (AMBON, "03-31"), (SHUT, "04-01"), (AMBON, "03-31")):
        bureau.amend(calendar)
        assert await bureau.look() == 6
        assert bureau.room.due(Term.RESPOND) == f"2026-{due}"
        bureau.room.clock.pass_by(OVERLAP)


async def test_what_has_run_out_or_ended_does_not_move() -> None:
    """A date that was missed, or whose clock has stopped, stays as it is recorded."""
    bureau = await settled()
    bureau.room.respond()
    bureau.room.resolve()
    before = bureau.room.case.dues
    bureau.amend(SHUT)
    await bureau.look()
    assert bureau.room.case.dues == before
    assert MOVED not in bureau.room.types(COMPLAINT)


async def test_a_moved_date_is_the_one_that_counts() -> None:
    """The clock runs out on the new date and not on the old one."""
    bureau = await settled()
    bureau.amend(SHUT)
    await bureau.look()
    room = bureau.room
    room.clock.now = AMBON.end_of(date(2026, 3, 31))
    room.tick()
    assert "deadline.missed.v1" not in room.types(COMPLAINT)
    room.clock.now = AMBON.end_of(date(2026, 4, 1))
    room.tick()
    assert "deadline.missed.v1" in room.types(COMPLAINT)


async def test_what_a_process_of_yesterday_counted_is_counted_again() -> None:
    """A case that the calendar of before still reached while others were moved is moved as well."""
    bureau = await settled()
    old = Cases(AMBON, DEFAULT)
    bureau.amend(SHUT)
    await bureau.look()
    new, bureau.room.cases, bureau.room.domain = bureau.room.cases, old, old
    bureau.room.open("late")
    bureau.room.cases = bureau.room.domain = new
    assert bureau.room.due(Term.RESPOND, "late") == "2026-03-31"
    bureau.room.clock.pass_by(OVERLAP)
    assert await bureau.look() == 1
    assert bureau.room.due(Term.RESPOND, "late") == "2026-04-01"


@pytest.mark.parametrize("code", ["busy", "store_away"])
@pytest.mark.parametrize("refused", ["c0", "c3", COMPLAINT])
async def test_a_case_that_is_refused_for_the_moment_is_counted_later(
    code: str, refused: str
) -> None:
    """However long a case is too busy, or the store away, its dates move in the end."""
    bureau = await settled()
    bureau.amend(SHUT)
    moved = 0
    for _ in range(3):
        bureau.refuses[refused] = Refused(503, code, "Try again.")
        moved += await bureau.look()
        bureau.room.clock.pass_by(OVERLAP)
    assert bureau.room.due(Term.RESPOND, refused) == "2026-03-31"
    bureau.refuses.clear()
    assert moved + await bureau.look() == 6
    assert bureau.room.due(Term.RESPOND, refused) == "2026-04-01"


async def test_a_busy_case_is_found_though_it_has_changed_since() -> None:
    """What was refused while others wrote to it is counted where it stands by now."""
    bureau = await settled()
    bureau.amend(SHUT)
    bureau.refuses["c4"] = Refused(503, "busy", "Try again.")
    await bureau.look()
    bureau.room.clock.pass_by(3 * OVERLAP)
    bureau.room.hear("c4", "complaints", ReporterReplied(text="Belum."))
    bureau.room.clock.pass_by(OVERLAP)
    for _ in range(3):
        await bureau.look()
        bureau.room.clock.pass_by(OVERLAP)
    assert bureau.room.due(Term.RESPOND, "c4") == "2026-04-01"
    assert bureau.notes.kept["calendar"]["until"] is None


async def test_a_full_history_keeps_no_other_date_from_moving() -> None:
    """A case that can take no more fact is passed, and the walk ends."""
    bureau = await settled()
    bureau.room.fill("c1")
    bureau.amend(SHUT)
    assert await bureau.look() == 5
    bureau.room.clock.pass_by(OVERLAP)
    assert await bureau.look() == 0
    assert bureau.room.due(Term.RESPOND, "c1") == "2026-03-31"
    assert bureau.notes.kept["calendar"]["until"] is None


async def test_a_calendar_that_stays_costs_nothing() -> None:
    """While the calendar is the same, no case is read again."""
    bureau = await settled()
    pages = bureau.pages
    for _ in range(3):
        assert await bureau.look() == 0
    assert bureau.pages == pages


async def test_an_announced_closing_keeps_its_date() -> None:
    """What a reporter was told stands, whatever the calendar says later."""
    bureau = await settled()
    bureau.room.respond()
    bureau.room.clock.now = AMBON.end_of(date(2026, 4, 2))
    bureau.room.tick()
    bureau.amend(Calendar(AMBON.zone, closed=frozenset({date(2026, 4, 7)})))
    await bureau.look()
    assert bureau.room.case.closes_on == date(2026, 4, 8)


def test_a_calendar_is_known_by_what_it_says() -> None:
    """Two calendars have one name only if they rest on the same days around the year."""
    years = datetime(2026, 1, 1, tzinfo=AMBON.zone).year
    assert SHUT.fingerprint(years) != AMBON.fingerprint(years)
    assert Calendar(AMBON.zone).fingerprint(years) == AMBON.fingerprint(years)
