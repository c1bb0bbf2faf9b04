"""Has every service forgotten a reporter who was erased? Pure; asked when all have heard it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.intake.domain.erasing import forgotten
from shared.contracts.fact import Row
from shared.contracts.intake import ReporterErased
from shared.contracts.topics import STREAMS
from shared.runtime.document import Document
from shared.runtime.redacting import named_by, stands

_REPORT = ("title", "text", "spot", "point", "occurred_on", "answers", "amendments")
_KEPT: Mapping[str, tuple[str, ...]] = {
    "intake": ("sealed", "fingerprint"),
    "routing": (*_REPORT, "replies"),
    "followup": (*_REPORT, "replied"),
    "notification": ("sealed", "pin"),
}
"""By service, what its state holds of a reporter."""


def unforgotten(documents: Mapping[str, Document[Any]]) -> Iterator[tuple[str, str]]:
    """Give service and sentence for everything that is left of an erased reporter."""
    for service, fields in _KEPT.items():
        for field in fields:
            if getattr(documents[service].state, field):
                yield service, f"{service} still has {field} of a reporter who was erased"
    rows = documents["intake"].facts
    if not forgotten(rows):
        yield "intake", "intake still has words of a reporter who was erased"
    for each in _named(rows):
        service = STREAMS[each["stream"]].producer
        if any(stands(row, each["field"]) for row in _rows_of(documents, each)):
            yield service, f"{service} has not blanked {_place(each)}"


def nameless(documents: Mapping[str, Document[Any]]) -> Iterator[tuple[str, str]]:
    """Give service and sentence for what an erasure names and nobody has: it was mistyped."""
    for each in _named(documents["intake"].facts):
        if all(stands(row, each["field"]) is None for row in _rows_of(documents, each)):
            service = STREAMS[each["stream"]].producer
            yield service, f"the erasure names nothing: {service} has no {_place(each)}"


def _named(rows: Sequence[Row]) -> Iterator[Mapping[str, Any]]:
    for row in rows:
        if row["type"] == ReporterErased.type:
            yield from row["data"]["redactions"]


def _rows_of(documents: Mapping[str, Document[Any]], named: Mapping[str, Any]) -> Sequence[Row]:
    """Give the fact that is named, and those that say its words again."""
    told = documents[STREAMS[named["stream"]].producer].facts
    return [row for row in told if tuple(named["pair"]) in named_by(row)]


def _place(named: Mapping[str, Any]) -> str:
    return f"{named['field']} of {named['stream']} {named['pair']}"
