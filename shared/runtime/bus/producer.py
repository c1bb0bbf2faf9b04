"""The producer of a process."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping, Sequence

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from shared.runtime.ports import Away, Message
from shared.runtime.settings import Profile

LONGEST_MESSAGE = 1024 * 1024
SEND_TIMEOUT_MS = 10_000
ENDING = 5
"""Seconds that a producer gets to send what it still has."""

log = logging.getLogger(__name__)


class KafkaOut:
    """The producer of a process.

    An idempotent producer numbers its batches, and one that it gives up leaves a gap for which the
    broker refuses every later batch with OutOfOrderSequenceNumber, for ever (aiokafka #1017, seen
    after a broker's restart). So a producer that could not send something is replaced.
    """

    def __init__(self, address: str, profile: Profile) -> None:
        """Tell to a bus; nothing is sent before ``start``."""
        self._address, self._profile = address, profile
        self._producer: AIOKafkaProducer | None = None
        self._renewing = asyncio.Lock()
        self._former: set[asyncio.Task[None]] = set()
        self._ends: dict[str, dict[int, int]] = {}

    async def start(self) -> None:
        """Connect; raises KafkaError while the bus is away."""
        self._ends = {}  # of this bus, which may be another one
        self._producer = await self._connected()

    async def _connected(self) -> AIOKafkaProducer:
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
        return producer

    async def stop(self) -> None:
        """Disconnect; what is not acknowledged by then was never told."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await _end(producer)
        for former in list(self._former):
            await former

    async def _renew(self, failed: AIOKafkaProducer, why: BaseException) -> None:
        """Put another producer in the place of one that failed; later, while the bus is away."""
        async with self._renewing:
            if self._producer is not failed:
                return
            log.warning("producer_failed", extra={"reason": type(why).__name__})
            with contextlib.suppress(KafkaError):
                producer = await self._connected()
                if self._producer is failed:
                    self._producer, producer = producer, failed
                # What others have in hand goes out with the old one, or fails and is sent again.
                ending = asyncio.create_task(_end(producer))
                self._former.add(ending)
                ending.add_done_callback(self._former.discard)

    def ends(self, topic: str) -> Mapping[int, int]:
        """Give, by partition, the offset after the last message acknowledged to this process."""
        return self._ends.get(topic, {})

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
            await self._renew(producer, failed)
            raise Away(f"the bus does not take messages: {type(failed).__name__}") from failed
        answers = await asyncio.gather(*waits, return_exceptions=True)
        left: list[Message] = []
        why: BaseException | None = None
        for message, answer in zip(messages, answers, strict=True):
            if isinstance(answer, asyncio.CancelledError):
                raise answer
            if isinstance(answer, BaseException):
                left.append(message)
                why = answer
            else:
                ends = self._ends.setdefault(answer.topic, {})
                ends[answer.partition] = max(ends.get(answer.partition, 0), answer.offset + 1)
        if why is not None:
            await self._renew(producer, why)
        return left


async def _end(producer: AIOKafkaProducer) -> None:
    with contextlib.suppress(KafkaError, TimeoutError):
        async with asyncio.timeout(ENDING):
            await producer.stop()
