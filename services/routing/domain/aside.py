"""Setting a complaint aside: what is missing, what is closed without an answer, and the way back.

Permen PANRB 5/2025 (in place of 62/2018) lets a coordinator verify, defer, send back or archive;
how long a reporter may take to complete a report is the node's own setting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.routing.domain.disposition import Disposition, waiting
from services.routing.domain.dispositions import Dispositions
from shared.contracts import routing
from shared.contracts.calendar import Calendar
from shared.contracts.routing import ArchiveReason, Gap, Missing
from shared.runtime.document import Cause, Circumstances, Document, Refused, record

NEED_WORDS = frozenset({ArchiveReason.OTHER, ArchiveReason.DUPLICATE})
"""Reasons that tell a reporter nothing without words."""


@dataclass(frozen=True, slots=True)
class Window:
    """How long a reporter may take to complete a report (batas waktu melengkapi).

    ``days`` are working days; day 0 is the day of the deferral.
    """

    calendar: Calendar
    days: int


def defer(
    dispositions: Dispositions,
    window: Window,
    document: Document[Disposition],
    missing: Sequence[Gap],
    request: Cause,
    under: Circumstances,
) -> Document[Disposition]:
    """Ask the reporter for what is missing (tunda); raises Refused."""
    waiting(document, "queue")
    for gap in missing:
        if gap.code not in set(Missing):
            raise _unlisted(gap.code, Missing, "missing")
        if gap.code == Missing.OTHER and gap.words is None:
            raise Refused(422, "no_words", "Say in words what else is missing.", "missing")
    if len({gap.code for gap in missing}) < len(missing):
        raise Refused(422, "named_twice", "Name each thing that is missing once.", "missing")
    today = window.calendar.local_day(under.now)
    payload = routing.ComplaintDeferred(
        missing=tuple(missing), complete_by=window.calendar.after(today, window.days)
    )
    return record(dispositions, document, [payload], request, under)


def archive(
    dispositions: Dispositions,
    document: Document[Disposition],
    reason: str,
    words: str | None,
    request: Cause,
    under: Circumstances,
) -> Document[Disposition]:
    """Close a complaint that waits, without an answer (arsip); raises Refused."""
    waiting(document, "queue", "deferred")
    if reason not in set(ArchiveReason):
        raise _unlisted(reason, ArchiveReason, "reason")
    if reason in NEED_WORDS and words is None:
        raise Refused(422, "no_words", "Say in words what this reason means here.", "words")
    payload = routing.ComplaintArchived(reason=reason, words=words)
    return record(dispositions, document, [payload], request, under)


def restore(
    dispositions: Dispositions,
    document: Document[Disposition],
    reason: str,
    request: Cause,
    under: Circumstances,
) -> Document[Disposition]:
    """Put an archived complaint back to its place in the queue; raises Refused."""
    waiting(document, "archived")
    payload = routing.ComplaintRestored(reason=reason)
    return record(dispositions, document, [payload], request, under)


def lapse(
    dispositions: Dispositions,
    window: Window,
    document: Document[Disposition],
    heard: datetime,
    under: Circumstances,
) -> Document[Disposition]:
    """Archive what was not completed in time; the same document where nothing has run out.

    ``heard`` is the time up to which intake was heard: before it had a chance to be, no silence
    of the reporter is one; nor is one while what intake told waits to be read.
    """
    deferral = document.state.deferral
    if deferral is None or document.state.stage != "deferred" or "complaints" in document.held:
        return document
    if window.calendar.end_of(deferral.complete_by) > min(heard, under.now):
        return document
    payload = routing.ComplaintArchived(reason=ArchiveReason.NOT_COMPLETED)
    cause = Cause(f"clock/complete/{deferral.complete_by}", by="clock")
    return record(dispositions, document, [payload], cause, under)


def _unlisted(code: str, codes: type[Missing | ArchiveReason], field: str) -> Refused:
    listed = ", ".join(codes)
    return Refused(422, "unknown_reason", f"{code!r} is none of {listed}.", field)
