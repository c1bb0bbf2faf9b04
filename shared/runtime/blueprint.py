"""What a service is, to the runtime."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic

from shared.runtime.document import Domain, State
from shared.runtime.hearing import Reading
from shared.runtime.store import Shape
from shared.runtime.telling import Derive, nothing_else


@dataclass(frozen=True, slots=True)
class Blueprint(Generic[State]):
    """What a service is, to the runtime.

    ``topics`` gives further topics with the reading of their records. ``ready_without_bus`` is
    for a service that people may ask while the bus is away. ``gather`` is in seconds.
    """

    name: str
    domain: Domain[State]
    shape: Shape[State]
    derive: Derive[State] = nothing_else
    topics: Mapping[str, Reading[State]] = field(default_factory=dict)
    ready_without_bus: bool = False
    gather: float | None = None
