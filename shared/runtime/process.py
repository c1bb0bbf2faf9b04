"""One process of one service at one node: its doors to the bus, its counter, its duties."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Generic

from aiokafka.errors import KafkaError

from shared.contracts.topics import STREAMS, Stream, heard_by, topic, used_by
from shared.runtime.alongside import forever
from shared.runtime.archiving import EVERY
from shared.runtime.asking import Desk, Judge
from shared.runtime.beats import Beats
from shared.runtime.blueprint import Blueprint
from shared.runtime.bus import Group, KafkaIn, KafkaOut, KafkaWatch, Suspect
from shared.runtime.counter import Counter, Mouth
from shared.runtime.document import Document, State
from shared.runtime.duties import Duties, Duty, asked_for, retelling
from shared.runtime.gauges import Gauges
from shared.runtime.hearing import Ear, patiently
from shared.runtime.ports import Record, Tally
from shared.runtime.reading import reading_of
from shared.runtime.relaying import Relay
from shared.runtime.restoring import adopt_own
from shared.runtime.settings import Settings
from shared.runtime.store import MongoArchived, MongoStore
from shared.runtime.systemtime import SystemTime
from shared.runtime.telling import Teller

TURN = 1.0
"""Seconds after which the loop shows again that it turns."""
TICK = 5.0
"""Seconds between two looks at the store."""
GAUGED = 3
"""Looks between two readings of the gauges."""
WATCH = 3.0
"""Seconds between two looks at the bus."""
AT_LEISURE = 2
"""Batches that are heard as one where nobody waits: several streams speak of each complaint."""
log = logging.getLogger(__name__)


class Process(Generic[State]):
    """Runs a blueprint; also what the service's handlers ask of the runtime."""

    def __init__(self, settings: Settings, blueprint: Blueprint[State]) -> None:
        """Put the parts together; nothing is connected before ``running``."""
        self.settings, self.blueprint = settings, blueprint
        self.name, self.node = blueprint.name, settings.node
        self.holder = f"{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self.time, self.tally = SystemTime(), Tally()
        self.store = MongoStore(settings.mongo.get_secret_value(), self.node, self.name)
        self.documents = self.store.documents("complaints", blueprint.shape, self.tally)
        self.out = KafkaOut(settings.kafka, settings.profile)
        self.watch = KafkaWatch(settings.kafka)
        self.stream = blueprint.stream
        self.teller = Teller(blueprint.voice(self.node), self.out, self.time, self.tally)
        self.first: list[Duty] = []
        """What has to be done before anything is heard; each may raise Away and is tried again."""
        quarantine, notes = self.store.quarantine, self.store.notes
        self.relay = Relay(
            blueprint.domain, self.documents, quarantine, notes, self.teller, self.time, self.tally
        )
        self.desk = Desk(blueprint.domain, self.documents, self.time, self.tally)
        self.mouth: Mouth[State] = Mouth(self.relay.tell)
        self.counter = Counter(self.desk, self.mouth.say)
        self.beats, self.gauges = Beats(self), Gauges(self)
        self.ear = Ear(
            blueprint.domain,
            reading_of(self.node, self.name, blueprint.topics),
            self.documents,
            quarantine,
            self.teller,
            self.time,
            self.tally,
        )
        self.hearing: KafkaIn | None = None
        self.incarnation: str | None = None
        self.duties = Duties(notes, self.holder, self.time, self.node)
        self._add_duties()
        self._hears = (*heard_by(self.name), STREAMS["beats"])
        self._lacking: list[str] = []
        self._ready = asyncio.Event()
        self._store_answers = self._bus_answers = False
        self._ticked = time.monotonic()

    def _add_duties(self) -> None:
        self.duties.add("untold", 5.0, self.relay.tell_all_untold)
        self.duties.add("retell", 5.0, retelling(self.relay.retell, lambda: self.incarnation))
        self.duties.add("beat", 5.0, self.beats.tell)
        release = asked_for(self.store.notes, "release", self.relay.release)
        self.duties.add("release", 5.0, release)
        if isinstance(self.documents, MongoArchived):
            archivist = self.documents.archivist(self.settings.archive_age, self.time)
            self.duties.add("archive", EVERY, archivist.look)

    async def ask(self, complaint: str, judge: Judge[State]) -> Document[State]:
        """Have a request judged and stored durably. Raises Refused."""
        return await self.counter.ask(complaint, judge)

    def duty(self, name: str, every: float, run: Duty) -> None:
        """Give the holder of the lease something to do, every so many seconds."""
        self.duties.add(name, every, run)

    def alive(self) -> bool:
        """Say whether the event loop still turns."""
        return time.monotonic() - self._ticked < 30

    def reasons(self) -> list[str]:
        """Say why this process is not ready, in sentences; nothing if it is."""
        reasons = []
        if not self._store_answers:
            reasons.append("The store does not answer.")
        elif not self._ready.is_set():
            reasons.append("The store is being prepared.")
        if not self.blueprint.ready_without_bus:
            if self._lacking:
                reasons.append(self._lacking[0])
            elif self.incarnation is None or not self._bus_answers:
                reasons.append("The bus does not answer.")
            elif self.hearing is None or not self.hearing.assigned():
                reasons.append("No partition is assigned to this process yet.")
            elif self.hearing.trouble:
                reasons.append(f"The bus cannot be read: {self.hearing.trouble}.")
        return reasons

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run until the block is left; then finish the batch in hand, tell, commit and leave."""
        tasks = [
            asyncio.create_task(forever(name, step))
            for name, step in (
                ("turn", self._turn),
                ("prepare", self._prepare),
                ("counter", self._serve),
                ("mouth", self.mouth.speak),
                ("bus", self._on_the_bus),
                ("relay", self._do_duties),
            )
        ]
        try:
            yield
        finally:
            if self.hearing is not None:
                await self.hearing.stop()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.out.stop()
            await self.watch.stop()
            self.store.close()

    async def _turn(self) -> None:
        """Show that the loop turns, whatever the others wait for."""
        while True:
            self._ticked = time.monotonic()
            await asyncio.sleep(TURN)

    async def _prepare(self) -> None:
        noted = await patiently(self.time, self.store.notes.read, "store")
        self.time.epoch = noted["epoch"] if noted else 0
        for step in (self.documents.prepare, self.store.quarantine.prepare, *self.first):
            await patiently(self.time, step)
        self._store_answers = True
        if noted is None or noted["adopted"]:
            self._ready.set()
        while True:
            for _ in range(GAUGED):
                await asyncio.sleep(TICK)
                self._store_answers = await self.store.answers()
            if self._store_answers:
                await self.gauges.read()

    async def _serve(self) -> None:
        await self._ready.wait()
        await self.counter.serve()

    async def _on_the_bus(self) -> None:
        """Be on the bus while it is the same bus; begin afresh when it is another."""
        incarnation = await self.watch.incarnation()
        used = self._topics(used_by(self.name))
        self._lacking = await self.watch.lacks(used) if incarnation else []
        if incarnation is None or self._lacking:
            await asyncio.sleep(1)
            return
        while not self._store_answers:  # noqa: ASYNC110  # flips in another task, seldom
            await asyncio.sleep(0.1)
        try:
            await self.out.start()
            if not self._ready.is_set():
                await adopt_own(self)
                self._ready.set()
            self.teller.forget()
            self.incarnation = incarnation
            self.hearing = self._listener(incarnation)
            await self.hearing.start()
            while (seen := await self.watch.incarnation()) in (incarnation, None):
                self._bus_answers = seen is not None
                if self._bus_answers:
                    await self.beats.note_views()
                await asyncio.sleep(WATCH)
            log.warning("bus_forgot", extra={"incarnation": incarnation})
        except KafkaError as failed:
            log.warning("bus_away", extra={"reason": type(failed).__name__})
            await asyncio.sleep(1)
        finally:
            self.incarnation = None
            hearing, self.hearing = self.hearing, None
            if hearing is not None:
                with contextlib.suppress(KafkaError):
                    await hearing.stop()
            await self.out.stop()
            await self.watch.stop()  # its reader would ask the next bus for topics by name

    def _topics(self, streams: Sequence[Stream]) -> dict[str, int]:
        """Name the topics of streams, with their partitions."""
        return {topic(self.node, each.name): each.partitions for each in streams}

    def _listener(self, incarnation: str) -> KafkaIn:
        """Join the group of this bus and this store: where either is another, begin afresh."""
        settings, further = self.settings, self.blueprint.topics
        awaited = [topic(self.node, stream) for stream in self.blueprint.awaited]
        group = Group(
            name=f"kentongan.{self.node}.{self.name}.{incarnation}.{self.time.epoch}",
            topics=[*self._topics(self._hears), *further],
            awaited=[*awaited, *further],
            batch=settings.batch_size * (1 if awaited or further else AT_LEISURE),
            gather=settings.gather / 1000,
        )
        return KafkaIn(settings.kafka, settings.profile, group, self._hear, self.gauges.batches)

    async def _hear(self, records: Sequence[Record], suspect: Suspect) -> None:
        told = [record for record in records if not self.beats.take(record)]
        if told:
            await self.ear.hear(told, suspect)

    async def _do_duties(self) -> None:
        await self._ready.wait()
        await self.duties.serve()
