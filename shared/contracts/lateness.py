"""What followup tells of dates: moved, lifted, passed, and why one that passed is excused."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from pydantic import AwareDatetime, Field

from shared.contracts.fact import Payload
from shared.contracts.vocabulary import AgencyCode
from shared.contracts.wording import ShortText, Word


class AppealMissed(Payload):
    """An objection was not decided by its date (putusan keberatan lewat tenggat)."""

    type: ClassVar[str] = "appeal.missed.v1"

    due_on: date
    agency: AgencyCode


class DeadlineExcused(Payload):
    """A date passed while a link was down: nobody is to blame for it (keterlambatan dimaklumi).

    The date stands and was missed, and the reporter has waited; figures of lateness leave it out.
    """

    type: ClassVar[str] = "deadline.excused.v1"

    clock: Word
    """``verify``, ``respond``, ``complete`` or ``appeal``."""
    due_on: date
    agency: AgencyCode | None = None
    link: ShortText
    """What was down, as it was declared: a node, a line, a service."""
    since: AwareDatetime
    until: AwareDatetime
    because: ShortText


class DueDateMoved(Payload):
    """A due date is another: the calendar was amended, or the clock stood still (bergeser)."""

    type: ClassVar[str] = "due_date.moved.v1"

    clock: Word
    was: date
    due_on: date
    because: Word
    """``calendar``; ``merged``: it followed another report meanwhile, and was separated; ``kind``:
    the case was opened before it was heard what the report asks for."""
    paused: int | None = Field(default=None, ge=1, le=100_000)
    """Working days for which the clock has stood still by now, where that is why."""
    agency: AgencyCode | None = None


class DueDateLifted(Payload):
    """A date that was told is none: what the report asks for has no such limit (batas gugur)."""

    type: ClassVar[str] = "due_date.lifted.v1"

    clock: Word
    was: date
    because: Word
    """``kind``: the case was opened before it was heard what the report asks for."""
    agency: AgencyCode | None = None
