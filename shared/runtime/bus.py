"""The bus as a process uses it: one group of batches in, one producer out.

FastStream runs the consumer; acknowledgement is ours, because only what was written and told may
be committed, and by explicit offsets.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import IllegalStateError, KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import FAKE_CONSUMER, KafkaAckableMessage, KafkaMessage

from shared.runtime.ports import Away, Message, Record
from shared.runtime.suspicion import Part, Suspicion

Profile = Literal["embedded", "real"]
Handler = Callable[[Sequence[Record]], Awaitable[None]]

LONGEST_MESSAGE = 1024 * 1024
SEND_TIMEOUT_MS = 10_000
POLL_MS = 100
DRAIN_SECONDS = 40
SMALL_BATCH = 100
"""Below this many records a batch waits for company before the next is fetched."""


@dataclass(frozen=True, slots=True)
class Membership:
    """How a consumer keeps its place in the group, in milliseconds."""

    session: int
    heartbeat: int
    rebalance: int


MEMBERSHIPS: Mapping[Profile, Membership] = {
    "embedded": Membership(3_000, 500, 3_000),
    "real": Membership(10_000, 3_000, 60_000),
}
log = logging.getLogger(__name__)


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


class KafkaIn(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """The consumer of a process: batches of bytes, committed when the handler returns."""

    def __init__(
        self,
        address: str,
        profile: Profile,
        *,
        topics: Sequence[str],
        group: str,
        batch: int,
        gather: float,
        handler: Handler,
    ) -> None:
        """Hear topics as one member of a group; ``gather`` is in seconds."""
        self._handler, self._gather, self._batch = handler, gather, batch
        self._idle = asyncio.Event()
        self._idle.set()
        member = MEMBERSHIPS[profile]
        self.suspicion = Suspicion(member.session / 1000)
        self.last_batch = 0
        self.batch_seconds = 0.0
        self.heard_at = time.monotonic()
        self._positions: dict[Part, int] = {}
        self._marking: asyncio.Task[None] | None = None
        self._broker = KafkaBroker(
            address,
            logger=log,
            log_level=logging.DEBUG,
            graceful_timeout=DRAIN_SECONDS,
            allow_auto_create_topics=False,
            ack_policy=AckPolicy.MANUAL,
        )
        self._subscriber = self._broker.subscriber(
            *topics,
            group_id=group,
            batch=True,
            max_records=batch,
            batch_timeout_ms=POLL_MS,
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.MANUAL,
            partition_assignment_strategy=(RangePartitionAssignor,),
            listener=self,
            parser=_unread,
            decoder=_undecoded,
            session_timeout_ms=member.session,
            heartbeat_interval_ms=member.heartbeat,
            rebalance_timeout_ms=member.rebalance,
        )
        self._subscriber(self._hear)

    async def start(self) -> None:
        """Join the group; raises KafkaError while the bus is away."""
        await self._broker.start()
        self._marking = asyncio.create_task(self._mark())

    async def stop(self) -> None:
        """Finish the batch in hand, commit it, leave the group."""
        if self._marking is not None:
            self._marking.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                await self._idle.wait()
        await self._broker.stop()

    @property
    def consumer(self) -> AIOKafkaConsumer | None:
        """The consumer underneath, while it runs."""
        return self._subscriber.consumer

    def assigned(self) -> set[Part]:
        """Give the partitions this process owns."""
        consumer = self.consumer
        if consumer is None:
            return set()
        return {(part.topic, part.partition) for part in consumer.assignment()}

    async def committed(self, topic: str, partitions: Sequence[int]) -> dict[int, int]:
        """Give the group's committed offsets of a topic's partitions."""
        consumer = self.consumer
        if consumer is None:
            return {}
        positions = {}
        for number in partitions:
            offset = await consumer.committed(TopicPartition(topic, number))
            positions[number] = offset or 0
        return positions

    async def on_partitions_revoked(self, revoked: Any) -> None:  # noqa: ARG002
        """Let a rebalance wait for the batch in hand."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                await self._idle.wait()

    async def on_partitions_assigned(self, assigned: Any) -> None:
        """Suspect every record until it is known where earlier owners may have got to."""
        parts = {(part.topic, part.partition) for part in assigned}
        self.suspicion.assigned(parts, time.monotonic())

    async def _hear(self, raw: Any) -> None:
        records = [
            Record(r.topic, r.partition, r.offset, r.key, r.headers, r.value, r.timestamp)
            for r in raw
        ]
        self._idle.clear()
        begun = time.monotonic()
        try:
            await self._handler(records)
            await self._commit(records)
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("batch_failed")
            await asyncio.sleep(1)
            await self._again(records)
        finally:
            self.heard_at = time.monotonic()
            self.last_batch, self.batch_seconds = len(records), self.heard_at - begun
            self._idle.set()
        if len(records) < min(SMALL_BATCH, self._batch):
            await asyncio.sleep(self._gather)

    async def _commit(self, records: Sequence[Record]) -> None:
        ends: dict[TopicPartition, int] = {}
        for record in records:
            part = TopicPartition(record.topic, record.partition)
            ends[part] = max(ends.get(part, 0), record.offset + 1)
            self._positions[record.topic, record.partition] = ends[part]
        consumer = self.consumer
        if consumer is None:
            return
        ours = consumer.assignment()
        try:
            async with asyncio.timeout(10):
                await consumer.commit({part: end for part, end in ends.items() if part in ours})
        except (KafkaError, IllegalStateError, ValueError, TimeoutError) as failed:
            # Whoever owns the partitions now hears these records again and drops them.
            log.warning("commit_failed", extra={"reason": type(failed).__name__})

    async def _again(self, records: Sequence[Record]) -> None:
        starts: dict[TopicPartition, int] = {}
        for record in records:
            part = TopicPartition(record.topic, record.partition)
            starts[part] = min(starts.get(part, record.offset), record.offset)
        consumer = self.consumer
        if consumer is not None:
            for part, start in starts.items():
                if part in consumer.assignment():
                    consumer.seek(part, start)

    async def _mark(self) -> None:
        """Note ends of logs when they are ripe, and how far behind this process is."""
        while True:
            await asyncio.sleep(1)
            consumer = self.consumer
            if consumer is None:
                continue
            ripe = self.suspicion.ripe(time.monotonic())
            with contextlib.suppress(KafkaError, TimeoutError):
                if ripe:
                    async with asyncio.timeout(10):
                        ends = await consumer.end_offsets(
                            [TopicPartition(topic, number) for topic, number in ripe]
                        )
                    for part, end in ends.items():
                        self.suspicion.note((part.topic, part.partition), end)

    @property
    def lag(self) -> dict[str, int]:
        """Give, per topic, how many records of the owned partitions are still to be heard."""
        lag: dict[str, int] = {}
        consumer = self.consumer
        if consumer is None:
            return lag
        for part in consumer.assignment():
            end = consumer.highwater(part)
            position = self._positions.get((part.topic, part.partition))
            if end is not None and position is not None:
                lag[part.topic] = lag.get(part.topic, 0) + max(0, end - position)
        return lag


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


async def _unread(raw: Any, _original: Any) -> KafkaAckableMessage:
    """Hand a batch over as it is: one broken header must not lose the others."""
    return KafkaAckableMessage(
        body=b"", headers={}, raw_message=raw, message_id="batch", consumer=FAKE_CONSUMER
    )


async def _undecoded(message: KafkaMessage) -> Any:
    return message.raw_message
