"""The agency's obligation to one complaint: where it stands, and which clocks run on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from msgspec import Struct, field
from msgspec.structs import replace

from services.followup.domain.contributing import Contribution
from services.followup.domain.due import Due, Excuse
from services.followup.domain.policy import LADDER, Matter, Term
from services.followup.domain.stages import DESKS, Rest, Stage
from services.followup.domain.words import Draft, Words, Written
from shared.contracts.fact import Pair
from shared.contracts.vocabulary import Kind


class Case(Struct, frozen=True, omit_defaults=True):
    """Where the answer to a complaint stands (tindak lanjut).

    ``turn`` is that of the disposition the case was opened for. ``dues`` has every clock that was
    started, by name; one that ran out is in ``missed`` and does not run again; clocks never
    restart on re-routing.
    """

    complaint: str = ""
    received_at: datetime | None = None
    tracking_number: str | None = None
    title: str | None = None
    text: str | None = None
    anonymous: bool = False
    confidential: bool = False
    kind: Kind | None = None
    inspection: bool = False
    """Whether it needs an inspection (berkadar pengawasan)."""
    decided_at: datetime | None = None
    """When routing first decided anything since it lies in the queue: in time, or too late."""
    returned_at: datetime | None = None
    """When it came back to the queue unverified, last; None where it never did."""
    disposed_at: datetime | None = None
    """When routing first verified or routed it."""
    routed_at: datetime | None = None
    routed_because: Words | None = None
    """Why it came from another agency (alasan pengalihan)."""
    erased: tuple[Pair, ...] = ()
    """Facts of routing that an erasure named: heard after it, one may still have the words."""
    erased_at: datetime | None = None
    """When the reporter was first erased: from then on what officers wrote is looked through."""
    archived: bool = False
    turn: int = 0
    agency: str | None = None
    policy: str | None = None
    """The version of the policy it was born under, as it was told."""
    stage: Stage = "none"
    responded_at: datetime | None = None
    """The first response, interim or final."""
    answered_at: datetime | None = None
    """The last final response."""
    answer: str | None = None
    """Id of the last final response, while it stands: the reporter can accept or reject it."""
    draft: Draft | None = None
    returned_because: str | None = None
    """Why the leader sent the last draft back, until there is another or an answer."""
    unit: str | None = None
    """The unit of the agency that works on it; None while none does."""
    asked_of_unit: str | None = None
    """What that unit is asked for."""
    complete_by: date | None = None
    """By when it is to be done, as others were told last."""
    closes_on: date | None = None
    """Announced to a silent reporter: with this date the case ends."""
    closes_rest: int = 0
    """How often it had been merged when that was announced."""
    resolved_at: datetime | None = None
    how: str | None = None
    """How the last resolution came about."""
    ending: str | None = None
    """Id of that resolution."""
    appeal: date | None = None
    """By when a senior decides on the reporter's objection; None where none waits."""
    appeal_text: str | None = None
    appeal_outcome: str | None = None
    beside: tuple[Contribution, ...] = ()
    """Agencies that contribute to the answer, and what each has given."""
    responses: int = 0
    replies: int = 0
    reopenings: int = 0
    reopened_because: str | None = None
    withdrawn: bool = False
    """The reporter took it back: no clock runs and it lies on no desk, whatever its stage."""
    area: str | None = None
    """Where it was last said to be; None of what was received before this was kept."""
    area_found: bool = False
    """A coordinator put it right: what the reporter corrects later changes it no more."""
    merged: bool = False
    """It follows another complaint: no clock runs and it lies on no desk, until it is separated."""
    merged_at: datetime | None = None
    """When it was merged last."""
    rests: int = 0
    """How often it was merged."""
    point: tuple[float, float] | None = None
    """Latitude and longitude, in degrees."""
    answers: tuple[tuple[str, str], ...] = ()
    """Question and answer."""
    amendments: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    replied: tuple[Written, ...] = ()
    """The newest of the replies, oldest first."""
    category: str | None = None
    category_found: bool = False
    """A coordinator put it right."""
    spot: str | None = None
    """The place in the reporter's words."""
    occurred_on: date | None = None
    continues: str | None = None
    """Number of the report that it goes on from, in the reporter's word."""
    missed: tuple[str, ...] = ()
    unverified_on: date | None = None
    """The date to verify that was missed last: of a report that came back there is another."""
    excuses: Mapping[str, Excuse] = field(default_factory=dict)
    """By clock, of those that were missed."""
    escalated: str | None = None
    """Before whom it was brought since nobody followed it up; None once somebody has."""
    dues: Mapping[str, Due] = field(default_factory=dict)
    lacks: tuple[str, ...] = ()
    """Streams of which a release before kept less: told again, they fill it in."""

    @property
    def matter(self) -> Matter:
        """Say what the report asks for, as far as its clocks care."""
        return Matter.of(self.kind, inspection=self.inspection)

    @property
    def holder(self) -> str | None:
        """Name the agency that has it; None while it lies with the coordinator."""
        return None if self.stage == "declined" else self.agency

    @property
    def due_first(self) -> date | None:
        """Give the date of what the agency owes next: a first response, then the completion."""
        if self.responded_at is None or Term.COMPLETE not in self.dues:
            return self.due_on(Term.RESPOND)
        return self.due_on(Term.COMPLETE)

    @property
    def overdue(self) -> bool:
        """Say whether a date has passed by which the agency was to respond, or to be done."""
        return Term.RESPOND in self.missed or Term.COMPLETE in self.missed

    @property
    def closing(self) -> date | None:
        """Give the announced end; None once it was merged: its reporter could not answer."""
        return self.closes_on if self.closes_rest == self.rests else None

    @property
    def rest(self) -> Rest | None:
        """Say why nobody waits for it; None where somebody may."""
        return "withdrawn" if self.withdrawn else "merged" if self.merged else None

    @property
    def place(self) -> str | None:
        """Name its place on the agency's desk, by what is due first; None where it lies on none."""
        if self.agency is None or self.rest or self.stage not in DESKS:
            return None
        return f"{self.agency}/{self.stage}/{self.due_first}/{self.complaint}"

    @property
    def unit_place(self) -> str | None:
        """Name its place on the desk of a unit of the agency; None where it lies on none."""
        if self.unit is None or self.place is None:
            return None
        return f"{self.agency}/{self.unit}/{self.stage}/{self.due_first}/{self.complaint}"

    @property
    def rung(self) -> str | None:
        """Name its place before oversight, the longest waiting first; None where it is not."""
        if self.escalated is None or self.rest:
            return None
        return f"{self.escalated}/{self.due_on(Term.RESPOND)}/{self.complaint}"

    @property
    def rung_of(self) -> str | None:
        """Name its place before the leader of its agency."""
        if self.escalated is None or self.holder is None or self.rest:
            return None
        return f"{self.holder}/{self.due_on(Term.RESPOND)}/{self.complaint}"

    @property
    def approval(self) -> str | None:
        """Name its place before the leader who approves answers; None where no draft waits."""
        if self.draft is None or self.place is None:
            return None
        return f"{self.agency}/{self.due_first}/{self.complaint}"

    @property
    def appeal_place(self) -> str | None:
        """Name its place before whoever decides on objections, the one due first at the top."""
        return f"{self.appeal}/{self.complaint}" if self.appeal else None

    @property
    def closable(self) -> bool:
        """Say whether its agency may close it: answered, or nothing but written to after that.

        A reporter who only wrote back, to say thank you perhaps, is not owed another answer.
        """
        return self.stage == "answered" or (self.stage, self.reopened_because) == ("open", "reply")

    def due_on(self, clock: Term) -> date | None:
        """Give the date on which a clock runs out; None where it was never started."""
        return due.due_on if (due := self.dues.get(clock)) else None

    def ran_out(self, clock: Term) -> bool:
        """Say whether a clock has run out on the date that it has now."""
        if clock is Term.VERIFY and self.returned_at is not None:
            return self.unverified_on is not None and self.unverified_on == self.due_on(clock)
        return clock in self.missed

    def with_due(self, clock: Term, due: Due) -> Case:
        """Set a clock."""
        return replace(self, dues={**self.dues, clock.value: due})

    def runs(self, clock: Term) -> bool:
        """Say whether a clock that was started still runs."""
        return clock in self._ticking()

    def _ticking(self) -> list[Term]:
        # Nobody is silent who is about to be written to.
        answered = self.stage == "answered" and self.draft is None
        unanswered = self.stage in ("open", "declined") and self.responded_at is None
        runs = {
            Term.VERIFY: self.decided_at is None,
            Term.RESPOND: self.stage == "open" and self.responded_at is None,
            Term.COMPLETE: self.stage != "resolved" and not self.archived,
            **dict.fromkeys(LADDER, unanswered and not self.archived),
            Term.NOTICE: answered and self.closing is None,
            Term.REPLY: answered and self.closing is not None,
            Term.APPEAL: self.appeal is not None,
        }
        # nothing happens when the chance to reopen runs out
        runs = {} if self.rest else runs
        return [clock for clock, ticks in runs.items() if ticks and not self.ran_out(clock)]

    def running(self) -> Iterable[tuple[Term, date]]:
        """Give the clocks that run, each with the date on which it runs out."""
        for clock in self._ticking():
            if (due := self.dues.get(clock)) is not None:
                closes = self.closing if clock is Term.REPLY else None
                yield clock, closes or due.due_on
