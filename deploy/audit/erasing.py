"""Has every service forgotten a reporter who was erased? Pure; asked when all have heard it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from services.intake.domain.erasing import forgotten
from shared.contracts.intake import ReporterErased
from shared.contracts.topics import STREAMS
from shared.runtime.document import Document

_KEPT: Mapping[str, tuple[str, ...]] = {
    "intake": ("sealed", "fingerprint"),
    "routing": ("title", "text", "spot", "point", "answers", "amendments", "replies"),
    "followup": ("title", "text", "spot", "point", "answers", "amendments", "replied"),
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
    for row in rows:
        if row["type"] == ReporterErased.type:
            for each in row["data"]["redactions"]:
                service = STREAMS[each["stream"]].producer
                if not _blanked(documents[service], each):
                    place = f"{each['field']} of {each['stream']} {each['pair']}"
                    yield service, f"{service} has not blanked {place}"


def _blanked(document: Document[Any], named: Mapping[str, Any]) -> bool:
    """Say whether a field is blank; one that was never there is."""
    rows = [row for row in document.facts if list(row["pair"]) == list(named["pair"])]
    return all(
        named["field"] in row.get("redacted", ()) or named["field"] not in row["data"]
        for row in rows
    )
