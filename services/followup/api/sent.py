"""What the officers of an agency send."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.followup import AppealDecided, CaseAssigned, ResponseGiven
from shared.contracts.vocabulary import AgencyCode
from shared.contracts.wording import Writing


class RespondIn(BaseModel):
    """What the agency answers the reporter; ``interim`` where work goes on after it."""

    model_config = ConfigDict(extra="forbid")

    text: Writing
    interim: bool = False

    def said(self, agency: str) -> ResponseGiven:
        """Give what the agency says."""
        return ResponseGiven(agency=agency, text=self.text, interim=self.interim)


class AssignIn(BaseModel):
    """To which unit of the agency a case goes, and what is asked of it."""

    model_config = ConfigDict(extra="forbid")

    unit: AgencyCode | None
    """Null takes it back from the unit that has it."""
    note: Writing | None = None

    def said(self, agency: str) -> CaseAssigned:
        """Give what the agency decides."""
        return CaseAssigned(agency=agency, unit=self.unit, note=self.note)


class DeclineIn(BaseModel):
    """Why this is not the agency's to answer."""

    model_config = ConfigDict(extra="forbid")

    reason: Writing


class ResolveIn(BaseModel):
    """With what the case is closed."""

    model_config = ConfigDict(extra="forbid")

    note: Writing | None = Field(
        default=None, description="What you say to the reporter at the end; the reporter reads it."
    )


class DecideIn(BaseModel):
    """What a senior decides on an objection, and why."""

    model_config = ConfigDict(extra="forbid")

    outcome: Literal["upheld", "dismissed"]
    reason: Writing

    def said(self, agency: str) -> AppealDecided:
        """Give what is decided."""
        return AppealDecided(agency=agency, outcome=self.outcome, reason=self.reason)


class ReturnIn(BaseModel):
    """What is wrong with a drafted answer."""

    model_config = ConfigDict(extra="forbid")

    reason: Writing
