"""What citizens are shown."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from services.intake.api.attached import AttachmentOut
from services.intake.api.steps import MainOut, MoveOut, StepOut, move_of, steps_of
from services.intake.domain.complaint import Complaint
from services.intake.domain.heeding import unheeded
from services.intake.domain.present import present
from services.intake.domain.words import Aside
from services.intake.wording.sentences import outside_words, unheeded_because
from services.intake.wording.telling import Teller
from shared.contracts.intake import (
    ComplaintReceived,
    ReporterErased,
)
from shared.contracts.vocabulary import Answered, Point
from shared.runtime.document import Document
from shared.runtime.timing import moment

PRESENT = "What counts by now stands in `present`."
DEFAULT = Teller()
"""Tells in Indonesian, without names."""


class FiledOut(BaseModel):
    """What the reporter keeps: number and PIN are all it takes to see the complaint again.

    ``long_pin`` is given where it could not be sent: it opens the report also while wrong PINs
    keep it closed. None for who left an address; there it is sent to who asks.
    """

    complaint: str
    tracking_number: str
    pin: str
    long_pin: str | None
    outside: str | None
    """Where the place lies outside this node: what becomes of the report, in a sentence."""
    status: str
    revision: int


class EnteredOut(BaseModel):
    """What is handed over the counter: ``slip`` is plain text to print, 48 columns wide."""

    complaint: str
    tracking_number: str
    pin: str
    long_pin: str | None
    outside: str | None
    """Where the place lies outside this node: what becomes of the report, in a sentence."""
    received_at: datetime
    slip: str


class PinAskedOut(BaseModel):
    """What everybody is told who asks for a PIN."""

    tracking_number: str
    detail: str


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


class PresentOut(BaseModel):
    """What a report is about and where, as it is handled: what a coordinator put right.

    What nobody put right is as the reporter said last.
    """

    category: str | None
    area: str


class TrackedOut(BaseModel):
    """Where a complaint stands, for its reporter.

    What was written stays as it was; ``present`` is what counts by now of category and area.
    ``as_of`` says, per stream, up to when this service has heard what the others did.
    """

    tracking_number: str
    revision: int
    status: str
    since: datetime | None
    agency: str | None
    next_move: MoveOut | None
    unheeded: str | None
    """Why a reply changes nothing any more, in a sentence; None where it does, or may."""
    outside: str | None
    """Where its place lies outside this node, until a coordinator has decided, in a sentence."""
    aside: AsideOut | None
    main: MainOut | None
    """The report that this one follows, where it was merged."""
    overdue: bool
    kind: str
    title: str
    text: str
    category: str | None = Field(description=f"What was chosen as it was reported. {PRESENT}")
    area: str = Field(description=f"Where it was said to be as it was reported. {PRESENT}")
    present: PresentOut
    place: str | None
    point: Point | None
    answers: list[Answered] = Field(
        exclude_if=lambda answers: not answers,
        description="What the reporter answered to the questions of the category; left out where "
        "nothing was. What agencies answered stands in `history`, as `response.given.v1`.",
    )
    continues: str | None
    """The report that this one goes on from, as was said when it was filed."""
    anonymous: bool
    confidential: bool
    reachable: bool
    attachments: list[AttachmentOut]
    files_awaited: int
    """Files that are still to be fetched from who handed the report in."""
    received_at: datetime | None
    history: list[StepOut]
    as_of: dict[str, datetime]

    @classmethod
    def of(
        cls,
        document: Document[Complaint],
        as_of: dict[str, datetime],
        today: date,
        main: Document[Complaint] | None = None,
        tell: Teller = DEFAULT,
        outside: tuple[str, str] | None = None,
    ) -> TrackedOut:
        """Show a document, with the one that it follows; ``today`` is the node's local day.

        ``outside`` names its place and the node's, where the one is to be said to lie outside.
        """
        state = document.state
        rows = (row["data"] for row in document.facts if row["type"] == ComplaintReceived.type)
        said = next(rows)
        named = ("category", "place", "point", "continues")
        optional: dict[str, Any] = {name: said.get(name) for name in named}
        return cls(
            tracking_number=said["tracking_number"],
            revision=document.revision,
            status=state.status,
            since=state.changed_at,
            agency=state.agency,
            next_move=move_of(document, today, tell),
            unheeded=_unheeded(state, today, tell.language),
            outside=outside_words(outside, tell.language),
            aside=AsideOut.of(state.aside) if state.aside else None,
            main=MainOut.of(main, today) if main else None,
            overdue=state.overdue,
            **{name: said[name] for name in ("kind", "title", "text")},
            **optional,
            area=said["area"],
            present=PresentOut(**present(document)._asdict()),
            answers=said.get("answers", []),
            anonymous=said["anonymous"],
            confidential=said["confidential"],
            reachable=state.sealed is not None and said["reachable"],
            attachments=[AttachmentOut.of(each) for each in state.attachments],
            files_awaited=len(state.promised),
            received_at=state.received_at,
            history=steps_of(document, tell),
            as_of=as_of,
        )


def _unheeded(state: Complaint, today: date, language: str) -> str | None:
    why = unheeded(state, today)
    return unheeded_because(*why, language) if why else None
