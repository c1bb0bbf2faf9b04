"""Who the bus is, and how far its logs go."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Collection

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from shared.runtime.ports import Away


class KafkaWatch:
    """Asks the bus how far it is, and who: another incarnation has forgotten everything."""

    def __init__(self, address: str) -> None:
        """Watch a bus."""
        self._address = address
        self._admin: AIOKafkaAdminClient | None = None
        self._reader: AIOKafkaConsumer | None = None

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
                # ``describe_cluster`` would ask for every topic there is, every time.
                described = await self._admin._get_cluster_metadata([])  # noqa: SLF001
        except (KafkaError, OSError, TimeoutError, AttributeError, ValueError):
            await self.stop()
            return None
        return str(described.cluster_id)

    async def missing(self, topics: Collection[str]) -> list[str]:
        """Say which topics the bus lacks, without asking for them by name.

        Who asks for one by name may make the bus create it with a count of its own, or, where it
        does not, sees it only when metadata is next renewed, minutes after it was made.
        """
        try:
            async with asyncio.timeout(5):
                found = set(await self._admin.list_topics()) if self._admin else set()
        except (KafkaError, OSError, TimeoutError, AttributeError, ValueError):
            await self.stop()
            return sorted(topics)
        return sorted(set(topics) - found)

    async def ends(self, topic: str, partitions: int) -> dict[int, int]:
        """Read the end of every partition of a topic. Raises Away."""
        try:
            async with asyncio.timeout(5):
                if self._reader is None:
                    reader = AIOKafkaConsumer(
                        bootstrap_servers=self._address, metadata_max_age_ms=60_000
                    )
                    self._reader = reader
                    await reader.start()
                parts = [TopicPartition(topic, number) for number in range(partitions)]
                ends = await self._reader.end_offsets(parts)
        except (KafkaError, OSError, TimeoutError) as failed:
            await self.stop()
            raise Away(f"the bus does not answer: {type(failed).__name__}") from failed
        return {part.partition: end for part, end in ends.items()}

    async def stop(self) -> None:
        """Disconnect."""
        admin, self._admin = self._admin, None
        reader, self._reader = self._reader, None
        with contextlib.suppress(KafkaError, OSError, TimeoutError):
            async with asyncio.timeout(2):
                if admin is not None:
                    await admin.close()
                if reader is not None:
                    await reader.stop()
