"""The client settings that each kind of broker needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from shared.runtime.settings import Profile


@dataclass(frozen=True, slots=True)
class Membership:
    """How a consumer keeps its place in the group, in milliseconds."""

    session: int
    heartbeat: int
    rebalance: int


MEMBERSHIPS: Mapping[Profile, Membership] = {
    "embedded": Membership(3_000, 500, 3_000),
    "real": Membership(10_000, 3_000, 60_000),
}


@dataclass(frozen=True, slots=True)
class Group:
    """What the processes of a service hear together, and how much at once.

    ``batch`` is in records; ``gather`` in seconds: how long a small batch waits for company. Of
    the topics those that are not ``awaited`` are heard more rarely, and together.
    """

    name: str
    topics: Sequence[str]
    awaited: Collection[str]
    batch: int
    gather: float
