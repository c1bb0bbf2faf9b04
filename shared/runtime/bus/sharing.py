"""The room of a batch, shared by the topics that have something waiting. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from aiokafka import TopicPartition


@dataclass(slots=True)
class Sharing:
    """Says in which order topics are served, so that a flood on one slows only that one.

    Another topic begins each time: where a batch has less room than there are topics, everyone's
    turn comes all the same.
    """

    _turn: int = 0

    def turns(
        self, waiting: Iterable[TopicPartition]
    ) -> list[tuple[Sequence[TopicPartition], int]]:
        """Give the partitions of each topic, with how many topics the room is still for."""
        topics: dict[str, list[TopicPartition]] = {}
        for part in waiting:
            topics.setdefault(part.topic, []).append(part)
        if not topics:
            return []
        parts = list(topics.values())
        first = self._turn % len(parts)
        self._turn += 1
        served = [*parts[first:], *parts[:first]]
        return [(each, len(served) - nth) for nth, each in enumerate(served)]


def left_over(room: int, topics: int) -> int:
    """Give what a topic must leave of the room to those after it: all but an equal share."""
    return room - ceil(room / topics)
