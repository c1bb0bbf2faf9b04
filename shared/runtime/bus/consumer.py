"""The consumer of a process: batches of bytes, committed soon after the handler returned."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import FAKE_CONSUMER, KafkaAckableMessage, KafkaMessage

from shared.runtime.alongside import forever
from shared.runtime.bus.committing import Commits
from shared.runtime.bus.fetching import LOOK_MS, Fetching
from shared.runtime.bus.leaving import leave
from shared.runtime.bus.leisure import LEISURE, Leisure
from shared.runtime.bus.profiles import MEMBERSHIPS, Group
from shared.runtime.figures import Batches
from shared.runtime.ports import Record
from shared.runtime.settings import Profile
from shared.runtime.suspicion import Part, Suspicion

Suspect = Callable[[Record], bool]
Handler = Callable[[Sequence[Record], Suspect], Awaitable[None]]
"""Takes in a batch; what it is not sure to have told must be told again where it is suspect."""

FINISH_SECONDS = 40
"""How long a stop or a rebalance waits for the batch in hand."""
SMALL_BATCH = 100
"""Below this many records a batch waits for company before the next is fetched."""

log = logging.getLogger(__name__)


class KafkaIn(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """The consumer of a process: batches of bytes, committed soon after the handler returned."""

    def __init__(
        self, address: str, profile: Profile, group: Group, handler: Handler, batches: Batches
    ) -> None:
        """Hear topics as one member of a group; ``batches`` counts what was heard."""
        self._handler, self._group, self._batches = handler, group, batches
        self._idle = asyncio.Event()
        self._idle.set()
        self.suspicion = Suspicion(MEMBERSHIPS[profile].session / 1000)
        self._positions: dict[Part, int] = {}
        self._unmarked = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._broker = KafkaBroker(
            address,
            logger=log,
            log_level=logging.DEBUG,
            graceful_timeout=FINISH_SECONDS,
            allow_auto_create_topics=False,
            metadata_max_age_ms=30_000,  # how late a publisher's new topic is noticed
            ack_policy=AckPolicy.MANUAL,
            apply_types=False,  # the handler takes what was fetched as it is
        )
        self._subscriber = self._subscribe(profile)
        self._subscriber(self._hear)
        self._commits = Commits(lambda: self.consumer)
        self._leisure = Leisure(group.awaited, LEISURE, group.batch)
        self._fetching = Fetching(self._leisure)
        self._subscriber.get_msg = self._fetching.fetch

    def _subscribe(self, profile: Profile) -> Any:
        member = MEMBERSHIPS[profile]
        return self._broker.subscriber(
            *self._group.topics,
            group_id=self._group.name,
            batch=True,
            consumer_timeout_ms=LOOK_MS,
            fetch_max_wait_ms=LOOK_MS,
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

    async def start(self) -> None:
        """Join the group; raises KafkaError while the bus is away."""
        await self._broker.start()
        works = (self._mark, self._commits.serve)
        self._tasks = [asyncio.create_task(forever(each.__qualname__, each)) for each in works]

    async def stop(self) -> None:
        """Finish the batch in hand, commit it, leave the group."""
        self._fetching.ended = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._finish()
        await leave(self._broker, self._group.name)

    async def _finish(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FINISH_SECONDS):
                await self._idle.wait()
        await self._commits.commit()

    @property
    def consumer(self) -> AIOKafkaConsumer | None:
        """The consumer underneath, while it runs."""
        return self._subscriber.consumer

    @property
    def trouble(self) -> str | None:
        """Name the error that keeps this process from hearing, while one does."""
        return self._fetching.trouble

    def assigned(self) -> set[Part]:
        """Give the partitions this process owns."""
        owned = self.consumer.assignment() if self.consumer else ()
        return {(part.topic, part.partition) for part in owned}

    async def committed(self, topic: str, partitions: Sequence[int]) -> dict[int, int]:
        """Give how far the group has heard a topic; asks the bus only for others' partitions."""
        consumer = self.consumer
        if consumer is None:
            return {}
        ours = self.assigned()
        heard: dict[int, int] = {}
        for number in partitions:
            part = (topic, number)
            known = self._positions.get(part) if part in ours else None
            if known is None:
                known = await consumer.committed(TopicPartition(topic, number)) or 0
                if part in ours & self.assigned():
                    known = self._positions.setdefault(part, known)
            heard[number] = known
        return heard

    async def on_partitions_revoked(self, revoked: Any) -> None:  # noqa: ARG002
        """Let a rebalance wait for the batch in hand; what is kept back is fetched again."""
        self._leisure.forget()
        await self._finish()

    async def on_partitions_assigned(self, assigned: Any) -> None:
        """Suspect every record until it is known where earlier owners may have got to."""
        parts = {(part.topic, part.partition) for part in assigned}
        self.suspicion.assigned(parts, time.monotonic())
        self._unmarked.set()
        self._positions.clear()
        self._commits.forget()
        self._leisure.forget()

    async def _hear(self, records: Any) -> None:
        self._idle.clear()
        begun = time.monotonic()
        try:
            await self._handler(records, self._suspect)
            self._note(records)
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("batch_failed")
            await asyncio.sleep(1)
            await self._again(records)
        finally:
            self._batches.observe(len(records), time.monotonic() - begun)
            self._idle.set()
        if len(records) < min(SMALL_BATCH, self._group.batch):
            await asyncio.sleep(self._group.gather)

    def _suspect(self, record: Record) -> bool:
        return self.suspicion.suspect((record.topic, record.partition), record.offset)

    def _note(self, records: Sequence[Record]) -> None:
        ends: dict[TopicPartition, int] = {}
        for record in records:
            part = TopicPartition(record.topic, record.partition)
            ends[part] = max(ends.get(part, 0), record.offset + 1)
        self._commits.note(ends)
        ours = self.assigned()
        for part, end in ends.items():
            if part in ours:
                self._positions[part.topic, part.partition] = end

    async def _again(self, records: Sequence[Record]) -> None:
        starts: dict[TopicPartition, int] = {}
        for record in records:
            part = TopicPartition(record.topic, record.partition)
            starts[part] = min(starts.get(part, record.offset), record.offset)
        consumer = self.consumer
        if consumer is not None:
            for part, start in starts.items():
                if part in consumer.assignment():
                    self.suspicion.doubt((part.topic, part.partition), time.monotonic())
                    self._leisure.forget((part.topic, part.partition))
                    consumer.seek(part, start)
            self._unmarked.set()

    async def _mark(self) -> None:
        """Note ends of logs when they are ripe."""
        while True:
            await asyncio.sleep(1)
            await self._unmarked.wait()
            ripe = self.suspicion.ripe(time.monotonic())
            if self.suspicion.settled():
                self._unmarked.clear()
            try:
                if ripe and self.consumer is not None:
                    await self._note_ends(self.consumer, ripe)
            except Exception as failed:  # noqa: BLE001 - asked again in a second
                log.warning("marking_failed", extra={"reason": type(failed).__name__})

    async def _note_ends(self, consumer: AIOKafkaConsumer, ripe: set[Part]) -> None:
        async with asyncio.timeout(10):
            ends = await consumer.end_offsets([TopicPartition(*part) for part in ripe])
        for part, end in ends.items():
            # The embedded broker answers with the beginning of its last batch, but tells the
            # truth with each fetch.
            self.suspicion.note(tuple(part), max(end, consumer.highwater(part) or 0))

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


async def _unread(raw: Any, _original: Any) -> KafkaAckableMessage:
    """Hand a batch over as it is: one broken header must not lose the others."""
    return KafkaAckableMessage(
        body=b"", headers={}, raw_message=raw, message_id="batch", consumer=FAKE_CONSUMER
    )


async def _undecoded(message: KafkaMessage) -> Any:
    return message.raw_message
