"""What metrics asks of a store and of a bus, in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from random import Random
from typing import Any

from msgspec.structs import replace

from shared.runtime.document import Document, State
from shared.runtime.ports import Away, Change, Dirt, Message, Written
from tests.desk import Memory


class Shelf(Memory[State]):
    """Documents in memory with everything that metrics asks; can be slow and lose answers."""

    def __init__(self, shape: Any, chance: Random | None = None) -> None:
        super().__init__(shape)
        self.chance, self.reads = chance, 0
        self.gate: asyncio.Event | None = None
        """Where one count, once it has its number, waits to be let go on."""

    async def _suffer(self) -> None:
        """Let others go first for a while; sometimes be away."""
        if self.chance is not None:
            for _ in range(self.chance.choice((0, 0, 1, 3, 10))):
                await asyncio.sleep(0)
            if self.chance.random() < 0.02:
                raise Away("chance")

    async def load(self, ids: Sequence[str]) -> dict[str, Document[State]]:
        await self._suffer()
        found = await super().load(ids)
        await self._suffer()
        return found

    async def write(self, changes: Sequence[Change[State]]) -> Written:
        await self._suffer()
        written = await super().write(changes)
        await self._suffer()
        return written

    async def dirty(self, since: int, until: int, limit: int) -> list[Dirt]:
        await self._suffer()
        marks = [
            Dirt(each.id, each.changed_at, each.dirty)
            for each in self.kept.values()
            if each.dirty and since <= each.changed_at < until
        ]
        self.reads += len(marks[:limit])
        return sorted(marks, key=lambda mark: mark.at)[:limit]

    async def number(self, field: str, value: str) -> int:
        await self._suffer()
        found = len(self._having(field, value))
        self.reads += found
        await self._suffer()
        gate, self.gate = self.gate, None
        if gate is not None:
            await gate.wait()
        return found

    async def states(self, field: str, value: str) -> AsyncIterator[list[State]]:
        await self._suffer()
        found = [each.state for each in self._having(field, value)]
        self.reads += len(found)
        await self._suffer()
        for start in range(0, len(found), 2):
            yield found[start : start + 2]

    async def matching(self, field: str, value: str, limit: int) -> list[Document[State]]:
        return self._having(field, value)[:limit]

    async def clean(self, dirt: Sequence[Dirt]) -> None:
        await self._suffer()
        for mark in dirt:
            each = self.kept[mark.id]
            if each.changed_at == mark.at:
                self.kept[mark.id] = replace(each, dirty=())

    async def untold(self, until: int, limit: int) -> list[Document[State]]:
        marked = [each for each in self.kept.values() if each.untold and each.untold < until]
        return sorted(marked, key=lambda each: each.untold or 0)[:limit]

    async def oldest_untold(self) -> int | None:
        return min((each.untold for each in self.kept.values() if each.untold), default=None)

    async def unmark(self, told: Sequence[Document[State]]) -> None:
        for each in told:
            if self.kept[each.id].untold == each.untold:
                self.kept[each.id] = replace(self.kept[each.id], untold=None)

    async def changed(self, since: int, until: int, limit: int) -> list[Document[State]]:
        found = [each for each in self.kept.values() if since <= each.changed_at < until]
        return sorted(found, key=lambda each: each.changed_at)[:limit]

    def _having(self, field: str, value: str) -> list[Document[State]]:
        assert value >= self.shape.indexed[field], f"the index does not go down to {value}"
        found = []
        for each in self.kept.values():
            held = self.shape.finds(each.state).get(field)
            if held == value or (isinstance(held, list) and value in held):
                found.append(each)
        return found


class Wire:
    """A bus that remembers what was sent."""

    def __init__(self) -> None:
        self.sent: list[Message] = []

    async def send(self, messages: Sequence[Message]) -> Sequence[Message]:
        self.sent.extend(messages)
        return []
