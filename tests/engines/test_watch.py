"""What is asked of the bus by several at once."""

from __future__ import annotations

import asyncio

from deploy.engines.embedded import EmbeddedBroker
from deploy.topics import create
from shared.contracts.topics import STREAMS, topic
from shared.runtime.bus import KafkaWatch
from shared.runtime.hearing import patiently
from shared.runtime.ports import Away
from shared.runtime.systemtime import SystemTime

BEATS, REGISTER = (topic("8171", name) for name in ("beats", "register"))


async def test_whoever_asks_while_another_stops_it_gets_an_answer_or_hears_that_it_is_away(
    broker: EmbeddedBroker,
) -> None:
    """The duty that beats and the task that reads the register ask the same watch."""
    topics = {BEATS: STREAMS["beats"], REGISTER: STREAMS["register"]}
    await create(broker.address, topics)
    watch = KafkaWatch(broker.address)

    async def ask(name: str) -> bool:
        try:
            return set(await watch.ends(name, topics[name].partitions)) == {0}
        except Away:
            return True

    for pause in (0.0, 0.001, 0.01, 0.1):
        asked = asyncio.gather(*(ask(name) for name in (BEATS, REGISTER) * 3))
        await asyncio.sleep(pause)
        await watch.stop()
        assert all(await asked)
    assert await patiently(SystemTime(), watch.ends, BEATS, 1) == {0: 0}
    await watch.stop()
