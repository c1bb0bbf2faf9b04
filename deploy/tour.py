"""Follow one complaint through all five services of the running demo, fact by fact."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from deploy.demo.doors import Doors, DoorShut
from deploy.demo.people import Samples
from deploy.found import Found
from shared.contracts.sequence import Happened, in_order
from shared.contracts.topics import STREAMS, topic
from shared.runtime.access import Role
from shared.runtime.bus import drain
from shared.runtime.ports import Away, Record

PATIENCE = 90.0
"""Seconds after which the tour ends, wherever the complaint is."""
LAST_WAIT = 6.0
"""Seconds without a fact after which the last notice is not waited for."""
TOGETHER, SHORTLY = 50, 20
"""Records that are put in order together, and milliseconds in which the next of them comes."""
STREAMS_TOLD = ("complaints", "dispositions", "cases", "notices")

_SAID = ("agency", "turn", "rule", "category", "respond_by", "audience", "about", "channel")


@dataclass
class Tour:
    """One complaint on its way."""

    found: Found
    say: Callable[[str], None]
    began: float = field(default_factory=time.monotonic)
    complaint: str = ""
    seen: set[str] = field(default_factory=set)
    """Ids of facts that were shown."""
    done: set[str] = field(default_factory=set)
    """Types of facts that were shown."""

    @property
    def arrived(self) -> bool:
        """Say whether the complaint was resolved."""
        return "case.resolved.v1" in self.done

    async def run(self) -> dict[str, Any]:
        """File, follow, answer, and give what was filed. Raises DoorShut, Away."""
        samples = Samples.of(self.found.node)
        async with (
            _listening(self.found) as consumer,
            Doors(self.found.addresses, samples.accounts.password) as doors,
        ):
            self.began = time.monotonic()
            report = {**samples.complaints[0], "title": "Tur: lubang di depan gerbang sekolah"}
            filed = await doors.file(report, secrets.token_urlsafe(24))
            self.complaint = filed["complaint"]
            self._line("POST", "intake", f"accepted as {filed['tracking_number']}")
            officer = asyncio.create_task(self._answer(doors, samples))
            try:
                await self._follow(consumer)
            finally:
                officer.cancel()
                await asyncio.gather(officer, return_exceptions=True)
            tracked = await doors.track(filed["tracking_number"], filed["pin"])
            self._line("GET", "intake", f"its reporter reads: {tracked['status']}")
        return filed

    async def _follow(self, consumer: AIOKafkaConsumer) -> None:
        newest = time.monotonic()
        while time.monotonic() < self.began + PATIENCE:
            new = list(self._new(await _arrived(consumer)))
            if new:
                newest = time.monotonic()
            for name, row in in_order(new, lambda each: Happened.told(each[1])):
                self._show(name, row)
            if self.arrived and time.monotonic() - newest > LAST_WAIT:
                return

    def _new(self, records: Sequence[Record]) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Give the facts of the complaint that were not shown yet, each with its topic."""
        for record in records:
            if record.key == self.complaint.encode() and record.value:
                for row in orjson.loads(record.value)["facts"]:
                    if row["id"] not in self.seen:
                        self.seen.add(row["id"])
                        yield record.topic, row

    def _show(self, name: str, row: Mapping[str, Any]) -> None:
        self.done.add(row["type"])
        teller = STREAMS[name.split(".")[2]].producer
        said = (f"{key} {row['data'][key]}" for key in _SAID if key in row["data"])
        by = f" by {row['by']}" if row["by"] else ""
        self._line(name, teller, f"{row['type']:<24} {', '.join(said)}{by}")

    async def _answer(self, doors: Doors, samples: Samples) -> None:
        """Act as coordinator and officer of this one complaint, as soon as it is their turn."""
        coordinator = samples.officers(Role.COORDINATOR)[0].username
        while not self.arrived:
            try:
                for waiting in await doors.queue(coordinator, 100):
                    if waiting["complaint"] == self.complaint:
                        await doors.route(coordinator, waiting, "dinas-pupr")
                for officer in samples.officers(Role.LIAISON):
                    if "case.opened.v1" in self.done:
                        await self._move(doors, officer.username)
            except DoorShut as shut:
                if shut.status not in (0, 404, 409, 412, 503):
                    raise
            await asyncio.sleep(1.0)

    async def _move(self, doors: Doors, who: str) -> None:
        for stage, what, body in (
            ("open", "responses", {"text": "Petugas sudah meninjau lokasi dan menutup lubangnya."}),
            ("answered", "resolution", {"note": "Selesai dikerjakan."}),
        ):
            for case in await doors.cases(who, stage, 100):
                if case["complaint"] == self.complaint:
                    await doors.act(who, case, what, body)

    def _line(self, where: str, service: str, what: str) -> None:
        since = time.monotonic() - self.began
        self.say(f"{since:7.2f} s  {where:<34} {service:<13} {what}")


async def _arrived(consumer: AIOKafkaConsumer) -> list[Record]:
    """Give what has come: of several streams at once it comes in any order."""
    found = await drain(consumer, 1, 200)
    while found and len(found) < TOGETHER and (more := await drain(consumer, 1, SHORTLY)):
        found += more
    return found


@asynccontextmanager
async def _listening(found: Found) -> AsyncIterator[AIOKafkaConsumer]:
    """Hear the node's streams from now on."""
    consumer = AIOKafkaConsumer(bootstrap_servers=found.kafka)
    try:
        await consumer.start()
        there = await consumer.topics()
        parts = [
            TopicPartition(name, number)
            for stream in STREAMS_TOLD
            if (name := topic(found.node, stream)) in there
            for number in range(STREAMS[stream].partitions)
        ]
        if not parts:
            raise Away(f"there are no topics of node {found.node}")
        consumer.assign(parts)
        await consumer.seek_to_end(*parts)
        for part in parts:
            await consumer.position(part)
        yield consumer
    except KafkaError as failed:
        raise Away(f"the bus does not answer: {type(failed).__name__}") from failed
    finally:
        await consumer.stop()
