"""What a publisher is told of the files that its records name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from services.intake.domain.promises import Has, Place, WithFiles, files_of, promise_of
from services.intake.domain.records import record_of
from shared.contracts.attachment import AttachmentAdded, AttachmentRefused, FileProgress
from shared.runtime.document import Document


def progress_of(document: Document[Has]) -> tuple[FileProgress, ...] | None:
    """Say what became of each file that records name; nothing where they name none."""
    ended = {
        Place(row["data"]["named"], row["data"].get("about")): row["data"]
        for row in document.facts
        if row["type"] in (AttachmentAdded.type, AttachmentRefused.type) and "named" in row["data"]
    }
    state = document.state
    return (
        tuple(
            FileProgress(
                named=place.named, record=record, **_became(state, ended.get(place), place)
            )
            for place, record in _named(document)
        )
        or None
    )


def _named(document: Document[Has]) -> Iterator[tuple[Place, str | None]]:
    """Give each file that was named, with its record where that is not the submission."""
    for row in document.facts:
        later = row is not document.facts[0]
        about = row["id"] if later else None
        named_by = record_of(document.state.publisher, row["request"]) if later else None
        for nth in range(1, files_of(row) + 1):
            yield Place(nth, about), named_by


def _became(state: WithFiles, ended: Mapping[str, Any] | None, place: Place) -> dict[str, Any]:
    if ended is None:
        return {"outcome": "dropped" if promise_of(state, place) is None else "awaited"}
    if "reason" in ended:
        return {"outcome": "refused", "reason": ended["reason"], "words": ended["words"]}
    there = any(each.id == ended["attachment"] for each in state.attachments)
    return {"outcome": "kept" if there else "dropped"}
