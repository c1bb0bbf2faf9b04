"""What coordinators are shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, NamedTuple, Self

from pydantic import BaseModel

from services.routing.api.report import ReportOut, report_of
from services.routing.domain.disposition import Disposition
from services.routing.domain.suggestion import MODEL, Suggestion
from shared.contracts.fact import Pair, Row
from shared.contracts.routing import Gap
from shared.contracts.wording import Worded
from shared.runtime.document import Document

_MOMENT = r"[0-9]{4}-[0-9][0-9]-[0-9][0-9]T[0-9:.]{12}Z"
Place = Annotated[
    str,
    Worded(
        pattern=rf"^$|^((archived/)?{_MOMENT}|deferred/[0-9-]{{10}})/[\x22-\x7e]{{1,200}}$",
        sentence="Send what the page before gives as next, unchanged.",
    ),
]
"""A place in the queue, or beside it."""
HANDED_OVER = ("routed", "resolved")
"""Stages in which what an earlier agency declined is of no concern any more."""


class DeferralOut(BaseModel):
    """What the reporter was asked for, and until which local date."""

    missing: list[Gap]
    complete_by: date


class ArchivalOut(BaseModel):
    """Why a complaint was closed without an answer."""

    reason: str
    words: str | None
    at: datetime


class HappenedOut(BaseModel):
    """One entry of a complaint's history at routing; ``pair`` is its place in it.

    ``by`` is the officer's account, or ``clock``; None where a rule, or what was heard, did it.
    """

    type: str
    pair: tuple[int, int]
    at: datetime
    by: str | None
    details: dict[str, Any]

    @classmethod
    def of(cls, row: Row) -> HappenedOut:
        """Show a fact."""
        return cls(
            type=row["type"],
            pair=Pair(*row["pair"]),
            at=datetime.fromisoformat(row["at"]),
            by=row["by"],
            details=row["data"],
        )


class Marks(NamedTuple):
    """Whether there are such a category, area and agency, and whether the area lies elsewhere.

    None where none is named.
    """

    category: bool | None
    area: bool | None
    outside: bool | None
    agency: bool | None


class DispositionOut(ReportOut):
    """Where a complaint stands at the coordinator; ``late``: it was not verified in time."""

    complaint: str
    revision: int
    tracking_number: str | None
    stage: str
    received_at: datetime | None
    late: bool
    category: str | None
    category_known: bool | None
    """False where neither a rule nor the categories file names it: mistyped, or of another list.

    None where there is none."""
    area: str | None
    area_name: str | None
    """None where there is no such area, too."""
    area_known: bool | None
    """False where the Kemendagri table has it not, and it does not lie in a place of this node that
    the table has not yet."""
    area_outside: bool | None
    """True where it lies neither in nor around the place of this node: it may be another's."""
    wanted_agency: str | None
    wanted_known: bool | None
    """False where the register has no such agency to which a complaint can be routed."""
    confidential: bool
    crowd: str | None
    """``address`` or ``contact``: one of very many that hour from or over the same (beruntun)."""
    agency: str | None
    contributors: tuple[str, ...]
    """Agencies that contribute to the one answer that ``agency`` gives."""
    main: str | None
    """The complaint that it follows."""
    main_number: str | None
    turn: int
    declined_because: str | None
    deferral: DeferralOut | None
    archival: ArchivalOut | None

    @classmethod
    def of(cls, document: Document[Disposition], area_name: str | None, known: Marks) -> Self:
        """Show a document with what is known of its area and its category."""
        return cls(**cls._shown(document, area_name, known))

    @classmethod
    def _shown(
        cls, document: Document[Disposition], area_name: str | None, known: Marks
    ) -> dict[str, Any]:
        state = document.state
        return dict(
            **report_of(state),
            complaint=document.id,
            revision=document.revision,
            tracking_number=state.tracking_number,
            stage=state.stage,
            received_at=state.received_at,
            late=state.late,
            category=state.category,
            category_known=known.category,
            area=state.area,
            area_name=area_name,
            area_known=known.area,
            area_outside=known.outside,
            wanted_agency=state.wanted,
            wanted_known=known.agency,
            confidential=state.confidential,
            crowd=state.crowd,
            agency=state.agency,
            contributors=state.contributors,
            main=state.main,
            main_number=state.main_number,
            turn=state.turn,
            declined_because=None if state.stage in HANDED_OVER else state.declined_because,
            deferral=_deferral(state),
            archival=_archival(state),
        )


class DispositionWithHistoryOut(DispositionOut):
    """Where a complaint stands, with what this service has recorded of it: who did what, when."""

    history: list[HappenedOut]
    """Oldest first."""

    @classmethod
    def _shown(
        cls, document: Document[Disposition], area_name: str | None, known: Marks
    ) -> dict[str, Any]:
        history = [HappenedOut.of(row) for row in document.facts]
        return {**super()._shown(document, area_name, known), "history": history}


def _deferral(state: Disposition) -> DeferralOut | None:
    if state.deferral is None:
        return None
    missing = [Gap(code=lack.code, words=lack.words) for lack in state.deferral.missing]
    return DeferralOut(missing=missing, complete_by=state.deferral.complete_by)


def _archival(state: Disposition) -> ArchivalOut | None:
    if state.archival is None:
        return None
    return ArchivalOut(
        reason=state.archival.reason, words=state.archival.words, at=state.archival.at
    )


class QueueOut(BaseModel):
    """A page of the queue, or of what lies beside it; ``next`` continues it, None at its end."""

    items: list[DispositionOut]
    next: str | None


class SuggestionOut(BaseModel):
    """An agency that a complaint may be for; ``confidence`` is from 0 to 1."""

    agency: str
    confidence: float
    reasons: list[str]


class SuggestionsOut(BaseModel):
    """What earlier decisions say, the likeliest first; nothing where there are none."""

    model: str
    items: list[SuggestionOut]

    @classmethod
    def of(cls, suggestions: Sequence[Suggestion]) -> SuggestionsOut:
        """Show suggestions."""
        items = [
            SuggestionOut(
                agency=each.agency, confidence=each.confidence, reasons=list(each.reasons)
            )
            for each in suggestions
        ]
        return cls(model=MODEL, items=items)
