"""What routing tells of a complaint that others follow, since they are about the same."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from shared.contracts.fact import Payload
from shared.contracts.wording import ReasonCode, Worded

ComplaintId = Annotated[
    str,
    Worded(
        pattern=r"^[\x22-\x7e]{1,200}$",
        sentence="A complaint is named by its id, as the queue shows it.",
    ),
]


class ComplaintJoined(Payload):
    """From now on others follow this complaint (laporan induk)."""

    type: ClassVar[str] = "complaint.joined.v1"

    first: ComplaintId
    """The one that was merged first."""


class MainProgressed(Payload):
    """The complaint that this one follows has moved on (perkembangan laporan induk)."""

    type: ClassVar[str] = "main.progressed.v1"

    main: ComplaintId
    stage: ReasonCode
    """``answered``, ``resolved`` or ``reopened``."""
    nth: int = Field(ge=1, le=10_000)
    """Counts what became of the other; what came between two looks is passed over."""
