"""The room of a batch, shared by the topics that have something waiting. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from math import ceil

from aiokafka import TopicPartition


@dataclass(slots=True)
class Sharing:
    """Says in which order partitions are served, so that a flood on a topic slows only that one.

    Another topic begins each time: where a batch has less room than there are topics, everyone's
    turn comes all the same. Of its partitions the same one is first in each topic: what several
    say of one complaint lies in partitions of one number, and heard together it is one write.
    """

    _turn: int = 0

    def turns(
        self, waiting: Collection[TopicPartition], room: Callable[[], int]
    ) -> Iterator[tuple[TopicPartition, int]]:
        """Give which partition is served next, and how many of its records are taken at most.

        ``waiting`` and ``room`` in records are looked at as the serving goes on. What some topics
        leave of their equal shares goes to those that have more.
        """
        topics: dict[str, list[TopicPartition]] = {}
        for part in waiting:
            topics.setdefault(part.topic, []).append(part)
        most, turn = max((part.partition for part in waiting), default=0) + 1, self._turn
        parts = [
            sorted(served, key=lambda part: (part.partition + turn) % most)
            for served in topics.values()
        ]
        first = turn % max(1, len(parts))
        self._turn += 1
        for nth, served in enumerate([*parts[first:], *parts[:first]]):
            rest = room() - ceil(room() / (len(parts) - nth))
            for part in served:
                if room() > rest:
                    yield part, room() - rest
        for part in list(waiting):
            if room() > 0:
                yield part, room()
