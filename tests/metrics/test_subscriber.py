"""The subscriber of the README, as it stands there, on messages as they stand on the bus."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from random import Random
from typing import Any

from services.metrics.domain.hiding import SMALLEST
from shared.runtime.ports import Message
from tests.architecture.house import ROOT
from tests.metrics.doubles import Room


def _program() -> dict[str, Any]:
    readme = (ROOT / "README.md").read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    found = [each for each in blocks if "totals" in each]
    assert len(found) == 1
    assert len([line for line in found[0].splitlines() if line]) <= 20
    names: dict[str, Any] = {"__name__": "subscriber"}
    exec(found[0], names)
    return names


def _heard(message: Message) -> tuple[str, dict[str, bytes], Any]:
    headers = {name: value or b"" for name, value in message.headers}
    return message.key.decode(), headers, json.loads(message.value or b"")


async def _day(room: Room) -> None:
    for number in range(12):
        agency = "dinas-pu" if number % 3 else "dinas-kesehatan"
        room.receive(f"c{number}")
        room.route(f"c{number}", agency)
        if number % 2:
            room.answer(f"c{number}", agency)
        if number % 4 == 1:
            room.resolve(f"c{number}", agency)
        room.clock.pass_by(timedelta(minutes=3))
        if number % 5 == 0:
            await room.count()
    room.route("c3", "dinas-lingkungan-hidup", turn=2)
    await room.count()


async def test_it_rebuilds_the_numbers_of_the_page() -> None:
    """Late, twice, in any order or compacted: the last of what it says is what the page shows."""
    room = Room()
    await _day(room)
    board = await room.board.live()
    every = [*room.wire.sent, *room.row_wire.sent]
    shuffled = every * 2
    Random(7).shuffle(shuffled)
    compacted = list({message.key: message for message in every}.values())
    for messages in (every, shuffled, compacted):
        said = _program()["totals"](map(_heard, messages))
        last = {measure: total for day, measure, total in said if day == str(board.day)}
        shown = {name: count for name, count in board.counts.items() if name != "notified"}
        assert {name: count for name, count in last.items() if name not in board.hidden} == shown
        assert all(0 < last[name] < SMALLEST for name in board.hidden)


async def test_it_goes_on_with_the_stream() -> None:
    """After what was there at its start comes what is counted later, in the place of the old."""
    room = Room()
    await _day(room)
    seen = len(room.wire.sent)
    room.receive("late")
    await room.count()
    stream = map(_heard, [*room.wire.sent[:seen], *room.wire.sent[seen:]])
    assert list(_program()["totals"](stream))[-1] == ("2026-03-17", "received", 13)
