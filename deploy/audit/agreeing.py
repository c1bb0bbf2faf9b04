"""Do services that heard the same say the same? Pure; asked only when all have heard all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from services.metrics.domain.milestone import Milestone
from services.metrics.domain.timeline import Timeline, Timelines
from shared.contracts import followup as cases
from shared.contracts.fact import UnreadableFact, read_fact
from shared.runtime.document import Document

_STAGES = {
    "none": None,
    "open": "in_progress",
    "answered": "answered",
    "declined": "returned",
    "resolved": "resolved",
}
"""What followup calls a stage, and what intake shows its reporter."""


def disagreements(documents: Mapping[str, Document[Any]]) -> Iterator[tuple[str, str]]:
    """Give service and sentence for everything two services do not agree about."""
    for service, what, wanted, found in _compared(documents):
        if wanted != found:
            yield service, f"{service} has {what} {found!r} and it is {wanted!r}"


def _compared(documents: Mapping[str, Document[Any]]) -> Iterator[tuple[str, str, Any, Any]]:
    intake, routing, followup, notification, metrics = (
        documents[service].state
        for service in ("intake", "routing", "followup", "notification", "metrics")
    )
    number = intake.tracking_number
    for service in ("routing", "followup", "notification"):
        yield service, "tracking number", number, documents[service].state.tracking_number
    turn, agency = routing.turn, routing.agency
    yield "intake", "turn", turn, intake.routed_turn
    yield "intake", "agency", agency, intake.routed_to
    yield "followup", "turn", turn, followup.turn
    yield "followup", "agency", agency, followup.agency
    yield "notification", "agency", agency, notification.agency
    yield "metrics", "turn", turn, metrics.turn
    yield "intake", "stage", _STAGES.get(followup.stage, followup.stage), intake.case_stage
    yield "intake", "turn of the case", followup.turn, intake.case_turn
    withdrawn = intake.withdrawn_at is not None
    yield "routing", "withdrawn", withdrawn, routing.withdrawn
    yield "followup", "withdrawn", withdrawn, followup.withdrawn
    follows = routing.main is not None
    yield "followup", "merged", follows, followup.merged
    aside = _MERGED if follows else routing.stage if routing.stage in _ASIDE else None
    aside = None if withdrawn else aside
    found = intake.aside.status if intake.aside and not withdrawn else None
    yield "intake", "setting aside", aside, found
    yield "intake", "notices", notification.sent, intake.notices
    rows = documents["followup"].facts
    declined = [row["data"]["turn"] for row in rows if row["type"] == _DECLINED]
    ends = [row["type"] for row in rows if row["type"] in _ENDS]
    resolved = ends[-1:] == [_RESOLVED]
    yield "routing", "declined turn", max(declined, default=0), routing.declined_turn
    yield "routing", "resolved", resolved, routing.resolved
    try:
        told = timeline(documents)
        yield "metrics", "milestones", _shown(told.milestones), _shown(metrics.milestones)
        yield "metrics", "cells", _named(told), _named(metrics)
    except UnreadableFact as broken:
        yield "metrics", "milestones", [str(broken)], _shown(metrics.milestones)


_MERGED, _ASIDE = "merged", ("deferred", "archived")
_DECLINED = cases.DispositionDeclined.type
_RESOLVED = cases.CaseResolved.type
_ENDS = (cases.CaseOpened.type, _RESOLVED, cases.CaseReopened.type)
"""What decides, the last of them, whether a case has ended."""


def timeline(documents: Mapping[str, Document[Any]]) -> Timeline:
    """Give the timeline of a complaint by what its services told, heard or not."""
    domain = Timelines()
    state = domain.begin("")
    for service in ("intake", "routing", "followup", "notification"):
        for row in documents[service].facts:
            state = domain.fold(state, read_fact(row, domain.known))
    return state


def _shown(reached: tuple[Milestone, ...]) -> list[str]:
    return sorted(each.window for each in reached)


def _named(state: Timeline) -> list[str]:
    return [cell.name for cell in state.cells]
