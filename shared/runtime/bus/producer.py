"""The producer of a process."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from shared.runtime.bus.profiles import Profile
from shared.runtime.ports import Away, Message

LONGEST_MESSAGE = 1024 * 1024
SEND_TIMEOUT_MS = 10_000


class KafkaOut:
    """The producer of a process."""

    def __init__(self, address: str, profile: Profile) -> None:
        """Tell to a bus; nothing is sent before ``start``."""
        self._address, self._profile = address, profile
        self._producer: AIOKafkaProducer | None = None

    async def start(self) -> None:
        """Connect; raises KafkaError while the bus is away."""
        producer = AIOKafkaProducer(
            bootstrap_servers=self._address,
            acks="all",
            enable_idempotence=self._profile == "real",
            linger_ms=0,
            max_batch_size=256 * 1024,
            max_request_size=LONGEST_MESSAGE,
            request_timeout_ms=SEND_TIMEOUT_MS,
            metadata_max_age_ms=60_000,
        )
        try:
            await producer.start()
        except BaseException:
            await producer.stop()
            raise
        self._producer = producer

    async def stop(self) -> None:
        """Disconnect; what is not acknowledged by then was never told."""
        producer, self._producer = self._producer, None
        if producer is not None:
            with contextlib.suppress(KafkaError, TimeoutError):
                async with asyncio.timeout(5):
                    await producer.stop()

    async def send(self, messages: Sequence[Message]) -> Sequence[Message]:
        """Send, and give back those that were not acknowledged."""
        producer = self._producer
        if producer is None:
            raise Away("the bus is not connected")
        try:
            waits = [
                await producer.send(
                    message.topic, message.value, key=message.key, headers=message.headers
                )
                for message in messages
            ]
        except KafkaError as failed:
            raise Away(f"the bus does not take messages: {type(failed).__name__}") from failed
        answers = await asyncio.gather(*waits, return_exceptions=True)
        left = []
        for message, answer in zip(messages, answers, strict=True):
            if isinstance(answer, asyncio.CancelledError):
                raise answer
            if isinstance(answer, BaseException):
                left.append(message)
        return left
