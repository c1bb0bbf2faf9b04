"""What the officers of an agency send."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from shared.contracts.followup import ResponseGiven
from shared.contracts.intake import Text


class RespondIn(BaseModel):
    """What the agency answers the reporter; ``interim`` where work goes on after it."""

    model_config = ConfigDict(extra="forbid")

    text: Text
    interim: bool = False

    def said(self, agency: str) -> ResponseGiven:
        """Give what the agency says."""
        return ResponseGiven(agency=agency, text=self.text, interim=self.interim)


class DeclineIn(BaseModel):
    """Why this is not the agency's to answer."""

    model_config = ConfigDict(extra="forbid")

    reason: Text


class ResolveIn(BaseModel):
    """With what the case is closed."""

    model_config = ConfigDict(extra="forbid")

    note: Text | None = None


class ReturnIn(BaseModel):
    """What is wrong with a drafted answer."""

    model_config = ConfigDict(extra="forbid")

    reason: Text
