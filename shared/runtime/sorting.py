"""What a batch of records brings, sorted out before anything is loaded. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Generic

from shared.contracts.envelope import Unreadable
from shared.runtime.asking import Ask
from shared.runtime.document import State
from shared.runtime.folding import Told
from shared.runtime.ports import Passed, Record

Reading = Callable[[Record], "Told | Ask[State]"]
"""Reads a record; raises Unreadable where it has no readable envelope."""


@dataclass(slots=True)
class Batch(Generic[State]):
    """What a batch brings, sorted out before anything is loaded."""

    told: dict[str, dict[str, Told]] = field(default_factory=dict)
    """By complaint and stream, the newest history: it holds all the older ones."""
    heard: list[Told] = field(default_factory=list)
    """Every history, older ones too."""
    asked: dict[str, list[Ask[State]]] = field(default_factory=dict)
    asking: dict[str, list[Record]] = field(default_factory=dict)
    """By complaint, the records in which it was asked."""
    passed: list[Passed] = field(default_factory=list)
    again: set[str] = field(default_factory=set)
    """Complaints to be told whether the batch brings them anything new or not."""

    @property
    def complaints(self) -> Collection[str]:
        """Every complaint the batch speaks of."""
        return dict.fromkeys((*self.told, *self.asked)).keys()


def sort_out(
    records: Iterable[Record], read: Reading[State], suspect: Callable[[Record], bool]
) -> Batch[State]:
    """Keep the newest history per complaint and stream; note what may be a redelivery.

    A record is suspect while an earlier owner of its partition may have written what it brings
    and died before telling; its document is told whether the record brings anything or not.
    """
    batch: Batch[State] = Batch()
    for record in records:
        if record.fault is not None:
            batch.passed.append(Passed(record, record.fault))
            continue
        try:
            item = read(record)
        except Unreadable as why:
            batch.passed.append(Passed(record, str(why)))
            continue
        if isinstance(item, Told):
            batch.heard.append(item)
            streams = batch.told.setdefault(item.complaint, {})
            newest = streams.get(item.stream)
            if newest is None or item.last >= newest.last:  # redacted, it has the same pair
                streams[item.stream] = item
        else:
            batch.asked.setdefault(item.complaint, []).append(item)
            batch.asking.setdefault(item.complaint, []).append(record)
        if suspect(record) or (isinstance(item, Ask) and item.answer is None):
            batch.again.add(item.complaint)  # a repeated request gets the same answer again
    return batch
