"""The bus in memory: logs with offsets that stay, groups of consumers, compaction, and its loss."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from random import Random
from zlib import crc32

from shared.contracts.topics import PUBLISHER_STREAMS, STREAMS, publisher_topic, topic
from shared.runtime.ports import Message, Record
from shared.runtime.suspicion import Part
from tests.simulation.scheduler import DAY, SECOND, Scheduler, Signal

NODE, PUBLISHER = "8171", "dinsos"
BEATS, FIGURES = topic(NODE, "beats"), topic(NODE, "metrics")
"""Topics that have no histories: nothing on them waits, or is an answer to anything."""
SESSION = 10.0
"""Seconds until the bus gives up a consumer that fell silent."""
LAG = DAY
"""How long compaction leaves a record alone."""
BEHIND = 30 * SECOND
"""How long it does so in time that was lived through: nobody who reads falls a day behind, however
many days the simulation jumps over meanwhile. Who did would rest on the audit (rule 5)."""

_PAIR = "ce_sequence"
"""The header without which no envelope of a history can be read."""


@dataclass(slots=True)
class Log:
    """One partition. Offsets stay when records go."""

    records: list[Record] = field(default_factory=list)
    end: int = 0

    def since(self, offset: int, most: int) -> list[Record]:
        at = bisect_left(self.records, offset, key=lambda record: record.offset)
        return self.records[at : at + most]

    def compact(self, before: int) -> None:
        """Keep, of what is older than a time, the newest record of each key."""
        old = [each for each in self.records if each.timestamp < before]
        newest = {each.key: each.offset for each in old}
        kept = [each for each in old if newest[each.key] == each.offset]
        self.records = kept + self.records[len(old) :]


@dataclass(slots=True, eq=False)
class Group:
    """The consumers of one service: who owns which partition, and what was committed."""

    parts: tuple[Part, ...]
    chance: Random
    generation: int = 0
    members: list[str] = field(default_factory=list)
    dealt: dict[str, set[Part]] = field(default_factory=dict)
    notice: dict[str, int] = field(default_factory=dict)
    """When each member gets to know of the newest generation; until then it goes on as it was."""
    committed: dict[Part, int] = field(default_factory=dict)
    grown: Signal = field(default_factory=Signal)
    deaf: set[str] = field(default_factory=set)
    """Topics of which it gets nothing for a while."""

    def join(self, member: str, now: int) -> None:
        if member not in self.members:
            self.members.append(member)
        self.rebalance(now)
        self.notice[member] = now

    def leave(self, member: str, now: int) -> None:
        if member in self.members:
            self.members.remove(member)
            self.rebalance(now)

    def rebalance(self, now: int) -> None:
        """Deal the partitions anew; an old owner may not know it for nearly a session."""
        self.generation += 1
        self.dealt = {member: set() for member in self.members}
        if self.members:
            for number, part in enumerate(self.parts):
                even = self.members[(number + self.generation) % len(self.members)]
                self.dealt[even].add(part)
        for member in self.members:
            late = self.chance.random() * SESSION * 0.9
            self.notice[member] = now + int(late * SECOND)


class Broker:
    """Every topic of a node and of one publisher."""

    def __init__(self, scheduler: Scheduler, chance: Random) -> None:
        self._scheduler, self._chance = scheduler, chance
        self.incarnation = 1
        self.partitions = {topic(NODE, each.name): each.partitions for each in STREAMS.values()}
        self.partitions |= {
            publisher_topic(PUBLISHER, each.name): each.partitions
            for each in PUBLISHER_STREAMS.values()
        }
        self.logs: dict[Part, Log] = {}
        self.groups: dict[str, Group] = {}
        self._listening: dict[str, list[Group]] = {name: [] for name in self.partitions}
        self.sends: Counter[str] = Counter()
        self.broken = 0.0
        """How often a body is broken on its way."""
        self.refusing: set[str] = set()
        """Topics that take nothing for a while: too few brokers have what was written."""
        self.harmed: set[str] = set()
        """Complaints of which a message was broken."""
        self.unreadable: list[tuple[str, int, int]] = []
        """Topic, partition and offset of what lost its envelope."""
        self._blank()

    def group(self, service: str, topics: Collection[str]) -> Group:
        parts = tuple((name, part) for name in topics for part in range(self.partitions[name]))
        group = self.groups[service] = Group(parts, self._chance)
        for name in topics:
            self._listening[name].append(group)
        return group

    def append(self, message: Message) -> None:
        if self.broken and self._chance.random() < self.broken:
            message = self._break(message)
        part = (message.topic, crc32(message.key) % self.partitions[message.topic])
        log = self.logs[part]
        if not _has_envelope(message):
            self.unreadable.append((*part, log.end))
        log.records.append(
            Record(
                topic=message.topic,
                partition=part[1],
                offset=log.end,
                key=message.key,
                headers=message.headers,
                value=message.value,
                timestamp=self._scheduler.now // 1000,
            )
        )
        log.end += 1
        self.sends[message.topic] += 1
        for group in self._listening[message.topic]:
            self._scheduler.fire(group.grown)

    def _break(self, message: Message) -> Message:
        """Break the data of a fact, the whole body, or the envelope."""
        aside = message.topic.startswith("kentongan.ext.") or message.topic in (BEATS, FIGURES)
        if aside or message.value is None:
            return message
        self.harmed.add(message.key.decode())
        drawn = self._chance.randrange(3)
        value, headers = message.value, message.headers
        if drawn == 0:
            value = value.replace(b'"agency":"', b'"agency":"?').replace(b'"node":"', b'"node":"?')
        elif drawn == 1:
            value = value[: len(value) // 2]
        else:
            headers = [pair for pair in headers if pair[0] != _PAIR]
        return Message(message.topic, message.key, headers, value)

    @property
    def said(self) -> int:
        """Count what was said of complaints."""
        return self.sends.total() - self.sends[BEATS] - self.sends[FIGURES]

    def records(self, name: str) -> Iterable[Record]:
        """Give every record of a topic, from the start."""
        for part in range(self.partitions[name]):
            yield from self.logs[name, part].records

    def compact(self) -> None:
        """Compact the node's own topics, at any time; the last day is left alone."""
        before = min(self._scheduler.now - LAG, self._scheduler.since_lived(BEHIND))
        for (name, _), log in self.logs.items():
            if not name.startswith("kentongan.ext."):
                log.compact(before // 1000)

    def begin_afresh(self, service: str) -> None:
        """Forget what a service's group has committed: its store is another line."""
        group = self.groups[service]
        group.committed.clear()
        group.members.clear()
        group.rebalance(self._scheduler.now)

    def lose(self) -> None:
        """Forget everything: the logs, and what was committed."""
        self.incarnation += 1
        self._blank()
        for group in self.groups.values():
            group.committed.clear()
            group.rebalance(self._scheduler.now)

    def _blank(self) -> None:
        self.logs = {
            (name, part): Log() for name, count in self.partitions.items() for part in range(count)
        }


def _has_envelope(message: Message) -> bool:
    outside = message.topic.startswith("kentongan.ext.")
    return outside or any(name == _PAIR for name, _ in message.headers)
