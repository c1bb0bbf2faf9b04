"""Keeping back what nobody waits for, until it is worth a batch. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from shared.runtime.ports import Record
from shared.runtime.suspicion import Part


@dataclass(slots=True)
class Leisure:
    """Records of topics for which nobody waits: handed out together, a while after the first.

    ``pause`` is in seconds, ``most`` a batch in records: once half of one is kept, it is handed
    out early, so that there is room for what is awaited. What is kept was fetched but not heard;
    nothing may be committed past it, so where a partition is read again, what is kept of it goes.
    """

    awaited: Collection[str]
    pause: float
    most: int
    _kept: list[Record] = field(default_factory=list)
    _due: float = 0.0

    def take(self, found: Iterable[Record], now: float) -> list[Record]:
        """Give what is to be heard now, and keep the rest."""
        prompt: list[Record] = []
        began = bool(self._kept)
        for record in found:
            (prompt if record.topic in self.awaited else self._kept).append(record)
        if not began and self._kept:
            self._due = now + self.pause
        if now < self._due and len(self._kept) < self.most / 2:
            return prompt
        kept, self._kept = self._kept, []
        return prompt + kept

    @property
    def room(self) -> int:
        """Say how many more records make a full batch."""
        return self.most - len(self._kept)

    def wait(self, now: float) -> float | None:
        """Say in how many seconds what is kept is to be heard; None if nothing is."""
        return max(0.0, self._due - now) if self._kept else None

    def forget(self, part: Part | None = None) -> None:
        """Drop what is kept, of one partition or of all, since it will be fetched again."""
        self._kept = [
            record
            for record in self._kept
            if part is not None and (record.topic, record.partition) != part
        ]
