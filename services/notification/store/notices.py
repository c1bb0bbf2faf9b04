"""Notices in the store: what is to be sent next, and what agencies owe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.notification.domain.digests import is_digest
from services.notification.domain.notice import Notices
from shared.runtime.document import Document
from shared.runtime.ports import Shelf
from shared.runtime.store import Shape
from shared.runtime.timing import micros


def _finds(state: Notices) -> Mapping[str, Any]:
    return {
        "due_at": micros(state.due_at) if state.due_at else None,
        "lost_at": micros(state.lost_at) if state.lost_at else None,
        "letter_at": micros(state.letter_at) if state.letter_at else None,
        "owes": state.owed.place,
    }


def _closed(state: Notices) -> bool:
    """Say that nothing is to be sent, or sent again, and that no digest has to name it."""
    waits = any(not state.rests(each) for each in state.pending)
    return not waits and not state.lost and state.owed.place is None


_INDEXED: Mapping[str, Any] = {**dict.fromkeys(("due_at", "lost_at", "letter_at"), 0), "owes": ""}
SHAPE = Shape(state=Notices, finds=_finds, indexed=_INDEXED, closed=_closed)
DIGESTS = Shape(state=Notices, finds=_finds, indexed={"due_at": 0})
"""Digests lie apart: they are about no complaint, and nothing of them is told on the bus."""


@dataclass(frozen=True, slots=True)
class Both:
    """Complaints and digests on one shelf: an id says which it is."""

    complaints: Shelf[Notices]
    digests: Shelf[Notices]

    async def load(self, ids: Sequence[str]) -> dict[str, Document[Notices]]:
        """Read documents by id. Raises Away."""
        digests = [each for each in ids if is_digest(each)]
        found = await self.digests.load(digests) if digests else {}
        if len(digests) < len(ids):
            found |= await self.complaints.load([each for each in ids if not is_digest(each)])
        return found

    async def window(
        self, field: str, low: str | int, high: str | int, limit: int
    ) -> list[Document[Notices]]:
        """Read [low, high) of an index, in its order. Raises Away.

        What stands there by older rules alone, and has no place in it by the present ones, comes
        first: who asks may have it written again.
        """
        found = await self.complaints.window(field, low, high, limit)
        if field not in DIGESTS.indexed:
            return found
        found += await self.digests.window(field, low, high, limit)
        return sorted(found, key=lambda each: _finds(each.state)[field] or low)[:limit]
