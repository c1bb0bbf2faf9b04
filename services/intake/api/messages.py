"""What citizens are shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from services.intake.api.attached import AttachmentOut
from services.intake.domain.complaint import Complaint
from services.intake.domain.standing import Aside
from shared.contracts.appeal import ReporterAppealed
from shared.contracts.intake import (
    ComplaintAmended,
    ComplaintReceived,
    ComplaintWithdrawn,
    ReporterErased,
    ReporterRated,
    ReporterReplied,
)
from shared.contracts.vocabulary import Answered, Point
from shared.runtime.document import Document
from shared.runtime.timing import moment

_SAID = {
    ReporterReplied.type: "text",
    ComplaintAmended.type: "text",
    ComplaintWithdrawn.type: "reason",
    ReporterRated.type: "comment",
    ReporterAppealed.type: "text",
}
"""By fact type, the field with the reporter's own words."""
CORRECTABLE = ("area", "place", "point", "occurred_on")


class FiledOut(BaseModel):
    """What the reporter keeps: number and PIN are all it takes to see the complaint again."""

    complaint: str
    tracking_number: str
    pin: str
    status: str
    revision: int


class EnteredOut(BaseModel):
    """What is handed over the counter: ``slip`` is plain text to print, 48 columns wide."""

    complaint: str
    tracking_number: str
    pin: str
    received_at: datetime
    slip: str


class PinAskedOut(BaseModel):
    """What everybody is told who asks for a PIN."""

    tracking_number: str
    detail: str = (
        "If there is a report with this number and its reporter left a contact, the PIN is on its "
        "way there."
    )


class ErasedOut(BaseModel):
    """What was erased: ``blanked`` counts the fields, over all services."""

    complaint: str
    tracking_number: str
    erased_at: datetime
    blanked: int

    @classmethod
    def of(cls, document: Document[Complaint]) -> ErasedOut:
        """Show a document whose reporter was erased."""
        rows = [row["data"] for row in document.facts if row["type"] == ReporterErased.type]
        return cls(
            complaint=document.id,
            tracking_number=document.state.tracking_number or "",
            erased_at=document.state.erased_at or moment(document.changed_at),
            blanked=sum(len(data["redactions"]) for data in rows),
        )


class MoveOut(BaseModel):
    """Whose move it is: a coordinator's, an agency's, the reporter's."""

    who: str
    agency: str | None = None
    by: date | None = None


class StepOut(BaseModel):
    """One thing that happened; ``corrected`` are the fields that an amendment put right.

    ``outcome`` says what became of an objection: ``upheld``, ``dismissed``, or why nobody decides
    on it: ``late`` (after the day ``until``), ``confirmed``, ``moot``.
    """

    at: datetime
    what: str
    agency: str | None = None
    text: str | None = None
    score: int | None = None
    outcome: str | None = None
    until: date | None = None
    corrected: dict[str, Any] | None = None


class GapOut(BaseModel):
    """One thing that is missing: its code (what, where, evidence), and what exactly."""

    code: str
    words: str


class AsideOut(BaseModel):
    """Why nobody can act on the complaint: what is missing, or why it was archived."""

    missing: list[GapOut]
    complete_by: date | None
    reason: str | None
    words: str | None

    @classmethod
    def of(cls, aside: Aside) -> AsideOut:
        """Show what a coordinator said."""
        return cls(
            missing=[GapOut(code=code, words=words) for code, words in aside.missing],
            complete_by=aside.complete_by,
            reason=aside.reason,
            words=aside.words,
        )


class MainOut(BaseModel):
    """The report about the same matter that is handled for both: how far it is, what was answered.

    Nothing of what its reporter wrote.
    """

    tracking_number: str | None
    status: str
    since: datetime | None
    agency: str | None
    next_move: MoveOut | None
    answers: list[StepOut]

    @classmethod
    def of(cls, document: Document[Complaint]) -> MainOut:
        """Show a document to whose report follows it."""
        state = document.state
        return cls(
            tracking_number=state.tracking_number,
            status=state.status,
            since=state.changed_at,
            agency=state.agency,
            next_move=_move(state),
            answers=list(_answers(state)),
        )


class TrackedOut(BaseModel):
    """Where a complaint stands, for its reporter.

    ``as_of`` says, per stream, up to when this service has heard what the others did.
    """

    tracking_number: str
    revision: int
    status: str
    since: datetime | None
    agency: str | None
    next_move: MoveOut | None
    aside: AsideOut | None
    main: MainOut | None
    """The report that this one follows, where it was merged."""
    overdue: bool
    kind: str
    title: str
    text: str
    category: str | None
    area: str
    place: str | None
    point: Point | None
    answers: list[Answered]
    anonymous: bool
    confidential: bool
    reachable: bool
    attachments: list[AttachmentOut]
    received_at: datetime | None
    history: list[StepOut]
    as_of: dict[str, datetime]

    @classmethod
    def of(
        cls,
        document: Document[Complaint],
        as_of: dict[str, datetime],
        main: Document[Complaint] | None = None,
    ) -> TrackedOut:
        """Show a document, with the one that it follows."""
        state = document.state
        received = next(row for row in document.facts if row["type"] == ComplaintReceived.type)
        said = received["data"]
        return cls(
            tracking_number=said["tracking_number"],
            revision=document.revision,
            status=state.status,
            since=state.changed_at,
            agency=state.agency,
            next_move=_move(state),
            aside=AsideOut.of(state.aside) if state.aside else None,
            main=MainOut.of(main) if main else None,
            overdue=state.overdue,
            kind=said["kind"],
            title=said["title"],
            text=said["text"],
            category=said.get("category"),
            area=said["area"],
            place=said.get("place"),
            point=said.get("point"),
            answers=said.get("answers", []),
            anonymous=said["anonymous"],
            confidential=said["confidential"],
            reachable=state.sealed is not None,
            attachments=[AttachmentOut.of(each) for each in state.attachments],
            received_at=state.received_at,
            history=sorted(_steps(document), key=lambda step: step.at),
            as_of=as_of,
        )


def _move(state: Complaint) -> MoveOut | None:
    who = state.waits_for
    if who is None:
        return None
    return MoveOut(who=who, agency=state.agency if who == "agency" else None, by=state.due_on)


def _steps(document: Document[Complaint]) -> Iterator[StepOut]:
    for row in document.facts:
        said = _SAID.get(row["type"])
        data = row["data"] if said else {}
        corrected = {name: data[name] for name in CORRECTABLE if name in data}
        yield StepOut(
            at=datetime.fromisoformat(row["at"]),
            what=row["type"],
            agency=data.get("agency"),
            text=data.get(said) if said else None,
            score=data.get("score"),
            corrected=corrected or None,
        )
    yield from _answers(document.state)


def _answers(state: Complaint) -> Iterator[StepOut]:
    for answer in state.answers:
        yield StepOut(
            at=answer.at, what="response.given.v1", agency=answer.agency, text=answer.text
        )
    for ruling in document.state.rulings:
        yield StepOut(
            at=ruling.at,
            what=ruling.what,
            agency=ruling.agency,
            text=ruling.text,
            outcome=ruling.outcome,
            until=ruling.until,
        )
