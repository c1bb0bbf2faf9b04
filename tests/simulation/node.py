"""What the processes of one service share, and what they are asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from shared.runtime.asking import Ask
from tests.simulation.bus import Broker, Group
from tests.simulation.fate import Course
from tests.simulation.parts import Part
from tests.simulation.scheduler import Scheduler, Signal
from tests.simulation.store import Store


@dataclass(slots=True, eq=False)
class Call:
    """One request on its way, and in the end its answer."""

    ask: Ask[Any]
    answered: Signal = field(default_factory=Signal)
    done: bool = False
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """Up to when metrics claimed to have everything, and what it had counted by then."""

    through: datetime
    figures: Mapping[tuple[str, str], int]


@dataclass(slots=True, eq=False)
class Node:
    """What the processes of a service share, and the world around them."""

    part: Part
    store: Store
    broker: Broker
    group: Group
    scheduler: Scheduler
    chance: Random
    course: Callable[[], Course]
    lease: tuple[str, int] = ("", 0)
    claims: list[Claim] = field(default_factory=list)
