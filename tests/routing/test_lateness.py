"""Which reports the queue shows as late."""

from __future__ import annotations

from datetime import date, timedelta

from shared.contracts import followup
from shared.contracts.vocabulary import Clock as Runs
from tests.routing.doubles import COMPLAINT, QUEUE, get
from tests.routing.test_aside import deferred, reply


async def test_12_a_date_missed_after_it_came_back_is_late_whatever_is_read_first() -> None:
    """Statement 12: built anew with what followup told first, it is as late as it was."""
    room = await deferred()
    room.clock.pass_by(timedelta(days=14))
    second = followup.DeadlineMissed(clock=Runs.VERIFY, due_on=date(2026, 4, 6))
    room.hear(COMPLAINT, "cases", second)
    reply(room)
    assert [each["late"] for each in (await get(room, QUEUE)).json()["items"]] == [True]
