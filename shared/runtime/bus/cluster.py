"""Who the bus is, and how far its logs go."""

from __future__ import annotations

import asyncio
import contextlib

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from shared.runtime.ports import Away


class KafkaWatch:
    """Asks the bus who it is: another incarnation has forgotten everything."""

    def __init__(self, address: str) -> None:
        """Watch a bus."""
        self._address = address
        self._admin: AIOKafkaAdminClient | None = None

    async def incarnation(self) -> str | None:
        """Give the cluster's id, None while the bus is away."""
        try:
            async with asyncio.timeout(5):
                if self._admin is None:
                    admin = AIOKafkaAdminClient(
                        bootstrap_servers=self._address, request_timeout_ms=4_000
                    )
                    await admin.start()
                    self._admin = admin
                described = await self._admin.describe_cluster()
        except (KafkaError, OSError, TimeoutError, AttributeError, ValueError):
            await self.stop()
            return None
        return str(described["cluster_id"])

    async def stop(self) -> None:
        """Disconnect."""
        admin, self._admin = self._admin, None
        if admin is not None:
            with contextlib.suppress(KafkaError, OSError, TimeoutError):
                async with asyncio.timeout(2):
                    await admin.close()


async def ends_of(address: str, topic: str) -> dict[int, int]:
    """Read the end of every partition of a topic. Raises Away."""
    consumer = AIOKafkaConsumer(bootstrap_servers=address)
    try:
        await consumer.start()
        numbers = consumer.partitions_for_topic(topic) or await _partitions(consumer, topic)
        ends = await consumer.end_offsets([TopicPartition(topic, number) for number in numbers])
        return {part.partition: end for part, end in ends.items()}
    except KafkaError as failed:
        raise Away(f"the bus does not answer: {type(failed).__name__}") from failed
    finally:
        await consumer.stop()


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> set[int]:
    await consumer.topics()
    found = consumer.partitions_for_topic(topic)
    if not found:
        raise Away(f"the topic {topic} is missing")
    return set(found)
