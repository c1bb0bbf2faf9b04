"""Keeping back what nobody waits for, until it is worth a batch. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from shared.runtime.ports import Record
from shared.runtime.suspicion import Part

LEISURE = 1.0
"""Seconds for which what nobody waits for is kept back: large batches are cheap."""
MANY = 100
"""Records after which there is enough going on for company to be worth a longer wait."""
LONGER = 3
"""Pauses in which many records are waited for: what happens to one complaint then falls together,
is written once, and a write over a document is what costs a store most."""


@dataclass(slots=True)
class Leisure:
    """Records that were fetched and are to be heard: at once where their topic is awaited.

    The others are heard together, ``pause`` seconds after the first of them came, ``LONGER`` times
    that where many come; or once they make half a batch, so that there is room for what is awaited,
    a whole one where nothing is. ``most`` is a batch in records. Nothing may be committed past a
    record that is kept here; where its partition is read again, it goes.
    """

    awaited: Collection[str]
    pause: float
    most: int
    _prompt: list[Record] = field(default_factory=list)
    _kept: list[Record] = field(default_factory=list)
    _since: float = 0.0

    def keep(self, found: Iterable[Record], now: float) -> None:
        """Take what was fetched."""
        began = bool(self._kept)
        for record in found:
            (self._prompt if record.topic in self.awaited else self._kept).append(record)
        if self._kept and not began:
            self._since = now

    def due(self, now: float) -> list[Record]:
        """Give what is to be heard now."""
        prompt, self._prompt = self._prompt, []
        if now < self._due and len(self._kept) < (self.most / 2 if self.awaited else self.most):
            return prompt
        kept, self._kept = self._kept, []
        return prompt + kept

    def wait(self, now: float) -> float | None:
        """Say in how many seconds there is something to be heard; None if nothing is kept."""
        if self._prompt:
            return 0.0
        return max(0.0, self._due - now) if self._kept else None

    @property
    def _due(self) -> float:
        return self._since + self.pause * (LONGER if len(self._kept) >= MANY else 1)

    @property
    def room(self) -> int:
        """Say how many more records make a full batch."""
        return self.most - len(self._prompt) - len(self._kept)

    def forget(self, part: Part | None = None) -> None:
        """Drop what is kept, of one partition or of all, since it will be fetched again."""

        def stays(record: Record) -> bool:
            return part is not None and (record.topic, record.partition) != part

        self._prompt = [record for record in self._prompt if stays(record)]
        self._kept = [record for record in self._kept if stays(record)]
