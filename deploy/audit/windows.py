"""Does the bus carry last, of each window, what metrics has counted? Compared by content.

A minute is told under the version that its day had then, and the store does not remember which:
so it is not asked which of the two is newer, but whether they say the same.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import tzinfo
from hashlib import sha256
from typing import Any

from pydantic import ValidationError

from deploy.audit.comparing import Currency, of_one
from deploy.audit.finding import Finding, Kind
from deploy.audit.notebook import Notebook
from services.metrics.domain.figures import Cells, Figures, Place, place_of
from services.metrics.domain.performance import Rows
from services.metrics.handlers.telling import Snapshot
from shared.contracts.envelope import Unreadable, read_envelope
from shared.contracts.fact import Pair
from shared.contracts.metrics import CellCounted, PerformanceCounted
from shared.contracts.vocabulary import zone_of
from shared.runtime.document import Document
from shared.runtime.ports import Record

STREAM = "metrics"
SNAPSHOTS: dict[str, type[Snapshot]] = {
    kind.type: kind for kind in (CellCounted, PerformanceCounted)
}


def note(notebook: Notebook, node: str, records: Iterable[Record]) -> None:
    """Note a page of the topic, in the order of its log; what is no window is passed."""
    notebook.note_told(_told(records, zone_of(node)))


def _told(records: Iterable[Record], zone: tzinfo) -> Iterator[tuple[str, str, str, str]]:
    for record in records:
        with contextlib.suppress(Unreadable):
            envelope = read_envelope(record.headers)
            if (kind := SNAPSHOTS.get(envelope.type)) is not None:
                key = envelope.subject
                document = _place(key, zone).day
                yield document, key, str(envelope.sequence), _read(kind, record.value)


def _place(key: str, zone: tzinfo) -> Place:
    """Find where a window stands; a day, or a row of one, is named as it is."""
    with contextlib.suppress(ValueError, OverflowError):
        if "T" in key.rpartition("|")[2]:
            return place_of(key, zone)
    return Place(key, "")


def _read(kind: type[Snapshot], value: bytes | None) -> str:
    try:
        return _content(kind.model_validate_json(value or b""))
    except ValidationError:
        return ""


def _content(snapshot: Snapshot) -> str:
    """Give what a snapshot says, in few bytes."""
    said = snapshot.model_dump_json(exclude={"epoch", "version"})
    return sha256(said.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Windows:
    """What the bus carries of windows, held against what metrics has counted."""

    notebook: Notebook
    node: str
    currency: Currency

    def differences(self, document: Document[Any], young: int) -> Iterator[Finding]:
        """Compare what is told of one document.

        What changed after ``young`` is left for the next audit, and what is about to be told.
        """
        told, right = self._told_and_right(document)
        if right and document.untold is not None:
            yield from of_one(document.id, STREAM, document, self.currency)
        if document.untold is not None or document.changed_at > young:
            return
        for key, snapshot in right:
            pair, content = told.get(key, ("", ""))
            if content == _content(snapshot) or not (pair or _counts(snapshot)):
                continue  # no zero is told that never was more
            carried = f"{key} as counted at {pair}" if pair else f"nothing of {key}"
            stored = Pair(snapshot.epoch, snapshot.version)
            sentence = f"metrics carries {carried} and its store has another count, at {stored}"
            place = Place(document.id, _place(key, zone_of(self.node)).minute)
            yield Finding(Kind.BUS, "", STREAM, sentence, teller=STREAM, place=place)

    def unknown(self, most: int) -> Iterator[Finding]:
        """Give what the bus carries of windows in which metrics has counted nothing."""
        for key, pair in self.notebook.told_of_nothing(most):
            sentence = (
                f"metrics carries {key} as counted at {pair} and its store has no such window"
            )
            yield Finding(Kind.BUS, "", STREAM, sentence)

    def _told_and_right(
        self, document: Document[Any]
    ) -> tuple[dict[str, tuple[str, str]], list[tuple[str, Snapshot]]]:
        """Give what was told of a document, and what is to be told of the same windows."""
        if isinstance(document.state, Figures):
            told, zone = self.notebook.told(document.id), zone_of(self.node)
            minutes = [at.minute for at in (_place(key, zone) for key in told) if at.minute]
            return told, list(Cells(self.node, zone).some(document, minutes))
        right = list(Rows(self.node).news(document))
        found = [self.notebook.told(key) for key, _ in right]
        return {key: one for each in found for key, one in each.items()}, [*right]


def _counts(snapshot: Snapshot) -> int:
    return snapshot.count if isinstance(snapshot, CellCounted) else snapshot.received
