"""What a service does first when its store came back from yesterday.

It takes from its own compacted streams the facts that the backup lacks, before it tells anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared.contracts.envelope import Unreadable
from shared.contracts.topics import Carries, told_by, topic
from shared.runtime.bus import whole
from shared.runtime.reading import told

if TYPE_CHECKING:
    from shared.runtime.process import Process


async def adopt_own(process: Process[Any]) -> None:
    """Read the service's own streams to their ends and adopt what the store lacks.

    A record that cannot be read is left and counted. Raises KafkaError.
    """
    for stream in told_by(process.name):
        if stream.facts:
            topics = {topic(process.node, stream.name): stream.partitions}
            async for page in whole(process.settings.kafka, topics):
                histories = []
                for record in page:
                    try:
                        histories.append(told(record, stream.name, stream.message))
                    except Unreadable:
                        process.tally.unadopted += 1
                await process.relay.adopt(histories, snapshot=stream.carries is Carries.SNAPSHOT)
    noted = await process.store.notes.read("store") or {"epoch": 0}
    await process.store.notes.write("store", {**noted, "adopted": True})
