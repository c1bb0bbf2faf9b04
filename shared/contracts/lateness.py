"""What followup tells of a date that passed: that of an objection, and why one is excused."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from pydantic import AwareDatetime

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
