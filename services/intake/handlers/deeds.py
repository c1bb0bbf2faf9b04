"""What a reporter does with a report that was filed, as the handlers have it judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from services.intake.domain.complaint import Complaint, Complaints
from shared.runtime.document import Cause, Circumstances, Document, Refused

Said = TypeVar("Said")


@dataclass(frozen=True, slots=True)
class Deed(Generic[Said]):
    """What its reporter does with a report: what is said, and how the domain judges it.

    ``made`` and ``says`` are the fact's type and those fields of it that the reporter decides.
    """

    made: str
    says: Mapping[str, object]
    decide: Callable[
        [Complaints, Document[Complaint], Said, Cause, Circumstances], Document[Complaint]
    ]
    said: Said
    wrong: Refused | None = None
    """Why it cannot be, unless it is done already."""
