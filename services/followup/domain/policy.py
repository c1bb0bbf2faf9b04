"""How long each clock runs, from when to when (kebijakan tenggat): data, with versions.

Lengths are those that SP4N-LAPOR! and the service standards of agencies publish; the legal basis
is Permen PANRB 5/2025, before it 62/2018. What neither says is marked as ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from shared.contracts.vocabulary import AgencyCode, Kind
from shared.contracts.wording import ShortText, Worded

Version = Annotated[
    str,
    Worded(
        pattern=r"^[a-z0-9][a-z0-9.-]{0,39}$",
        sentence="A version is up to 40 small letters, digits, dots and dashes, such as 2026-1.",
    ),
]


class Term(StrEnum):
    """A clock of the policy (jangka waktu)."""

    VERIFY = "verify"
    """Verifikasi: until a coordinator has verified, or passed on."""
    RESPOND = "respond"
    """Tindak lanjut pertama: until the agency has answered at all."""
    COMPLETE = "complete"
    """Penyelesaian: until the case is done; by what the report asks for."""
    SUPERIOR = "superior"
    """Eskalasi kepada atasan: until an agency's leader is shown what nobody has followed up."""
    OVERSIGHT = "oversight"
    """Eskalasi kepada pengawas: until oversight is shown it as well."""
    NOTICE = "notice"
    """Until a silent reporter is told that the case will be closed."""
    REPLY = "reply"
    """Until a silent reporter's case is closed."""
    REOPEN = "reopen"
    """How long a reporter can take up a case again that was closed."""
    APPEAL = "appeal"
    """Putusan keberatan: until a senior has decided; its days are the policy's ``appeal_days``."""


class Matter(StrEnum):
    """What a report asks for, as far as its clocks care (klasifikasi laporan)."""

    COMPLAINT = "complaint"
    INSPECTION = "inspection"
    """A complaint that needs an inspection (berkadar pengawasan)."""
    INFORMATION_REQUEST = "information_request"
    ASPIRATION = "aspiration"

    @classmethod
    def of(cls, kind: Kind | None, *, inspection: bool) -> Matter:
        """Say what a report asks for; a complaint where nothing else is known."""
        if kind in (None, Kind.COMPLAINT):
            return cls.INSPECTION if inspection else cls.COMPLAINT
        return cls(kind)


class Moment(StrEnum):
    """What starts or stops a clock."""

    RECEIVED = "received"
    RETURNED = "returned"
    """Back in the queue unverified: completed, restored or separated; it is verified anew."""
    DECIDED = "decided"
    """Verified, routed, deferred, archived or merged, whichever was first."""
    DISPOSED = "disposed"
    """Verified or routed, whichever was first: from then on it is complete (lengkap)."""
    ROUTED = "routed"
    """First handed to an agency; a later one changes nothing, since clocks never restart."""
    RESPONDED = "responded"
    ANSWERED = "answered"
    """The last final response."""
    REPLIED = "replied"
    RESOLVED = "resolved"


class Limit(BaseModel):
    """One clock for one matter: how many working days, from when, to when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    clock: Term
    days: int = Field(ge=1, le=366)
    start: Moment
    stop: Moment
    matter: Matter | None = None
    """None stands for every matter that has no limit of its own."""


class Policy(BaseModel):
    """One version of the lengths; complaints received from ``since`` on are born under it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Version
    since: date
    limits: tuple[Limit, ...] = Field(max_length=100)
    appeal_days: int = Field(default=30, ge=1, le=366)
    """Working days in which a senior decides on an objection (keberatan).

    UU 14/2008 says thirty of requests for information; for all others they are ours.
    """
    approval: tuple[AgencyCode, ...] = Field(default=(), max_length=1000)
    """Agencies whose leader approves every answer before it is told (persetujuan pimpinan).

    It binds from ``since`` on, whenever the complaint was received: no date hangs on it.
    """

    @model_validator(mode="after")
    def _check(self) -> Self:
        if len({(limit.clock, limit.matter) for limit in self.limits}) < len(self.limits):
            raise ValueError(f"version {self.version} names a clock twice for one matter")
        if any(limit.clock is Term.APPEAL for limit in self.limits):
            raise ValueError("how long an objection waits stands in appeal_days")
        for clock, (starts, stops) in _UNDERSTOOD.items():
            for limit in self.limits:
                if limit.clock == clock and (limit.start, limit.stop) != (starts, stops):
                    raise ValueError(f"the clock {clock} runs from {starts} to {stops}")
            if clock not in _OPTIONAL and self.limit(clock, Matter.COMPLAINT) is None:
                raise ValueError(f"version {self.version} does not say how long {clock} runs")
        for matter in Matter:
            notice, reply = (self.limit(each, matter) for each in (Term.NOTICE, Term.REPLY))
            if notice and reply and notice.days >= reply.days:
                raise ValueError("the notice of a closing comes before the closing")
        return self

    def limit(self, clock: Term, matter: Matter) -> Limit | None:
        """Find the limit of a clock for a matter; None where it has none."""
        return self.of(matter).get(clock)

    def of(self, matter: Matter) -> Mapping[Term, Limit]:
        """Give the limit of each clock that a matter has one for."""
        return self._found[matter]

    @cached_property
    def _found(self) -> Mapping[Matter, Mapping[Term, Limit]]:
        """Give every answer: each fact of a case asks for all of one matter."""
        named = {(limit.clock, limit.matter): limit for limit in self.limits}
        return {
            matter: {
                clock: limit
                for clock in Term
                if (limit := named.get((clock, matter)) or named.get((clock, None)))
            }
            for matter in Matter
        }


_UNDERSTOOD = {
    Term.VERIFY: (Moment.RECEIVED, Moment.DECIDED),
    Term.RESPOND: (Moment.ROUTED, Moment.RESPONDED),
    Term.COMPLETE: (Moment.DISPOSED, Moment.RESOLVED),
    Term.SUPERIOR: (Moment.ROUTED, Moment.RESPONDED),
    Term.OVERSIGHT: (Moment.ROUTED, Moment.RESPONDED),
    Term.NOTICE: (Moment.ANSWERED, Moment.REPLIED),
    Term.REPLY: (Moment.ANSWERED, Moment.REPLIED),
    Term.REOPEN: (Moment.RESOLVED, Moment.REPLIED),
}
"""Between which moments the case can run each clock."""
LADDER = (Term.SUPERIOR, Term.OVERSIGHT)
"""Before whom a case without any follow-up is brought, one after the other."""
_OPTIONAL = (Term.COMPLETE, *LADDER)


MOST_OUTAGES = 1000


class Outage(BaseModel):
    """When a link was down: what fell due meanwhile was missed by nobody's fault (gangguan)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    link: ShortText
    since: AwareDatetime
    until: AwareDatetime
    because: ShortText
    agencies: tuple[AgencyCode, ...] = Field(default=(), max_length=1000)
    """Whom it cut off; where none is named, everybody."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.until <= self.since:
            raise ValueError(f"the outage of {self.link} ends before it begins")
        return self

    def excuses(self, agency: str | None, passed: datetime) -> bool:
        """Say whether it ran when a date of an agency passed."""
        return self.since <= passed <= self.until and (not self.agencies or agency in self.agencies)


class Policies(BaseModel):
    """Every version there was, the oldest first: a complaint keeps the one it was born under."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    versions: tuple[Policy, ...] = Field(min_length=1, max_length=100)
    outages: tuple[Outage, ...] = Field(default=(), max_length=MOST_OUTAGES)
    """Declared once they are over, and kept; one that is taken out excuses nothing any more."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        for before, after in pairwise(self.versions):
            if after.since <= before.since:
                raise ValueError(f"version {after.version} does not begin after {before.version}")
        if len({each.version for each in self.versions}) < len(self.versions):
            raise ValueError("two versions have one name")
        return self

    def on(self, day: date) -> Policy:
        """Give the version in force on a day; the oldest one for what came before it."""
        held = [each for each in self.versions if each.since <= day]
        return held[-1] if held else self.versions[0]


def _limits() -> Iterator[Limit]:
    days: dict[tuple[Term, Matter | None], int] = {
        (Term.VERIFY, None): 3,
        (Term.RESPOND, None): 5,
        (Term.COMPLETE, Matter.INFORMATION_REQUEST): 5,
        (Term.COMPLETE, Matter.COMPLAINT): 14,
        (Term.COMPLETE, Matter.INSPECTION): 60,
        (Term.SUPERIOR, None): 20,  # about 30 days, as PANRB said in 2016
        (Term.OVERSIGHT, None): 42,  # about 60 days
        (Term.NOTICE, None): 7,  # ours: three working days are left to answer
        (Term.REPLY, None): 10,
        (Term.REOPEN, None): 10,  # ours
    }
    for (clock, matter), length in days.items():
        start, stop = _UNDERSTOOD[clock]
        yield Limit(clock=clock, days=length, start=start, stop=stop, matter=matter)


DEFAULT = Policies(
    versions=(Policy(version="sp4n-1", since=date(2018, 1, 1), limits=tuple(_limits())),)
)
"""What holds where no file says otherwise. An aspiration has no completion limit."""
