"""Hostile records for every topic that the register of topics names, so that none is left out."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from random import Random
from typing import Any

from shared.contracts.envelope import Envelope
from shared.contracts.fact import Pair
from shared.contracts.topics import STREAMS, Stream
from shared.runtime.ports import Record
from tests.hostile.records import (
    BODIES,
    bent,
    bent_headers,
    example,
    hostile,
    places,
    submission,
    written,
)

NODE_OF_EXAMPLES = "8171"
PUBLISHER_OF_EXAMPLES = "dinsos"
KEYS = ("", "-1", "3", "99", "1.5", "2147483648", "99999999999999999999", "a.b", "$set", "__x")
"""What somebody may put where a number or a name of ours is expected."""
VALUES: Mapping[str, tuple[Any, ...]] = {
    "stream": (*STREAMS, "drums"),
    "service": ("intake", "routing", "nobody"),
    "incarnation": ("kentongan-1", "another"),
    "code": tuple(f"dinas-{nth}" for nth in range(20)),
    "epoch": (0, 0, 0, 9_999_999_999_999),
    "version": (1, 2, 3, 2**63),
}
"""Drawn from few, so that broken and right ones are about the same thing."""


def made(stream: Stream, where: str, offset: int, chance: Random) -> Record:
    """Make one hostile record for the topic of a stream."""
    if stream.producer == "publisher":
        return submission(where, offset, chance)
    if stream.facts:
        return hostile(stream, where, offset, chance)
    return snapshot(stream, where, offset, chance)


def snapshot(stream: Stream, where: str, offset: int, chance: Random) -> Record:
    """Make one record of a thing's newest state: mostly broken in one way, sometimes in none."""
    kind = chance.choice(stream.messages)
    tree = example(kind)
    tree |= {name: chance.choice(drawn) for name, drawn in VALUES.items() if name in tree}
    said = Envelope(
        type=kind,
        source="/node/8171/somebody",
        subject="somebody",
        sequence=Pair(0, 1),
        id=f"{kind}/{offset}",
        time="2026-03-17T03:00:00.000Z",
    ).headers()
    headers: list[tuple[str, bytes | None]] = list(said)
    value: bytes | None = written(tree)
    match chance.randrange(8):
        case 0 | 1 | 2:
            value = written(bent(chance, tree))
        case 3 | 4:
            value = written(renamed(chance, tree))
        case 5:
            value = chance.choice(BODIES)(chance, written(tree))
        case 6:
            headers = bent_headers(chance, said)
        case _:
            pass
    key = chance.choice((b"intake", b"dinas-1", b"", b"\xff\x00", b"x" * 2000))
    return Record(where, 0, offset, key, headers, value, 1_773_716_400_000)


def renamed(chance: Random, tree: Any) -> Any:
    """Put something under another name than it has."""
    tree = copy.deepcopy(tree)
    *way, last = chance.choice([way for way in places(tree) if isinstance(way[-1], str)])
    parent = tree
    for key in way:
        parent = parent[key]
    parent[chance.choice(KEYS)] = parent.pop(last)
    return tree
