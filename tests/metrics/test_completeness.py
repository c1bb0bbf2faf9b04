"""Up to when windows are complete: heard by the beats, counted, and told."""

from __future__ import annotations

from datetime import timedelta

from services.metrics.handlers import Completeness
from shared.contracts.envelope import read_envelope
from shared.contracts.metrics import WindowsCompleted
from tests.desk import client
from tests.metrics.doubles import Room
from tests.metrics.shelf import Wire

STREAMS = ("complaints", "dispositions", "cases", "notices")


def _completeness(room: Room, wire: Wire) -> Completeness:
    counted = (room.figures, room.rows)
    return Completeness(
        "8171", room.timelines, counted, room._views, wire, room.clock, lambda: room.incarnation
    )


def _said(wire: Wire) -> list[WindowsCompleted]:
    return [WindowsCompleted.model_validate_json(each.value or b"") for each in wire.sent]


async def test_what_is_heard_is_complete_when_it_is_counted_and_told() -> None:
    """The earliest of all streams is told, and not while a complaint heard before waits."""
    room, wire = Room(), Wire()
    completeness = _completeness(room, wire)
    room.receive("a")
    heard = room.clock.now
    room.seen = {stream: heard + timedelta(seconds=n) for n, stream in enumerate(STREAMS)}
    await completeness.tell()
    room.clock.pass_by(timedelta(seconds=15))
    await completeness.tell()
    assert _said(wire) == []
    await room.count()
    await completeness.tell()
    (said,) = _said(wire)
    assert (said.through, said.streams["notices"]) == (heard, heard + timedelta(seconds=3))
    assert wire.sent[0].key == b"completed"
    assert read_envelope(wire.sent[0].headers).type == WindowsCompleted.type


async def test_a_stream_that_was_never_heard_leaves_nothing_complete() -> None:
    """Silence of one service is not taken for nothing having happened there."""
    room, wire = Room(), Wire()
    completeness = _completeness(room, wire)
    room.seen = dict.fromkeys(STREAMS[1:], room.clock.now)
    for _ in range(3):
        await completeness.tell()
        room.clock.pass_by(timedelta(seconds=15))
    assert not wire.sent


async def test_the_same_is_told_once_to_each_bus() -> None:
    """Nothing is repeated while nothing is new; a bus that forgot is told again."""
    room, wire = Room(), Wire()
    completeness = _completeness(room, wire)
    room.seen = dict.fromkeys(STREAMS, room.clock.now)
    for bus in ("one", "two"):
        room.incarnation = bus
        for _ in range(4):
            await completeness.tell()
            room.clock.pass_by(timedelta(seconds=15))
    assert len(wire.sent) == 2
    first, second = (read_envelope(each.headers).sequence for each in wire.sent)
    assert first < second


async def test_a_day_says_whether_it_is_complete() -> None:
    """Today never is; yesterday is once every stream was heard beyond midnight."""
    room = Room()
    room.clock.pass_by(timedelta(days=1))
    room.seen = dict.fromkeys(STREAMS, room.clock.now)
    async with client(room.door()) as http:
        today = (await http.get("/api/v1/figures")).json()
        before = (await http.get("/api/v1/figures", params={"day": "2026-03-17"})).json()
    assert (today["complete"], before["complete"]) == (False, True)
