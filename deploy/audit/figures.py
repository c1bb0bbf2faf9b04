"""Do the figures of metrics say what its timelines say? Recounted here, one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.audit.finding import Finding, Kind
from deploy.audit.notebook import Notebook
from deploy.audit.reading import Stores
from services.metrics.domain.cohort import MARK, Cell, parts_of
from services.metrics.domain.figures import place_of
from shared.contracts.vocabulary import zone_of
from shared.runtime.document import Document
from shared.runtime.timing import micros

COUNTED_SOON = timedelta(seconds=30)
"""For so long after a change metrics may still be counting."""


def note(
    notebook: Notebook, node: str, timelines: list[Document[Any]], new: set[str], young: int
) -> None:
    """Count the milestones and the cells of timelines; leave out what may be being counted again.

    That is what a timeline has marked, what changed after ``young``, and what is met again.
    """
    zone = zone_of(node)
    for each in timelines:
        windows = [place_of(window, zone) for window in each.state.windows]
        cells = [cell.place(zone) for cell in each.state.cells]
        if each.id in new:
            notebook.add((day, minute, 1) for day, minute in windows)
            parts = parts_of(each.state.milestones).items()
            notebook.add((row, f"{hour} {name}", n) for row, hour in cells for name, n in parts)
        if each.changed_at > young or each.id not in new:
            notebook.note_stale([*windows, *cells])
        notebook.note_stale(
            Cell.read(name).place(zone) if name.startswith(MARK) else place_of(name, zone)
            for name in each.dirty
        )


async def differences(notebook: Notebook, stores: Stores, now: int) -> list[Finding]:
    """Compare every day's figures, and every row of it, with the recount.

    What was written after the timelines had been read may know more than they did then: it is
    left for the next time.
    """
    found: list[Finding] = []
    walked = micros(datetime.now(UTC))
    async for page in stores.figures(now):
        for document in page:
            found.extend(_compared(notebook, document, document.state.minutes, walked))
    async for page in stores.rows(now):
        for document in page:
            hours = document.state.hours.items()
            stored = {f"{hour} {name}": n for hour, parts in hours for name, n in parts.items()}
            found.extend(_compared(notebook, document, stored, walked))
    for day, minute, count in notebook.left_counts(100):
        sentence = f"{day} at {minute} is not counted and there are {count}"
        found.append(Finding(Kind.FIGURE, "", "metrics", sentence))
    return found


def _compared(
    notebook: Notebook, document: Document[Any], stored: Mapping[str, int], walked: int
) -> Iterator[Finding]:
    counts, stale = notebook.take_counts(document.id)
    if document.changed_at <= walked:
        yield from compare(document.id, stored, counts, stale)


def compare(
    day: str, stored: Mapping[str, int], recounted: Mapping[str, int], stale: set[str]
) -> Iterator[Finding]:
    """Compare one day; minutes or hours that are being counted again are left out. Pure."""
    for minute in sorted(stored.keys() | recounted.keys()):
        have, right = stored.get(minute, 0), recounted.get(minute, 0)
        if have != right and minute.partition(" ")[0] not in stale:
            sentence = f"{day} at {minute} is counted as {have} and there are {right}"
            yield Finding(Kind.FIGURE, "", "metrics", sentence)
