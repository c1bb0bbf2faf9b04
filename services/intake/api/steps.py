"""What citizens are shown of how a complaint goes on, their own or one that it follows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from services.intake.domain.complaint import Complaint
from services.intake.domain.heeding import on_its_way, unheeded
from services.intake.domain.present import told
from services.intake.domain.standing import Mover
from services.intake.domain.trail import Step
from services.intake.wording.telling import Teller
from shared.contracts import followup
from shared.contracts.appeal import ReporterAppealed
from shared.contracts.attachment import AttachmentRefused
from shared.contracts.fact import Row
from shared.contracts.intake import (
    ComplaintAmended,
    ComplaintWithdrawn,
    ReporterRated,
    ReporterReplied,
)
from shared.contracts.sequence import Happened, in_order
from shared.runtime.document import Document

_SAID = {
    ReporterReplied.type: "text",
    ComplaintAmended.type: "text",
    ComplaintWithdrawn.type: "reason",
    ReporterRated.type: "comment",
    ReporterAppealed.type: "text",
    AttachmentRefused.type: "words",
}
"""By fact type, the field with the reporter's own words, or why a file was not fetched."""
CORRECTABLE = ("area", "place", "point", "occurred_on")


class MoveOut(BaseModel):
    """Whose move it is, and in ``sentence`` what is to be done.

    ``coordinator``, ``agency``, ``reporter``, or while an objection waits ``leader``: one of the
    agency or of the region who had no part in the case.
    """

    who: Mover
    agency: str | None = None
    by: date | None = None
    sentence: str | None = None
    on_its_way: bool = False
    """What the reporter said last has reached nobody yet: ``who`` and ``by`` are from before it."""


class StepOut(BaseModel):
    """One thing that happened.

    ``text`` is what somebody wrote: the reporter, or an officer to the reporter, as in an answer,
    a ruling, or beside the end of a case. ``corrected`` are the fields that were put right by it;
    those of a verification are what a coordinator found other than its reporter had said by then.
    ``sentence`` says what it means, in the language asked for, with the names of agencies and
    areas; none only of what a newer release has told.
    ``until`` is the date that it named: to reply, to object, to decide by, when it closes. It may
    have been moved since; what holds now stands in the next move alone.
    ``outcome`` says what became of an objection: ``upheld``, ``dismissed``, or why nobody decides
    on it: ``late`` (after the day ``until``), ``confirmed``, ``moot``; of a file that is not
    fetched, the reason.
    """

    at: datetime
    what: str
    agency: str | None = None
    text: str | None = None
    score: int | None = None
    outcome: str | None = None
    until: date | None = None
    interim: bool = False
    """An answer after which work goes on (tanggapan sementara)."""
    corrected: dict[str, Any] | None = None
    sentence: str | None = None


class MainOut(BaseModel):
    """The report about the same matter that is handled for both: how far it is, what was answered.

    Nothing of what its reporter wrote; and no ``sentence``, which would say what that one can do.
    """

    tracking_number: str | None
    status: str
    since: datetime | None
    agency: str | None
    next_move: MoveOut | None
    answers: list[StepOut] = Field(description="What agencies answered to that report.")

    @classmethod
    def of(cls, document: Document[Complaint], today: date) -> MainOut:
        """Show a document to whose report follows it."""
        state = document.state
        return cls(
            tracking_number=state.tracking_number,
            status=state.status,
            since=state.changed_at,
            agency=state.agency,
            next_move=move_of(document, today),
            answers=list(_answers(state)),
        )


def move_of(
    document: Document[Complaint], today: date, tell: Teller | None = None
) -> MoveOut | None:
    """Say whose move it is, in a sentence to whose report it is; None where it is nobody's.

    So once the days to reopen are over, and after an erasure: nothing is taken from the reporter.
    """
    state = document.state
    who, by = state.waits_for, state.due_on
    passed = state.withdrawn_at is not None or (by is not None and by < today)
    unable = state.erased_at is not None or (state.status == "resolved" and passed)
    if who is None or (who == "reporter" and unable):
        return None
    agency = state.agency if who == "agency" else None
    if tell is None:
        return MoveOut(who=who, agency=agency, by=by)
    if on_its_way(document, today):
        said = tell.move("sent", state.status, agency=None, until=None)
        return MoveOut(who=who, agency=agency, by=by, sentence=said, on_its_way=True)
    said = tell.move(who, _stands(state, today), agency=agency, until=by)
    return MoveOut(who=who, agency=agency, by=by, sentence=said)


def _stands(state: Complaint, today: date) -> str:
    """Say for what the next move is worded: of what was closed, whether a reply would reopen it."""
    if state.status != "resolved":
        return state.status
    if unheeded(state, today):
        return "over"
    return "objected" if state.rateable and state.rateable[0] in state.appealed else state.status


def steps_of(document: Document[Complaint], tell: Teller) -> list[StepOut]:
    """Give what happened, in order: what its reporter did, and what others did and answered."""
    found = [(Happened.told(row), _own(row, tell)) for row in document.facts]
    found += _of_others(document, tell)
    for answer, shown in zip(document.state.answers, _answers(document.state, tell), strict=True):
        found.append((Happened(shown.at, shown.what, answer.pair), shown))
    return [shown for _, shown in in_order(found, lambda each: each[0])]


def _own(row: Row, tell: Teller) -> StepOut:
    """Show what the reporter did, or what became of a file."""
    said = _SAID.get(row["type"])
    data = row["data"] if said else {}
    corrected = {name: data[name] for name in CORRECTABLE if name in data}
    return StepOut(
        at=datetime.fromisoformat(row["at"]),
        what=row["type"],
        agency=data.get("agency"),
        text=data.get(said) if said else None,
        score=data.get("score"),
        outcome=data.get("reason") if row["type"] == AttachmentRefused.type else None,
        corrected=corrected or None,
        sentence=tell.step(
            row["type"], "corrected" if corrected else None, agency=data.get("agency")
        ),
    )


def _of_others(document: Document[Complaint], tell: Teller) -> Iterator[tuple[Happened, StepOut]]:
    for step in document.state.trail:
        until, corrected = step.until if step.until > date.min else None, _found(document, step)
        outcome = "corrected" if corrected else step.how or None
        shown = StepOut(
            at=step.at,
            what=step.what,
            agency=step.agency or None,
            text=step.text or None,
            until=until,
            corrected=corrected,
            sentence=tell.step(
                step.what, outcome, agency=step.agency, until=until, corrected=corrected
            ),
        )
        yield step.happened, shown
    for ruling in document.state.rulings:
        shown = StepOut(
            at=ruling.at,
            what=ruling.what,
            agency=ruling.agency,
            text=ruling.text,
            outcome=ruling.outcome,
            until=ruling.until,
            sentence=tell.step(
                ruling.what,
                "/".join(filter(None, (ruling.outcome, ruling.moot_by))),
                agency=ruling.agency,
                until=ruling.until,
            ),
        )
        yield Happened(ruling.at, ruling.what, ruling.pair), shown


def _found(document: Document[Complaint], step: Step) -> dict[str, str] | None:
    """Give what a coordinator found other than its reporter had said by then."""
    found = {name: now for name in ("category", "area") if (now := getattr(step, name))}
    if not found:
        return None
    said = told(document, step.at)._asdict()
    return {name: now for name, now in found.items() if now != said[name]} or None


def _answers(state: Complaint, tell: Teller | None = None) -> Iterator[StepOut]:
    for answer in state.answers:
        yield StepOut(
            at=answer.at,
            what=followup.ResponseGiven.type,
            agency=answer.agency,
            text=answer.text,
            until=answer.reply_by,
            interim=answer.interim,
            sentence=tell.step(
                followup.ResponseGiven.type,
                "interim" if answer.interim else None,
                agency=answer.agency,
                until=answer.reply_by,
            )
            if tell
            else None,
        )
