"""Do the figures of metrics say what its timelines say? Recounted here, one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from deploy.audit.finding import Finding, Kind
from deploy.audit.notebook import Notebook
from deploy.audit.reading import Stores
from services.metrics.domain.cohort import MARK
from services.metrics.domain.figures import place_of
from shared.contracts.vocabulary import zone_of
from shared.runtime.document import Document

COUNTED_SOON = timedelta(seconds=30)
"""For so long after a change metrics may still be counting."""


def note(
    notebook: Notebook, node: str, timelines: list[Document[Any]], new: set[str], young: int
) -> None:
    """Count the milestones of timelines; leave out minutes that may be being counted again.

    Those are what a timeline has marked, what changed after ``young``, and what is met again.
    """
    zone = zone_of(node)
    notebook.count(
        place_of(window, zone)
        for each in timelines
        if each.id in new
        for window in each.state.windows
    )
    notebook.note_stale(
        place_of(name, zone)
        for each in timelines
        for name in each.dirty
        if not name.startswith(MARK)
    )
    notebook.note_stale(
        place_of(window, zone)
        for each in timelines
        if each.changed_at > young or each.id not in new
        for window in each.state.windows
    )


async def differences(notebook: Notebook, stores: Stores, now: int) -> list[Finding]:
    """Compare every day's figures with the recount."""
    found: list[Finding] = []
    async for page in stores.figures(now):
        for document in page:
            counts, stale = notebook.take_counts(document.id)
            found.extend(compare(document.id, document.state.minutes, counts, stale))
    for day, minute, count in notebook.left_counts(100):
        sentence = f"{day} at {minute} is not counted and there are {count}"
        found.append(Finding(Kind.FIGURE, "", "metrics", sentence))
    return found


def compare(
    day: str, stored: Mapping[str, int], recounted: Mapping[str, int], stale: set[str]
) -> Iterator[Finding]:
    """Compare one day; minutes that are being counted again are left out. Pure."""
    for minute in sorted(stored.keys() | recounted.keys()):
        have, right = stored.get(minute, 0), recounted.get(minute, 0)
        if have != right and minute not in stale:
            sentence = f"{day} at {minute} is counted as {have} and there are {right}"
            yield Finding(Kind.FIGURE, "", "metrics", sentence)
