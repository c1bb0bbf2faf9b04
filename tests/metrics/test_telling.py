"""Figures on the bus: what is new at once, everything to a bus that forgot."""

from __future__ import annotations

from datetime import timedelta

import orjson

from shared.contracts.envelope import read_envelope
from shared.contracts.fact import Pair
from shared.contracts.metrics import CellCounted
from shared.runtime.ports import Message
from tests.metrics.doubles import Room


def _cells(messages: list[Message]) -> dict[str, int]:
    return {each.key.decode(): orjson.loads(each.value or b"")["count"] for each in messages}


async def test_a_cell_is_told_under_its_key_and_pair() -> None:
    """Key and subject name measure, agency and window; the pair is epoch and version."""
    room = Room()
    room.receive("a")
    await room.count()
    day, minute = room.wire.sent
    envelope = read_envelope(day.headers)
    assert day.topic == "kentongan.8171.metrics.v1"
    assert (envelope.type, envelope.sequence) == (CellCounted.type, Pair(0, 1))
    assert envelope.subject == day.key.decode() == "received||2026-03-17"
    assert minute.key == b"received||2026-03-17T03:00Z"
    cell = CellCounted.model_validate_json(day.value or b"")
    assert (cell.count, cell.seconds, cell.version) == (1, 86400, 1)
    assert cell.window.isoformat() == "2026-03-16T15:00:00+00:00"


async def test_only_what_changed_is_told() -> None:
    """A minute that was told is not told again with the next one; its day is."""
    room = Room()
    room.receive("a")
    await room.count()
    room.clock.pass_by(timedelta(minutes=2))
    room.wire.sent.clear()
    room.receive("b")
    await room.count()
    assert _cells(room.wire.sent) == {"received||2026-03-17": 2, "received||2026-03-17T03:02Z": 1}
    assert not [each for each in room.figures.kept.values() if each.untold]


async def test_what_could_not_be_told_is_told_later() -> None:
    """Counted without a bus, figures stay marked, with every minute that was not told."""
    room = Room()
    room.on_the_bus = False
    for _ in range(3):
        room.receive(f"complaint at {room.clock.now}")
        await room.count()
        room.clock.pass_by(timedelta(minutes=1))
    assert not room.wire.sent
    room.on_the_bus = True
    room.clock.pass_by(timedelta(seconds=10))
    await room.telling.sweep()
    assert len(_cells(room.wire.sent)) == 4
    room.wire.sent.clear()
    await room.telling.sweep()
    assert not room.wire.sent


async def test_a_bus_that_forgot_is_told_everything() -> None:
    """Days for ever, minutes of the last two days; and once more a minute later."""
    room = Room()
    room.receive("old")
    await room.count()
    room.clock.pass_by(timedelta(days=9))
    room.receive("new")
    await room.count()
    room.wire.sent.clear()
    room.incarnation = "two"
    await room.telling.retell()
    day = room.clock.now.date()
    assert set(_cells(room.wire.sent)) == {
        "received||2026-03-17",
        f"received||{day}",
        f"received||{day}T03:00Z",
    }
    room.clock.pass_by(timedelta(minutes=2))
    await room.telling.retell()
    assert room.notes.kept["figures.bus"] == {"incarnation": "two"}


async def test_what_only_pages_show_is_not_told() -> None:
    """How many reporters were told is counted and stays here."""
    room = Room()
    room.receive("a")
    room.notify("a")
    await room.count()
    assert room.shown()["notified||2026-03-17 12:00"] == 1
    assert not [key for key in _cells(room.wire.sent) if key.startswith("notified")]
