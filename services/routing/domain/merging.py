"""Reports of the same matter: one is handled, the others follow it; and back again.

Nothing closes by merging. What follows is told as it happens to the one that is handled, and stands
on its own again where nobody handles that one any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from msgspec.structs import replace

from services.routing.domain.disposition import Disposition, waiting
from services.routing.domain.dispositions import Dispositions
from services.routing.domain.following import UNHANDLED
from shared.contracts import routing
from shared.contracts.calendar import Calendar
from shared.contracts.fact import NOTHING, Payload
from shared.contracts.following import ComplaintJoined, MainProgressed
from shared.contracts.routing import Gap
from shared.runtime.document import Cause, Circumstances, Document, Refused, record

MERGEABLE = ("queue", "deferred", "routed")
OFFICER = "officer"
CLOCK = "clock"


def join(
    dispositions: Dispositions,
    main: Document[Disposition],
    first: str,
    request: Cause,
    under: Circumstances,
) -> Document[Disposition]:
    """Have a complaint be one that others follow (laporan induk); raises Refused."""
    state = main.state
    if state.stage == "unknown":
        raise Refused(404, "not_found", "There is no such complaint to merge into.", "main")
    if state.main is not None:
        detail = f"It was merged itself; merge into {state.main_number or state.main}."
        raise Refused(409, "merged_itself", detail, "main")
    if state.confidential:
        detail = "It is confidential (rahasia): nobody else may learn of it."
        raise Refused(409, "confidential", detail, "main")
    if state.stage in ("archived", "withdrawn"):
        raise Refused(409, "not_handled", f"It is {state.stage}; nobody handles it.", "main")
    if state.leads:
        return main
    # Told under a request of its own: of the main complaint nobody asked anything.
    cause = replace(request, request=None)
    return record(dispositions, main, [ComplaintJoined(first=first)], cause, under)


def merge(
    dispositions: Dispositions,
    document: Document[Disposition],
    main: Disposition,
    request: Cause,
    under: Circumstances,
    *,
    followed: bool,
) -> Document[Disposition]:
    """Have a complaint follow another about the same matter (penggabungan); raises Refused.

    ``followed`` says that others follow it, as the index shows: one that joins in that very moment
    stands on its own again, since nobody handles what it follows.
    """
    check(document, followed=followed)
    if document.id == main.complaint:
        raise Refused(422, "merged_into_itself", "A complaint does not follow itself.", "main")
    merged = routing.ComplaintMerged(main=main.complaint, tracking_number=main.tracking_number)
    return record(dispositions, document, [merged], request, under)


def check(document: Document[Disposition], *, followed: bool) -> None:
    """Refuse to merge what is closed, or what others follow."""
    waiting(document, *MERGEABLE)
    if followed:
        detail = "Others follow it; merge the other one into it, or separate those first."
        raise Refused(409, "has_followers", detail)


def unmerge(
    dispositions: Dispositions,
    calendar: Calendar,
    document: Document[Disposition],
    words: str,
    request: Cause,
    under: Circumstances,
) -> Document[Disposition]:
    """Give a merged complaint back whole, to where it stood (pemisahan); raises Refused."""
    waiting(document, "merged")
    apart = routing.ComplaintUnmerged(main=str(document.state.main), because=OFFICER, words=words)
    return _separated(dispositions, calendar, document, apart, request, under)


def follow(
    dispositions: Dispositions,
    calendar: Calendar,
    document: Document[Disposition],
    main: Disposition,
    under: Circumstances,
) -> Document[Disposition]:
    """Tell what has become of the one that a complaint follows; the same where nothing has.

    Where nobody handles that one any more, the complaint stands on its own again.
    """
    state = document.state
    if state.stage != "merged" or state.main != main.complaint:
        return document
    if main.stage in UNHANDLED:
        apart = routing.ComplaintUnmerged(main=main.complaint, because=main.stage)
        cause = Cause(f"main/{main.complaint}/{main.stage}/{len(document.facts)}", by=CLOCK)
        return _separated(dispositions, calendar, document, apart, cause, under)
    if main.progress is None or main.steps <= state.followed:
        return document
    moved = MainProgressed(main=main.complaint, stage=main.progress, nth=main.steps)
    # Merged anew it is told anew, also where it followed the same one before.
    cause = Cause(f"main/{main.complaint}/{main.steps}/{state.merges}", by=CLOCK)
    return record(dispositions, document, [moved], cause, under)


def _separated(
    dispositions: Dispositions,
    calendar: Calendar,
    document: Document[Disposition],
    apart: routing.ComplaintUnmerged,
    cause: Cause,
    under: Circumstances,
) -> Document[Disposition]:
    """Separate a report; one that was deferred waits for its reporter again, or was completed."""
    again = list(_still_missing(document.state, calendar, under.now))
    document = record(dispositions, document, [apart], cause, under)
    # The separation is what was asked for; this follows from it.
    return record(dispositions, document, again, replace(cause, request=None), under)


def _still_missing(state: Disposition, calendar: Calendar, now: datetime) -> Iterator[Payload]:
    """Say what becomes of a deferral whose report followed another.

    Nobody waited for its reporter meanwhile, so the date is later by the working days of that rest;
    one that was over before stays over.
    """
    deferral = state.deferral
    if deferral is None:
        return
    if deferral.at is not None and state.said_at is not None and state.said_at > deferral.at:
        yield routing.ComplaintResumed()
        return
    by, began = deferral.complete_by, state.merged_at
    if began is not None and calendar.end_of(by) > began:
        days = calendar.between(calendar.local_day(began), calendar.local_day(now))
        by = calendar.after(by, days)
    missing = tuple(Gap(code=each.code, words=each.words) for each in deferral.missing)
    # The words may be named by an erasure that is under way: it names where they stood first.
    first = deferral.repeats or (deferral.pair if deferral.pair != NOTHING else None)
    yield routing.ComplaintDeferred(missing=missing, complete_by=by, repeats=first)
