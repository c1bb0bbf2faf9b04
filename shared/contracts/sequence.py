"""In which order people read what several services told of one complaint."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby, pairwise
from typing import Any, NamedTuple, TypeVar

from shared.contracts.fact import LOCAL_ID, NOTHING, Fact, Pair
from shared.contracts.topics import STREAMS

Thing = TypeVar("Thing")

_RANKS: Mapping[str, tuple[int, int]] = {
    kind: (stream, fact)
    for stream, each in enumerate(STREAMS.values())
    for fact, kind in enumerate(each.facts)
}
"""By fact, its stream's place, each after those that it hears first, and its own within it."""
_UNKNOWN = (len(STREAMS), 0)


class Happened(NamedTuple):
    """When something was told, where it stands in its stream, and what it was caused by.

    ``name`` and ``cause`` are as long as tells facts of one complaint apart. What was kept without
    them, or without its pair, has none.
    """

    at: datetime
    type: str
    pair: Pair = NOTHING
    name: str = ""
    cause: str = ""

    @classmethod
    def of(cls, fact: Fact) -> Happened:
        """Give the place of a fact that was read."""
        return cls(fact.at, fact.type, fact.pair, fact.id[:LOCAL_ID], fact.cause[:LOCAL_ID])

    @classmethod
    def told(cls, row: Mapping[str, Any]) -> Happened:
        """Give the place of a fact as it is stored and told."""
        at, name, cause = datetime.fromisoformat(row["at"]), row["id"], row["cause"]
        return cls(at, row["type"], Pair(*row["pair"]), name[:LOCAL_ID], cause[:LOCAL_ID])


def in_order(things: Iterable[Thing], happened: Callable[[Thing], Happened]) -> list[Thing]:
    """Put things in order: by their moment, and of one moment what caused another comes before it.

    Within one stream the pair decides; what neither decides follows the way of the streams.
    """
    found = [(happened(each), each) for each in things]
    if all(one.at < other.at for (one, _), (other, _) in pairwise(found)):
        return [thing for _, thing in found]  # as nearly always: told one after the other
    found.sort(key=lambda each: _place(each[0]))
    moments = groupby(found, key=lambda each: each[0].at)
    return [thing for _, moment in moments for _, thing in _by_cause(list(moment))]


def _place(each: Happened) -> tuple[Any, ...]:
    stream, fact = _RANKS.get(each.type, _UNKNOWN)
    return each.at, stream, each.pair, fact, each.name


def _by_cause(
    waiting: list[tuple[Happened, Thing]],
) -> Iterator[tuple[Happened, Thing]]:
    """Give first, of the next of each stream, one that was caused by none that still waits."""
    while waiting:
        left = {each.name for each, _ in waiting if each.name}
        nexts: dict[int, tuple[Happened, Thing]] = {}
        for entry in waiting:
            nexts.setdefault(_RANKS.get(entry[0].type, _UNKNOWN)[0], entry)
        free = (entry for entry in nexts.values() if entry[0].cause not in left)
        following = next(free, waiting[0])
        waiting.remove(following)
        yield following
