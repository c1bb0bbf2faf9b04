"""Small things remembered, in memory."""

from __future__ import annotations

from typing import Any


class Notebook:
    """Notes in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}

    async def read(self, name: str) -> dict[str, Any] | None:
        return self.kept.get(name)

    async def write(self, name: str, note: dict[str, Any]) -> None:
        self.kept[name] = note
