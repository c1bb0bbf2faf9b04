"""What citizens send and what they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from services.intake.domain.complaint import Complaint
from services.intake.domain.reporter import LONGEST_EMAIL, LONGEST_PHONE, email_of, phone_of
from services.intake.domain.standing import Aside
from shared.contracts.intake import (
    ComplaintReceived,
    Contact,
    ReporterReplied,
    ShortText,
    Submission,
    Text,
)
from shared.contracts.vocabulary import AgencyCode, AreaCode, CategoryCode, Kind
from shared.contracts.wording import Worded
from shared.runtime.document import Document

Name = Annotated[
    str,
    Worded(
        pattern=r"^[^\x00-\x1f\x7f]*$",
        sentence="Write the name in 1 to 100 characters, on one line.",
        shortest=1,
        longest=100,
        strip=True,
    ),
]
Email = Annotated[str, Field(max_length=LONGEST_EMAIL), AfterValidator(email_of)]
Phone = Annotated[str, Field(max_length=LONGEST_PHONE), AfterValidator(phone_of)]


class ReporterIn(BaseModel):
    """Who reports, and how to reach them (pelapor); told to nobody but the notification service."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    email: Email | None = None
    phone: Phone | None = None

    def contact(self) -> Contact | None:
        """Give what is to be sealed; None where nothing was said."""
        said = self.model_dump(exclude_none=True)
        return Contact(**said) if said else None


class ComplaintIn(BaseModel):
    """A report as a citizen hands it in."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind = Kind.COMPLAINT
    title: ShortText
    text: Text
    category: CategoryCode | None = None
    area: AreaCode
    place: ShortText | None = None
    occurred_on: date | None = None
    agency: AgencyCode | None = Field(default=None, description="The agency you mean, if you know.")
    anonymous: bool = Field(default=False, description="Hide me from the agency (anonim).")
    confidential: bool = Field(default=False, description="Hide the report (rahasia).")
    reporter: ReporterIn | None = None

    def draft(self) -> Submission:
        """Give the report without the reporter."""
        return Submission(reference="-", **self.model_dump(exclude={"reporter"}))

    def contact(self) -> Contact | None:
        """Give what is to be sealed."""
        return self.reporter.contact() if self.reporter else None


class FiledOut(BaseModel):
    """What the reporter keeps: number and PIN are all it takes to see the complaint again."""

    complaint: str
    tracking_number: str
    pin: str
    status: str
    revision: int


class ReplyIn(BaseModel):
    """What the reporter answers."""

    model_config = ConfigDict(extra="forbid")

    text: Text


class MoveOut(BaseModel):
    """Whose move it is: a coordinator's, an agency's, the reporter's."""

    who: str
    agency: str | None = None
    by: date | None = None


class StepOut(BaseModel):
    """One thing that happened."""

    at: datetime
    what: str
    agency: str | None = None
    text: str | None = None


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


class TrackedOut(BaseModel):
    """Where a complaint stands, for its reporter.

    ``as_of`` says, per stream, up to when this service has heard what the others did.
    """

    tracking_number: str
    revision: int
    status: str
    since: datetime | None
    agency: str | None
    next_move: MoveOut | None
    aside: AsideOut | None
    overdue: bool
    kind: str
    title: str
    text: str
    category: str | None
    area: str
    place: str | None
    anonymous: bool
    confidential: bool
    reachable: bool
    received_at: datetime | None
    history: list[StepOut]
    as_of: dict[str, datetime]

    @classmethod
    def of(cls, document: Document[Complaint], as_of: dict[str, datetime]) -> TrackedOut:
        """Show a document."""
        state = document.state
        received = next(row for row in document.facts if row["type"] == ComplaintReceived.type)
        said = received["data"]
        return cls(
            tracking_number=said["tracking_number"],
            revision=document.revision,
            status=state.status,
            since=state.changed_at,
            agency=state.agency,
            next_move=_move(state),
            aside=AsideOut.of(state.aside) if state.aside else None,
            overdue=state.overdue,
            kind=said["kind"],
            title=said["title"],
            text=said["text"],
            category=said.get("category"),
            area=said["area"],
            place=said.get("place"),
            anonymous=said["anonymous"],
            confidential=said["confidential"],
            reachable=state.sealed is not None,
            received_at=state.received_at,
            history=sorted(_steps(document), key=lambda step: step.at),
            as_of=as_of,
        )


def _move(state: Complaint) -> MoveOut | None:
    who = state.waits_for
    if who is None:
        return None
    return MoveOut(who=who, agency=state.agency if who == "agency" else None, by=state.due_on)


def _steps(document: Document[Complaint]) -> Iterator[StepOut]:
    for row in document.facts:
        text = row["data"].get("text") if row["type"] == ReporterReplied.type else None
        yield StepOut(at=datetime.fromisoformat(row["at"]), what=row["type"], text=text)
    for answer in document.state.answers:
        yield StepOut(
            at=answer.at, what="response.given.v1", agency=answer.agency, text=answer.text
        )
