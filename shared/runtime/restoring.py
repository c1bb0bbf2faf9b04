"""What a service does first when its store came back from yesterday.

It takes from its own compacted streams the facts that the backup lacks, before it tells anything.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.contracts.envelope import Unreadable
from shared.contracts.topics import Carries, told_by, topic
from shared.runtime.ports import Record
from shared.runtime.reading import told

if TYPE_CHECKING:
    from shared.runtime.process import Process

TOGETHER = 500


async def adopt_own(process: Process[Any]) -> None:
    """Read the service's own streams to their ends and adopt what the store lacks."""
    for stream in told_by(process.name):
        if stream.facts:
            async for page in _pages(
                process.settings.kafka, topic(process.node, stream.name), stream.partitions
            ):
                histories = []
                for record in page:
                    with contextlib.suppress(Unreadable):
                        histories.append(told(record, stream.name, stream.message))
                await process.relay.adopt(histories, snapshot=stream.carries is Carries.SNAPSHOT)
    noted = await process.store.notes.read("store") or {"epoch": 0}
    await process.store.notes.write("store", {**noted, "adopted": True})


async def _pages(address: str, name: str, partitions: int) -> AsyncIterator[list[Record]]:
    consumer = AIOKafkaConsumer(bootstrap_servers=address, auto_offset_reset="earliest")
    await consumer.start()
    try:
        parts = [TopicPartition(name, number) for number in range(partitions)]
        consumer.assign(parts)
        ends = await consumer.end_offsets(parts)
        await consumer.seek_to_beginning(*parts)
        while any([await consumer.position(part) < ends[part] for part in parts]):
            batches = await consumer.getmany(timeout_ms=500, max_records=TOGETHER)
            page = [
                Record(r.topic, r.partition, r.offset, r.key, r.headers, r.value, r.timestamp)
                for records in batches.values()
                for r in records
            ]
            if page:
                yield page
    finally:
        await consumer.stop()
