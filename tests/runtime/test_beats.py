"""When a service says up to when it can have been heard."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

from shared.contracts.beat import Beat
from shared.runtime.beats import Beats
from shared.runtime.ports import Message
from shared.runtime.relaying import SECOND_ROUND
from tests.runtime.drums import OWN, strokes
from tests.runtime.hall import Drummer, Hall, a_record
from tests.simulation.bus import NODE
from tests.simulation.ports import SimulatedTime


class Watch:
    """Sees a bus on which no history was told."""

    async def ends(self, _topic: str, partitions: int) -> dict[int, int]:
        return dict.fromkeys(range(partitions), 0)


class Out:
    """Keeps the beats that are told."""

    def __init__(self) -> None:
        self.beats: list[Beat] = []

    async def send(self, messages: Sequence[Message]) -> Sequence[Message]:
        self.beats += [Beat.model_validate_json(each.value or b"") for each in messages]
        return []

    def ends(self, _topic: str) -> dict[int, int]:
        return {}


def test_a_new_service_tells_beats_at_once() -> None:
    """There was nothing before the bus that it could lack."""
    hall = Hall()
    assert hall.run(Drummer(hall).relay.retell("bus-1")) == [True]


def test_no_beat_is_told_before_a_bus_that_forgot_was_told_everything() -> None:
    """Whoever passes the ends of a bus that is empty still has heard nothing."""
    hall, out = Hall(), Out()
    drummer = Drummer(hall)
    hall.run(drummer.hear(a_record(strokes(1))))
    hall.pass_by(600)
    parts = {"name": "drums", "node": NODE, "stream": OWN, "incarnation": "bus-2"}
    time = SimpleNamespace(epoch=0, under=SimulatedTime(drummer).under)
    ports = {"time": time, "watch": Watch(), "out": out, "relay": drummer.relay}
    beats = Beats(cast("Any", SimpleNamespace(**parts, **ports)))
    hall.run(beats.tell())
    assert hall.run(drummer.relay.retell("bus-2")) == [False]
    hall.run(beats.tell())
    assert out.beats == []
    hall.pass_by(SECOND_ROUND.total_seconds())
    assert hall.run(drummer.relay.retell("bus-2")) == [True]
    hall.run(beats.tell())
    assert [each.incarnation for each in out.beats] == ["bus-2"]
