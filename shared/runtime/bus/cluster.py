"""Who the bus is, and how far its logs go."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine, Mapping
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import ConsumerStoppedError, KafkaError

from shared.contracts.topics import miscounted
from shared.runtime.ports import Away

FAILURES = (
    KafkaError,
    ConsumerStoppedError,
    OSError,
    TimeoutError,
    AttributeError,
    ValueError,
)
"""What the client raises while a bus is away, half of it where it looks for a broker it lost."""


class KafkaWatch:
    """Asks the bus how far it is, and who: another incarnation has forgotten everything.

    Several may ask at once, and one of them may stop it meanwhile: each gets an answer or Away.
    """

    def __init__(self, address: str) -> None:
        """Watch a bus."""
        self._address = address
        self._admin: AIOKafkaAdminClient | None = None
        self._reader: AIOKafkaConsumer | None = None
        self._reading = asyncio.Lock()

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
        except FAILURES:
            await self._leave_admin()
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
        except FAILURES:
            await self._leave_admin()
            return ["The bus does not say which topics it has."]
        found = {each["topic"]: len(each["partitions"]) for each in described}
        return [
            f"The bus has no topic {name}."
            if name not in found
            else miscounted(name, wanted, found[name])
            for name, wanted in topics.items()
            if found.get(name) != wanted
        ]

    async def ends(self, topic: str, partitions: int) -> dict[int, int]:
        """Read the end of every partition of a topic. Raises Away."""
        parts = [TopicPartition(topic, number) for number in range(partitions)]
        try:
            async with asyncio.timeout(5), self._reading:
                reader = self._reader or await self._joined()
                ends = await reader.end_offsets(parts)
        except FAILURES as failed:
            await self._leave_reader()
            raise Away(f"the bus does not answer: {type(failed).__name__}") from failed
        return {part.partition: end for part, end in ends.items()}

    async def _joined(self) -> AIOKafkaConsumer:
        self._reader = AIOKafkaConsumer(bootstrap_servers=self._address, metadata_max_age_ms=60_000)
        await self._reader.start()
        return self._reader

    async def stop(self) -> None:
        """Disconnect, once whoever asks for ends has his answer."""
        await self._leave_admin()
        async with self._reading:
            await self._leave_reader()

    async def _leave_admin(self) -> None:
        admin, self._admin = self._admin, None
        if admin is not None:
            await _within_reason(admin.close())

    async def _leave_reader(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None:
            await _within_reason(reader.stop())


async def _within_reason(leaving: Coroutine[Any, Any, None]) -> None:
    with contextlib.suppress(KafkaError, OSError, TimeoutError):
        async with asyncio.timeout(2):
            await leaving
