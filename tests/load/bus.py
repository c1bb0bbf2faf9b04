"""How far everybody is, asked of the bus while it runs; and who told what when, read afterwards.

The services are asked nothing. A service has taken in a record once its group has committed past
it, which it does only after what it wrote is durable. When a case could be seen is the time that
follow-up's message on ``cases`` carries: it is stamped after the document was stored.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import AdminClient

from tests.load.crew import Crew
from tests.load.stage import Stage

Part = tuple[str, int]
ASKED = 10.0


class Look(NamedTuple):
    """How far each service had committed at a moment, by topic and partition."""

    at: float
    committed: Mapping[str, Mapping[Part, int]]
    ends: Mapping[Part, int]

    def length(self, topic: str) -> int:
        """Give how many records a topic has had."""
        return sum(end for (name, _), end in self.ends.items() if name == topic)

    @property
    def lag(self) -> dict[str, int]:
        """Give by service how many records it has still to take in."""
        return {
            service: sum(max(0, self.ends[part] - done) for part, done in parts.items())
            for service, parts in self.committed.items()
        }


class Told(NamedTuple):
    """One message: where it lies, when it was stamped, and what it says."""

    part: Part
    offset: int
    at: float
    key: str
    value: bytes


class Watch:
    """Asks the bus how far a crew is."""

    def __init__(self, stage: Stage, crew: Crew) -> None:
        """Find the crew's groups and partitions."""
        self._crew, self._kafka = crew, stage.kafka
        groups = self._groups()
        plain = {"bootstrap.servers": stage.kafka, "log_level": 0, "enable.auto.commit": False}
        self._readers = {
            service: Consumer({**plain, "group.id": group}) for service, group in groups.items()
        }
        self._ends = Consumer({**plain, "group.id": f"load-{time.time_ns()}"})
        self._parts = {
            name: [(name, number) for number in range(stream.partitions)]
            for name, stream in crew.topics.items()
        }
        self._exact = stage.profile == "real"
        self._seen: dict[Part, int] = {}
        if not self._exact:
            everything = [part for parts in self._parts.values() for part in parts]
            self._ends.assign([TopicPartition(*part, 0) for part in everything])

    def _groups(self) -> dict[str, str]:
        if self._crew.exact:
            return dict(self._crew.group)
        admin = AdminClient({"bootstrap.servers": self._kafka, "log_level": 0})
        deadline = time.monotonic() + 20
        while True:
            listed = [each.group_id for each in admin.list_consumer_groups().result(ASKED).valid]
            found = {
                service: next((name for name in listed if name.startswith(begins)), None)
                for service, begins in self._crew.group.items()
            }
            groups = {service: name for service, name in found.items() if name}
            if len(groups) == len(found):
                return groups
            if time.monotonic() > deadline:
                missing = sorted(found.keys() - groups.keys())
                raise RuntimeError(f"no consumer group of {', '.join(missing)} on the bus")
            time.sleep(0.2)

    def look(self) -> Look:
        """Ask."""
        committed = {}
        for service, reader in self._readers.items():
            parts = [part for name in self._crew.hears[service] for part in self._parts[name]]
            answer = reader.committed([TopicPartition(*part) for part in parts], timeout=ASKED)
            committed[service] = {
                (each.topic, each.partition): max(0, each.offset) for each in answer
            }
        return Look(
            time.time(), committed, self.ends({part for c in committed.values() for part in c})
        )

    def ends(self, parts: set[Part]) -> dict[Part, int]:
        """Give the ends of partitions.

        The broker from pip answers with the beginning of the last batch, so there we count.
        """
        if self._exact:
            return {
                part: self._ends.get_watermark_offsets(TopicPartition(*part), timeout=ASKED)[1]
                for part in parts
            }
        while records := self._ends.consume(10_000, timeout=0.05):
            for record in records:
                if not record.error():
                    told = _told(record)
                    self._seen[told.part] = told.offset + 1
        return {part: self._seen.get(part, 0) for part in parts}

    def told(self) -> dict[str, int]:
        """Give by stream how many records it has had."""
        ends = self.ends({part for parts in self._parts.values() for part in parts})
        return {
            stream.name: sum(ends[part] for part in self._parts[name])
            for name, stream in self._crew.topics.items()
        }

    def close(self) -> None:
        """Leave the bus."""
        for reader in (*self._readers.values(), self._ends):
            reader.close()


def read(stage: Stage, topic: str, ends: Mapping[Part, int]) -> Iterator[Told]:
    """Read a topic from its beginning to its ends."""
    consumer = Consumer(
        {
            "bootstrap.servers": stage.kafka,
            "log_level": 0,
            "group.id": f"load-{time.time_ns()}",
            "enable.auto.commit": False,
            "fetch.wait.max.ms": 50,
        }
    )
    left = {number: end for (name, number), end in ends.items() if name == topic and end}
    consumer.assign([TopicPartition(topic, number, 0) for number in left])
    try:
        while left:
            records: Sequence[Any] = consumer.consume(5000, timeout=ASKED)
            if not records:
                raise RuntimeError(f"{topic} cannot be read to its end")
            for record in records:
                if record.error():
                    continue
                yield _told(record)
                if record.offset() + 1 >= left.get(record.partition(), 0):
                    left.pop(record.partition(), None)
    finally:
        consumer.close()


def _told(record: Any) -> Told:
    return Told(
        (record.topic(), record.partition()),
        record.offset(),
        record.timestamp()[1] / 1000,
        (record.key() or b"").decode(),
        record.value() or b"",
    )
