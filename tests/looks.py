"""A record of looks, for tests of what is shown only on record."""

from __future__ import annotations

from shared.runtime.looking import Look


class InMemoryLooks:
    """Looks in memory."""

    def __init__(self) -> None:
        self.kept: list[Look] = []

    async def add(self, look: Look) -> None:
        self.kept.append(look)

    async def of(self, complaint: str, after: str, limit: int) -> list[Look]:
        return [look for look in self.kept if look.complaint == complaint][:limit]
