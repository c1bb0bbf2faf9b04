"""Marks that wait to be counted: so many in memory, however long they have to wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from services.metrics.handlers import recount as under_test
from services.metrics.handlers.recount import Recount
from shared.runtime.ports import Dirt
from shared.runtime.timing import micros
from tests.desk import Clock

MOST, PAGE = 20, 5


class Shelf:
    """Where marks stand until they are taken away."""

    def __init__(self) -> None:
        self.marks: dict[str, Dirt] = {}
        self.read = 0

    async def dirty(self, since: int, until: int, limit: int) -> list[Dirt]:
        """Give marks, oldest first."""
        found = [each for each in self.marks.values() if since <= each.at < until]
        self.read += len(found[:limit])
        return sorted(found, key=lambda mark: mark.at)[:limit]

    async def clean(self, dirt: Sequence[Dirt]) -> None:
        """Take marks away."""
        for each in dirt:
            self.marks.pop(each.id, None)


class Counted:
    """Something that is counted, once it is ``open``."""

    def __init__(self, *, open: bool = True) -> None:  # noqa: A002 - as a door is
        self.open, self.asked, self.counted = open, 0, list[str]()

    def size(self, marks: Sequence[Dirt]) -> int:
        """Cost nothing."""
        del marks
        return 0

    async def settle(self, marks: Sequence[Dirt]) -> bool:
        """Count what marks name."""
        self.asked = max(self.asked, len(marks))
        if self.open:
            self.counted += [each.id for each in marks]
        return self.open


@pytest.mark.parametrize("before", [False, True])
async def test_while_no_register_is_told_marks_wait_in_the_store(
    monkeypatch: pytest.MonkeyPatch, *, before: bool
) -> None:
    """Live figures count each once, and a process that starts then does; tables have all later."""
    monkeypatch.setattr(under_test, "MOST_MARKS", MOST)
    monkeypatch.setattr(under_test, "PAGE", PAGE)
    clock, shelf = Clock(), Shelf()
    live, tables = Counted(), Counted(open=False)
    counting = Recount(shelf, (live, tables), clock, lambda: 0)

    async def run(seconds: int) -> None:
        for _ in range(seconds):
            await counting.run()
            clock.pass_by(timedelta(seconds=1))

    for nth in range(200):
        shelf.marks[str(nth)] = Dirt(str(nth), 1, micros(clock.now), ("m",))
        await run(0 if before else 1)
        clock.pass_by(timedelta(seconds=1) if before else timedelta())
    await run(100)
    assert sorted(live.counted, key=int) == [str(nth) for nth in range(200)]
    assert 0 < tables.asked <= MOST + PAGE
    read = shelf.read
    await run(300)
    assert shelf.read - read <= 300 * PAGE
    assert (len(live.counted), len(shelf.marks)) == (200, 200)
    tables.open = True
    await run(100)
    assert {*tables.counted} == {str(nth) for nth in range(200)}
    assert not shelf.marks
