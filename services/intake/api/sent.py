"""What citizens send."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from services.intake.domain.acts import Rating
from services.intake.domain.counter import MOST_DAYS
from services.intake.domain.reporter import (
    LONGEST_EMAIL,
    LONGEST_PHONE,
    email_of,
    number_of,
    phone_of,
)
from shared.contracts.fact import Pair, Redaction
from shared.contracts.intake import ComplaintAmended, Contact, ReporterErased, Submission
from shared.contracts.vocabulary import (
    MOST_QUESTIONS,
    AgencyCode,
    Answer,
    AreaCode,
    CategoryCode,
    Channel,
    ErasureReason,
    Kind,
    Medium,
    Point,
    QuestionCode,
    Reference,
    Score,
)
from shared.contracts.wording import Explained, ShortWriting, Worded, Writing, visible

Name = Annotated[
    str,
    Worded(
        pattern=r"^[^\x00-\x1f\x7f]*$",
        sentence="Write the name in 1 to 100 characters, on one line.",
        shortest=1,
        longest=100,
        strip=True,
    ),
    AfterValidator(visible),
]
Email = Annotated[str, Field(max_length=LONGEST_EMAIL), AfterValidator(email_of)]
Phone = Annotated[str, Field(max_length=LONGEST_PHONE), AfterValidator(phone_of)]
TypedNumber = Annotated[str, Field(max_length=40), AfterValidator(number_of)]


class PointIn(Point):
    """Where on the map it is; kept to about eleven metres."""

    model_config = ConfigDict(extra="forbid")


class ReporterIn(BaseModel):
    """Who reports, and how to reach them (pelapor); told to nobody but the notification service."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    email: Email | None = None
    phone: Phone | None = None
    language: Literal["id", "en"] | None = Field(
        default=None, description="In which language notices are written; left out: in both."
    )

    def contact(self) -> Contact | None:
        """Give what is to be sealed; None where nothing was said but a language."""
        said = self.model_dump(exclude_none=True)
        return Contact(**said) if said.keys() - {"language"} else None


class ComplaintIn(BaseModel):
    """A report as a citizen hands it in."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind = Kind.COMPLAINT
    title: ShortWriting
    text: Writing = Field(
        description="A report has 8 KB in all. Letters of other scripts than this take two to four "
        "bytes each, so that a long text of them comes to that before it has 5,000 characters."
    )
    category: CategoryCode | None = None
    area: AreaCode
    place: ShortWriting | None = None
    point: PointIn | None = None
    occurred_on: date | None = None
    agency: AgencyCode | None = Field(default=None, description="The agency you mean, if you know.")
    anonymous: bool = Field(default=False, description="Hide me from the agency (anonim).")
    confidential: bool = Field(default=False, description="Hide the report (rahasia).")
    answers: dict[QuestionCode, Answer] | None = Field(
        default=None,
        max_length=MOST_QUESTIONS,
        description="By code, answers to the category's questions; /api/v1/categories lists them.",
    )
    continues: TypedNumber | None = Field(
        default=None,
        description="The tracking number of an earlier report that this one goes on from, where "
        "that one takes no more. Whoever handles this one reads it; whether there is such a report "
        "nobody is told, and it opens nothing.",
    )
    reporter: ReporterIn | None = None

    def draft(self) -> Submission:
        """Give the report without the reporter."""
        own = {"reporter", "channel", "received_on"}
        return Submission(reference="-", **self.model_dump(exclude=own))

    def contact(self) -> Contact | None:
        """Give what is to be sealed."""
        return self.reporter.contact() if self.reporter else None


class EnterIn(ComplaintIn):
    """A report as a clerk takes it down, with the day on which it really came."""

    channel: Literal[
        Channel.WALK_IN,
        Channel.LETTER,
        Channel.PHONE,
        Medium.SMS,
        Medium.CHAT,
        Medium.EMAIL,
        Medium.SOCIAL,
    ] = Field(
        description="How it came; a letter is also what lay in the complaint box, chat is WhatsApp "
        "and its like, social what was posted in public."
    )
    received_on: date | None = Field(
        default=None,
        description=f"The local day it came, at most {MOST_DAYS} days back; left out: today.",
    )


class NamingIn(BaseModel):
    """Where an officer wrote of the reporter: stream, pair and field of a fact."""

    model_config = ConfigDict(extra="forbid")

    stream: str = Field(max_length=40)
    pair: Annotated[
        list[Annotated[int, Field(ge=0, le=2**53)]],
        Field(min_length=2, max_length=2),
        Explained("Give the pair as it is listed: two whole numbers, such as [0, 3]."),
    ]
    field: str = Field(max_length=40)


class EraseIn(BaseModel):
    """Why the reporter's data is destroyed, and who else's words name the person."""

    model_config = ConfigDict(extra="forbid")

    reason: ErasureReason
    letter: Reference | None = Field(
        default=None,
        description="Under which number it is filed that the reason is so; needed unless it is "
        "`retention`.",
    )
    also: list[NamingIn] = Field(
        default=[],
        max_length=50,
        description="Words of officers that are to be blanked; the reporter's own are anyway.",
    )

    def said(self) -> ReporterErased:
        """Give it as it will be told."""
        also = tuple(
            Redaction(stream=each.stream, pair=Pair(*each.pair), field=each.field)
            for each in self.also
        )
        return ReporterErased(redactions=also, reason=self.reason, letter=self.letter)


class ReplyIn(BaseModel):
    """What the reporter answers."""

    model_config = ConfigDict(extra="forbid")

    text: Writing


class AmendIn(BaseModel):
    """What the reporter adds; and fields of the report that were wrong, as they should be."""

    model_config = ConfigDict(extra="forbid")

    text: Writing
    area: AreaCode | None = None
    place: ShortWriting | None = None
    point: PointIn | None = None
    occurred_on: date | None = None

    def said(self) -> ComplaintAmended:
        """Give it as it will be told."""
        return ComplaintAmended(**self.model_dump())


class RateIn(BaseModel):
    """How content the reporter is with the newest answer, and why."""

    model_config = ConfigDict(extra="forbid", strict=True)

    score: Score = Field(description="1 not at all, 5 entirely.")
    comment: ShortWriting | None = None
    solved: bool | None = Field(
        default=None,
        description="Whether it is done: true ends the case, false takes it up again.",
    )

    def said(self) -> Rating:
        """Give what is said of the answer."""
        return Rating(self.score, self.comment, self.solved)


class WithdrawIn(BaseModel):
    """Why the report is taken back, if the reporter wants to say."""

    model_config = ConfigDict(extra="forbid")

    reason: ShortWriting | None = None
