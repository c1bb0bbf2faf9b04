"""Processes of the smallest service, over the ports of the simulation; their fates are written."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

import orjson

from shared.contracts.envelope import Envelope
from shared.contracts.fact import instant
from shared.contracts.topics import STREAMS, topic
from shared.runtime.asking import Ask, Desk, once
from shared.runtime.document import Document
from shared.runtime.folding import Told
from shared.runtime.hearing import Ear
from shared.runtime.ports import Documents, Record, Tally
from shared.runtime.reading import told as read_told
from shared.runtime.relaying import Relay
from shared.runtime.sorting import Reading
from shared.runtime.telling import Teller, Voice, nothing_else
from shared.runtime.timing import micros
from tests.runtime.drums import NOW, OWN, STROKES, Drums, Sound, Spoken, say
from tests.simulation.bus import NODE, Broker
from tests.simulation.fate import Course, Fate, Scripted
from tests.simulation.ports import (
    SimulatedBus,
    SimulatedDocuments,
    SimulatedNotes,
    SimulatedQuarantine,
    SimulatedTime,
)
from tests.simulation.scheduler import SECOND, Crashed, Scheduler
from tests.simulation.store import Store

Result = TypeVar("Result")

TOPIC = topic(NODE, OWN)
HISTORY = "stroke.history.v1"
WISHES = "wishes"
"""A topic on which people outside ask for something to be said."""


@dataclass(slots=True)
class Hall:
    """What outlives a process: the clock, the store and the bus."""

    scheduler: Scheduler = field(default_factory=lambda: Scheduler(micros(NOW)))
    store: Store = field(default_factory=lambda: Store(lambda _: None, lambda _: None))
    broker: Broker = field(init=False)

    def __post_init__(self) -> None:
        """Begin with a bus on which nothing was told."""
        self.broker = Broker(self.scheduler, Random(1))

    def pass_by(self, seconds: float) -> None:
        """Let time pass."""
        self.scheduler.jump(int(seconds * SECOND))

    def run(self, *works: Awaitable[Result]) -> list[Result]:
        """Run works side by side to their ends; raises Crashed where one has died."""
        found: dict[int, Result] = {}

        async def live(number: int, work: Awaitable[Result]) -> None:
            found[number] = await work

        for number, work in enumerate(works):
            self.scheduler.spawn(f"work {number}", live(number, work))
        while self.scheduler.step():
            pass
        if len(found) < len(works):
            raise Crashed
        return [found[number] for number in range(len(works))]

    def document(self, complaint: str = "c") -> Document[Sound]:
        """Give what is stored."""
        return self.store.documents[complaint]

    def said(self) -> list[tuple[str, int]]:
        """Give what stands on the service's topic: the complaint and how many facts it has."""
        histories = [orjson.loads(record.value or b"") for record in self.broker.records(TOPIC)]
        return [(each["complaint"], len(each["facts"])) for each in histories]


class Drummer:
    """One process. ``script`` gives its fates: after so many operations that go well, this one."""

    def __init__(
        self,
        hall: Hall,
        *script: tuple[int, Fate],
        drums: Drums | None = None,
        reading: Reading[Sound] | None = None,
    ) -> None:
        """Come into a hall with an empty memory."""
        self.store, self.broker, self.scheduler = hall.store, hall.broker, hall.scheduler
        self.chance = Random(1)
        self.course: Course = Scripted(script)
        self.tally = Tally()
        self.drums = drums or Drums()
        voice: Voice[Sound] = Voice(
            f"/node/{NODE}/drums", TOPIC, STREAMS[OWN].message, nothing_else
        )
        time = SimulatedTime(self)
        documents, quarantine = self.open(), SimulatedQuarantine(self)
        teller = Teller(voice, SimulatedBus(self), time, self.tally)
        self.desk = Desk(self.drums, documents, time, self.tally)
        self.ear = Ear(self.drums, reading or read, documents, quarantine, teller, time, self.tally)
        self.relay = Relay(
            self.drums, documents, quarantine, SimulatedNotes(self), teller, time, self.tally
        )

    def open(self) -> Documents[Sound]:
        """Give what it knows of complaints."""
        return SimulatedDocuments(self)

    def suffer(self) -> Fate:
        """Let the course deal a fate."""
        fate = self.course.next()
        if fate is Fate.CRASH:
            raise Crashed
        return fate

    async def hear(self, *records: Record, suspect: bool = False) -> None:
        """Take in a batch."""
        await self.ear.hear(records, lambda _: suspect)


def a_record(history: Told, offset: int = 0) -> Record:
    """Put a history into the record by which it comes in."""
    envelope = Envelope(
        type=HISTORY,
        source="/node/8171/hands",
        subject=history.complaint,
        sequence=history.last,
        id="an id",
        time=instant(NOW),
    )
    key = history.complaint.encode()
    return Record(STROKES, 0, offset, key, envelope.headers(), history.body)


def a_wish(text: str, complaint: str = "c", offset: int = 0) -> Record:
    """Build the record by which somebody outside asks for something to be said."""
    return Record(WISHES, 0, offset, complaint.encode(), (), text.encode())


def read(record: Record) -> Told | Ask[Sound]:
    """Read a record; raises Unreadable."""
    if record.topic == WISHES:
        return wish((record.value or b"").decode(), (record.key or b"").decode())
    return read_told(record, STROKES, HISTORY)


def wish(text: str, complaint: str = "c", request: str = "r-1") -> Ask[Sound]:
    """Ask for something to be said about a complaint."""
    return Ask(complaint, once(request, Spoken.type, {"text": text}, say(text, request)))
