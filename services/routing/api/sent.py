"""What coordinators send."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.routing import (
    MOST_CONTRIBUTORS,
    MOST_MISSING,
    ArchiveReason,
    ComplaintRouted,
    ComplaintVerified,
    Gap,
    Missing,
)
from shared.contracts.vocabulary import AgencyCode, AreaCode, CategoryCode
from shared.contracts.wording import ShortWriting, Writing


class VerifyIn(BaseModel):
    """The complaint is complete and in order; category and area are put right if they are wrong."""

    model_config = ConfigDict(extra="forbid")

    category: CategoryCode | None = None
    area: AreaCode | None = None
    note: Writing | None = None

    def finding(self) -> ComplaintVerified:
        """Give what is found as the fact says it."""
        return ComplaintVerified(category=self.category, area=self.area, note=self.note)


class RouteIn(BaseModel):
    """The agency that must answer, and those that contribute to its one answer.

    ``words`` say why; they are needed where an agency has the complaint already.
    """

    model_config = ConfigDict(extra="forbid")

    agency: AgencyCode
    contributors: list[AgencyCode] = Field(default=[], max_length=MOST_CONTRIBUTORS)
    words: Writing | None = None

    def choice(self) -> ComplaintRouted:
        """Give what is chosen; which turn it is the history says."""
        others = tuple(self.contributors) or None
        return ComplaintRouted(agency=self.agency, turn=1, contributors=others, words=self.words)


class GapIn(BaseModel):
    """One thing that is missing; in words what exactly, as the reporter reads it."""

    model_config = ConfigDict(extra="forbid")

    code: Missing
    words: ShortWriting | None = None


class DeferIn(BaseModel):
    """What the reporter has to add."""

    model_config = ConfigDict(extra="forbid")

    missing: list[GapIn] = Field(min_length=1, max_length=MOST_MISSING)

    def gaps(self) -> list[Gap]:
        """Give what is missing as the fact says it."""
        return [Gap(code=gap.code, words=gap.words) for gap in self.missing]


class ArchiveIn(BaseModel):
    """Why the complaint is closed without an answer; ``words`` are for its reporter."""

    model_config = ConfigDict(extra="forbid")

    reason: ArchiveReason
    words: Writing | None = None


class RestoreIn(BaseModel):
    """Why an archived complaint has to be looked at again."""

    model_config = ConfigDict(extra="forbid")

    reason: Writing
