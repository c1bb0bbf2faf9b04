"""What is shown of a case."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel

from services.followup.api.report import ReportOut, WrittenOut, report_of
from services.followup.domain.case import Case
from services.followup.domain.policy import Term
from services.followup.domain.why import Explained
from services.followup.domain.words import Draft
from shared.contracts.fact import Pair, Row
from shared.contracts.followup import WITHIN
from shared.contracts.wording import Worded
from shared.runtime.document import Document

After = Annotated[
    str,
    Worded(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}/[\x22-\x7e]{1,200}$",
        sentence="Send what the page before gives as next, unchanged.",
    ),
]
"""A place on the desk."""


def place(document: Document[Case]) -> str:
    """Name the place of a case on a desk, by the date of what is owed next."""
    return f"{document.state.due_first}/{document.id}"


class HappenedOut(BaseModel):
    """One entry of a case's history; ``pair`` is its place in it, by which an erasure names it."""

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


class DraftOut(BaseModel):
    """An answer that waits for approval (konsep tanggapan), and by whom it is."""

    text: str
    interim: bool
    at: datetime
    by: str | None

    @classmethod
    def of(cls, draft: Draft) -> DraftOut:
        """Show a draft."""
        return cls(text=draft.text, interim=draft.interim, at=draft.at, by=draft.by)


class CaseOut(ReportOut):
    """A case as its agency sees it. Nothing here says who the reporter is.

    ``respond_by`` is for the first response, ``complete_by`` for the end (None: no limit);
    ``closes_on`` is when a silent reporter's case ends, once the reporter was told. Dates are local
    to the node, due at their last second. ``how`` says how a resolved case ended: ``confirmed``,
    ``lapsed`` or ``officer``.
    """

    complaint: str
    revision: int
    tracking_number: str | None
    stage: str
    agency: str
    turn: int
    routed_because: str | None
    """Why it came from another agency."""
    received_at: datetime | None
    respond_by: date | None
    complete_by: date | None
    closes_on: date | None
    appeal_by: date | None
    """By when the reporter's objection is to be decided; None where none waits."""
    appeal_text: str | None
    appeal_outcome: str | None
    overdue: bool
    excused: tuple[str, ...]
    """The clocks that ran out while a link was down."""
    how: str | None
    anonymous: bool
    confidential: bool
    responses: int
    draft: DraftOut | None
    """An answer that waits for the agency's leader."""
    returned_because: str | None
    """Why the leader sent the last draft back."""
    unit: str | None
    """The unit of the agency that works on it."""
    asked_of_unit: str | None
    """The note with which it was given to that unit."""
    replies: int
    """How often the reporter wrote back."""
    withdrawn: bool
    reopenings: int

    @classmethod
    def of(cls, document: Document[Case], reader: str | None) -> CaseOut:
        """Show a document to its agency, or with None to who looks on beside it."""
        return cls(**_shown(document, reader))


class CaseWithHistoryOut(CaseOut):
    """A case with what this service has recorded of it; drafts only for the agency they are of."""

    replied: list[WrittenOut]
    """The newest of the ``replies``, oldest first."""
    history: list[HappenedOut]

    @classmethod
    def of(cls, document: Document[Case], reader: str | None) -> CaseWithHistoryOut:
        """Show a document to its agency, or with None to who looks on, with what happened."""
        history = [
            HappenedOut.of(row)
            for row in document.facts
            if row["type"] not in WITHIN or row["data"]["agency"] == reader
        ]
        replied = [WrittenOut.of(each) for each in document.state.replied]
        return cls(**_shown(document, reader), replied=replied, history=history)


class DeskOut(BaseModel):
    """A page of the agency's cases; ``next`` continues it, None at its end."""

    items: list[CaseOut]
    next: str | None


class DayOut(BaseModel):
    """A day that did not count, and why."""

    day: date
    reason: str


class DueOut(BaseModel):
    """One clock of a case: what was counted, and that in sentences of the language asked for.

    The count begins on the day after ``started_on`` and takes ``days`` working days;
    ``moved_from`` is the date before an amendment of the working calendar.
    """

    clock: str
    name: str
    due_on: date
    started_on: date | None
    days: int
    moved_from: date | None
    runs: bool
    missed: bool
    excused: bool
    """A link was down when it passed: figures of lateness leave it out."""
    not_counted: list[DayOut]
    sentences: list[str]

    @classmethod
    def of(cls, found: Explained) -> DueOut:
        """Show a clock."""
        return cls(
            clock=found.clock,
            name=found.name,
            due_on=found.due_on,
            started_on=found.due.started_on,
            days=found.due.days,
            moved_from=found.due.moved_from,
            runs=found.runs,
            missed=found.missed,
            excused=found.excused,
            not_counted=[DayOut(day=day, reason=reason) for day, reason in found.not_counted],
            sentences=list(found.sentences),
        )


class WhyOut(BaseModel):
    """Why each date of a case is what it is; ``policy`` is the version that it was born under."""

    complaint: str
    revision: int
    policy: str
    clocks: list[DueOut]


def _shown(document: Document[Case], reader: str | None) -> dict[str, Any]:
    state = document.state
    own = reader is not None and reader == state.agency
    return {
        **report_of(state),
        "complaint": document.id,
        "revision": document.revision,
        "tracking_number": state.tracking_number,
        "stage": state.stage,
        "agency": reader or state.agency,
        "turn": state.turn,
        "routed_because": state.routed_because.text if state.routed_because else None,
        "received_at": state.received_at,
        "respond_by": state.due_on(Term.RESPOND),
        "complete_by": state.due_on(Term.COMPLETE),
        "closes_on": state.closing,
        "appeal_by": state.appeal,
        "appeal_text": state.appeal_text,
        "appeal_outcome": state.appeal_outcome,
        "overdue": state.overdue,
        "excused": tuple(sorted(state.excuses)),
        "how": state.how,
        "anonymous": state.anonymous,
        "confidential": state.confidential,
        "responses": state.responses,
        "draft": DraftOut.of(state.draft) if own and state.draft else None,
        "returned_because": state.returned_because if own else None,
        "unit": state.unit if own else None,
        "asked_of_unit": state.asked_of_unit if own else None,
        "replies": state.replies,
        "withdrawn": state.withdrawn,
        "reopenings": state.reopenings,
    }
