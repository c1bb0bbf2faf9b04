"""Telling up to when windows are complete, by the beats of those who are heard."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from services.metrics.handlers.recount import AHEAD
from services.metrics.handlers.tables import STREAMS
from shared.contracts.envelope import Envelope, message_id
from shared.contracts.fact import Pair, instant
from shared.contracts.metrics import WindowsCompleted
from shared.contracts.topics import topic
from shared.runtime.ports import Away, Bus, Dirt, Message, Time
from shared.runtime.timing import micros

KEY = "completed"


class Marked(Protocol):
    """Where marked timelines are found."""

    async def dirty(self, since: int, until: int, limit: int) -> list[Dirt]:
        """Give what timelines marked in [since, until) have made stale. Raises Away."""


class Untold(Protocol):
    """Where documents wait to be told."""

    async def oldest_untold(self) -> int | None:
        """Give the time of the oldest mark, in microseconds. Raises Away."""


@dataclass(slots=True)
class Completeness:
    """Says what has been heard, once all of it has been counted and told.

    What the views say at one look is told at a later one: when no mark is left that is as old.
    """

    node: str
    timelines: Marked
    counted: Sequence[Untold]
    views: Callable[[], Awaitable[Mapping[str, datetime]]]
    bus: Bus
    time: Time
    incarnation: Callable[[], str | None]
    _seen: tuple[int, Mapping[str, datetime]] | None = field(default=None, init=False)
    _told: tuple[str, Mapping[str, datetime]] | None = field(default=None, init=False)

    async def tell(self) -> None:
        """Look; tell what was seen before if it is settled by now."""
        bus = self.incarnation()
        if bus is None:
            return
        try:
            if self._seen is not None and await self._is_settled(self._seen[0]):
                views, self._seen = self._seen[1], None
                if self._told != (bus, views) and not await self.bus.send([self._word(views)]):
                    self._told = bus, views
            if self._seen is None:
                now, views = micros(self.time.under().now), await self.views()
                if all(stream in views for stream in STREAMS):
                    self._seen = now, views
        except Away:
            return

    async def _is_settled(self, at: int) -> bool:
        marks = await self.timelines.dirty(0, at + AHEAD, 1)
        waiting = [await each.oldest_untold() for each in self.counted]
        oldest = [*(mark.at for mark in marks), *(each for each in waiting if each is not None)]
        return min(oldest, default=at + 1) > at

    def _word(self, views: Mapping[str, datetime]) -> Message:
        said = WindowsCompleted(
            node=self.node,
            through=min(views[stream] for stream in STREAMS),
            streams={stream: views[stream] for stream in STREAMS},
        )
        where, source = topic(self.node, "metrics"), f"/node/{self.node}/metrics"
        now = self.time.under().now
        pair = Pair(micros(now) // 1000, 0)
        envelope = Envelope(
            type=WindowsCompleted.type,
            source=source,
            subject=KEY,
            sequence=pair,
            id=message_id(f"{source}/{where}", KEY, str(pair)),
            time=instant(now),
        )
        return Message(where, KEY.encode(), envelope.headers(), said.model_dump_json().encode())
