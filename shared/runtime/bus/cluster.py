"""Who the bus is, and how far its logs go."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping

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

    async def lacks(self, topics: Mapping[str, int]) -> list[str]:
        """Say in a sentence each which topics the bus lacks, or has with other partitions.

        It is not asked for them by name. Who does may make the bus create one with a count of its
        own, or, where it does not, sees it only when metadata is next renewed, minutes after it was
        made. With another count complaints lie where nobody looks for them.
        """
        try:
            async with asyncio.timeout(5):
                described = await self._admin.describe_topics() if self._admin else []
        except (KafkaError, OSError, TimeoutError, AttributeError, ValueError):
            await self.stop()
            return ["The bus does not say which topics it has."]
        found = {each["topic"]: len(each["partitions"]) for each in described}
        return [
            f"The bus has no topic {name}."
            if name not in found
            else f"The topic {name} has {found[name]} partitions and the register says {wanted}: "
            "delete it and run `python3 -m deploy topics`."
            for name, wanted in topics.items()
            if found.get(name) != wanted
        ]

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
