"""What the people of the demo file, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deploy.demo.doors import Doors, DoorShut
from deploy.demo.people import count_new, filed_sentence, load

BEGAN = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


class Remembering(Doors):
    """Answers a key again as the first time, as intake does."""

    def __init__(self) -> None:
        """Know of no report."""
        super().__init__({}, "")
        self.now, self.received = BEGAN, dict[str, datetime]()
        self.renewed: set[str] = set()

    async def file(self, report: Mapping[str, Any], key: str) -> dict[str, Any]:
        self.received.setdefault(key, self.now)
        return {"tracking_number": key, "pin": report["title"]}

    async def track(self, number: str, pin: str) -> dict[str, Any]:
        if number in self.renewed:
            raise DoorShut(404, "No report has this number and PIN.")
        return {"received_at": self.received[number].isoformat(), "pin": pin}


async def test_only_what_was_filed_now_is_counted_as_filed() -> None:
    """A sample that an earlier start has filed is answered alike, and was there already."""
    samples = [{"title": f"{nth}"} for nth in range(20)]
    async with Remembering() as doors:
        first = await load(doors, samples[:18], "s")
        assert await count_new(doors, first, BEGAN) == 18
        doors.now += timedelta(hours=1)
        doors.renewed = {first[0]["tracking_number"]}  # its PIN is another one now
        again = await load(doors, samples, "s")
        assert again[:18] == first
        assert await count_new(doors, again, doors.now) == 2


@pytest.mark.parametrize(
    ("new", "there", "sentence"),
    [
        (32, 0, "32 filed through the public interface"),
        (2, 30, "2 filed through the public interface, 30 there already"),
        (0, 32, "32 there already"),
    ],
)
def test_what_was_there_is_not_said_to_be_filed(new: int, there: int, sentence: str) -> None:
    """Both counts stand in the line, none that is naught."""
    assert filed_sentence(new, there) == sentence
