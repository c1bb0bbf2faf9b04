"""Planted faults of erasing a person (design 3.3) and of taking an erasure back (3.6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from shared.runtime import document, folding, hearing
from shared.runtime.document import Document
from shared.runtime.folding import Told
from shared.runtime.hearing import Batch
from shared.runtime.ports import Record
from shared.runtime.relaying import Relay
from tests.simulation.store import Store

Plant = pytest.MonkeyPatch


def redact_nothing(plant: Plant) -> None:
    """What an erasure names stays in the facts that the service tells."""
    for module in (document, folding):
        plant.setattr(module, "redacted", lambda stream, known, rows, said: rows)


def redact_in_silence(plant: Plant) -> None:
    """A redacted history is not told again: its last pair is what it was."""
    plant.setattr(Document, "mark", property(lambda document: str(document.last)))


def keep_only_what_is_higher(plant: Plant) -> None:
    """A redacted history does not replace in quarantine the one of the same pair."""
    keep = Store.keep

    def kept(store: Store, waiting: Sequence[tuple[Told, str]], now: int) -> None:
        there = {place: told.last for place, (_, told) in store.kept.waiting.items()}
        new = [
            (told, why)
            for told, why in waiting
            if told.last != there.get((told.complaint, told.stream))
        ]
        keep(store, new, now)

    plant.setattr(Store, "keep", kept)


def adopt_no_tombstones(plant: Plant) -> None:
    """A restored store takes back what its own streams say, but not what they have deleted."""
    adopt = Relay.adopt

    async def living(relay: Any, histories: Sequence[Told], *, snapshot: bool = False) -> int:
        return await adopt(relay, [each for each in histories if each.body], snapshot=snapshot)

    plant.setattr(Relay, "adopt", living)


def keep_the_first_of_a_pair(plant: Plant) -> None:
    """Of two histories of one pair in a batch the first is heard, not the redacted one."""
    sort_out = hearing.sort_out

    def first(records: Sequence[Record], read: Any, suspect: Any) -> Batch[Any]:
        batch: Batch[Any] = sort_out(records, read, suspect)
        for told in reversed(batch.heard):
            if told.last == batch.told[told.complaint][told.stream].last:
                batch.told[told.complaint][told.stream] = told
        return batch

    plant.setattr(hearing, "sort_out", first)
