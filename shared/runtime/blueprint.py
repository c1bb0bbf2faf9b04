"""What a service is, to the runtime."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic

from shared.contracts.topics import STREAMS, topic
from shared.runtime.document import Domain, State
from shared.runtime.sorting import Reading
from shared.runtime.store import Shape
from shared.runtime.telling import Derive, Voice, nothing_else


@dataclass(frozen=True, slots=True)
class Blueprint(Generic[State]):
    """What a service is, to the runtime.

    ``awaited`` names the streams with which somebody waits for what this service makes of them;
    the others are heard once a second. ``topics`` gives further topics with the reading of their
    records, all of them awaited. ``ready_without_bus`` is for a service that people may ask while
    the bus is away.
    """

    name: str
    domain: Domain[State]
    shape: Shape[State]
    derive: Derive[State] = nothing_else
    awaited: Sequence[str] = ()
    topics: Mapping[str, Reading[State]] = field(default_factory=dict)
    ready_without_bus: bool = False

    @property
    def stream(self) -> str | None:
        """Name the stream of histories it tells, if it tells one."""
        named = self.domain.stream
        return named if named in STREAMS else None

    def voice(self, node: str) -> Voice[State]:
        """Say how it speaks at a node."""
        source = f"/node/{node}/{self.name}"
        if self.stream is None:
            return Voice(source, "", "", self.derive)
        stream = STREAMS[self.stream]
        return Voice(source, topic(node, stream.name), stream.message, self.derive)
