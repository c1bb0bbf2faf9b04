"""How far a beat says that its service has told, on a broker that tells its ends short."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from deploy.engines.embedded import EmbeddedBroker
from deploy.topics import create
from shared.contracts.beat import Beat
from shared.contracts.topics import STREAMS, topic
from shared.runtime.beats import Beats
from shared.runtime.bus import KafkaOut, KafkaWatch, whole
from shared.runtime.ports import Message
from shared.runtime.systemtime import SystemTime

NODE, STREAM = "8171", "cases"
BEATS, CASES = (topic(NODE, name) for name in ("beats", STREAM))


class Relay:
    """Makes the beat of one that has nothing untold."""

    async def retold(self, _incarnation: str) -> bool:
        return True

    async def beat(self, service: str, stream: str, ends: Any, incarnation: str) -> Beat:
        now = SystemTime().under().now
        return Beat(
            service=service, stream=stream, through=now, ends=await ends(), incarnation=incarnation
        )


async def test_a_beat_reaches_to_what_was_acknowledged(broker: EmbeddedBroker) -> None:
    """Asked for its ends, the embedded broker names the first message of its last batch."""
    topics = {BEATS: STREAMS["beats"], CASES: STREAMS[STREAM]}
    await create(broker.address, topics)
    out, watch = KafkaOut(broker.address, "embedded"), KafkaWatch(broker.address)
    parts = {"name": "followup", "node": NODE, "stream": STREAM, "incarnation": "bus-1"}
    process = SimpleNamespace(**parts, time=SystemTime(), watch=watch, out=out, relay=Relay())
    try:
        await out.start()
        assert not await out.send([Message(CASES, b"c", [], b"{}")] * 10)
        await Beats(cast("Any", process)).tell()
    finally:
        await out.stop()
        await watch.stop()
    partitions = {name: stream.partitions for name, stream in topics.items()}
    told = [record async for page in whole(broker.address, partitions) for record in page]
    [beat] = [Beat.model_validate_json(each.value or b"") for each in told if each.topic == BEATS]
    assert sum(beat.ends.values()) == 10
