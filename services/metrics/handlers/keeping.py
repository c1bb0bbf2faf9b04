"""How what was counted is kept: under the version that was read before counting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec.structs import replace

from shared.runtime.document import Circumstances, Document, State
from shared.runtime.ports import Change, Written
from shared.runtime.timing import micros

MOST_TRIES = 8
"""How often a write that lost a race is tried again before the marks are left for the next time."""


class Kept(Protocol[State]):
    """Where counted documents are kept. Each method raises Away."""

    async def load(self, ids: Sequence[str]) -> dict[str, Document[State]]:
        """Read by id."""

    async def write(self, changes: Sequence[Change[State]]) -> Written:
        """Write each change under its guard."""


def rewritten(stored: Document[State], state: State, under: Circumstances) -> Change[State]:
    """Make the write of a count, marked to be told if the count is another."""
    at = max(micros(under.now), stored.changed_at + 1)
    ready = replace(
        stored,
        state=state,
        version=stored.version + 1,
        # The time of this write: a mark is taken away only by who told this very version.
        untold=at if state is not stored.state else stored.untold,
        changed_at=at,
    )
    return Change(ready, stored.version)
