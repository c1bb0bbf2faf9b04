"""What followup tells of agencies that contribute to the answer of another."""

from __future__ import annotations

from typing import ClassVar

from shared.contracts.fact import Payload
from shared.contracts.routing import Turn
from shared.contracts.vocabulary import AgencyCode
from shared.contracts.wording import Text


class ContributionAsked(Payload):
    """An agency is asked to contribute to the one answer that another gives (dukungan)."""

    type: ClassVar[str] = "contribution.asked.v1"

    agency: AgencyCode
    turn: Turn
    lead: AgencyCode
    """The agency that answers the reporter, and on which the clocks run."""


class ContributionGiven(Payload):
    """An agency contributed (bahan jawaban): for the one that answers, not for the reporter."""

    type: ClassVar[str] = "contribution.given.v1"
    inner: ClassVar[str] = "text"

    agency: AgencyCode
    turn: Turn
    text: Text
