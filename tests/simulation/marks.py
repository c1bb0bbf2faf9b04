"""Documents of one process that make others stale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from shared.runtime.ports import Dirt
from tests.simulation.ports import Operations


@dataclass(frozen=True, slots=True)
class Marks(Operations):
    """What documents have made stale, and the marks that say so."""

    async def dirty(self, since: int, until: int, limit: int) -> list[Dirt]:
        def effect() -> list[Dirt]:
            found = [each for each in self.host.store.dirty() if since <= each.changed_at < until]
            found.sort(key=lambda each: each.changed_at)
            return [Dirt(each.id, each.changed_at, each.dirty) for each in found]

        return (await self.run(effect))[:limit]

    async def clean(self, dirt: Sequence[Dirt]) -> None:
        def effect() -> None:
            for each in dirt:
                stored = self.host.store.live.get(each.id)
                if stored is not None and stored.changed_at == each.at:
                    self.host.store.put(replace(stored, dirty=()))

        await self.run(effect)
