"""Followup's view of facts, and what a case may be asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import ClassVar

from msgspec.structs import replace

from services.followup.domain.case import Case
from services.followup.domain.completing import completed
from services.followup.domain.contributing import asked, of_contribution
from services.followup.domain.correcting import CALENDAR, corrected, of_date
from services.followup.domain.decisions import DECISIONS, RETURNS, decided, returned
from services.followup.domain.declared import NOTHING, Declarations
from services.followup.domain.drafts import of_draft
from services.followup.domain.due import Due
from services.followup.domain.excusing import late_excuses, of_excuse, of_miss, with_excuses
from services.followup.domain.passing import cause_of, consequence, ran_out
from services.followup.domain.policy import Outage, Policies, Term
from services.followup.domain.reckoning import Reckoning
from services.followup.domain.reopening import dropped, objected, of_appeal, of_word, reopened
from services.followup.domain.reported import filed, of_reporter
from services.followup.domain.resting import roused
from services.followup.domain.turns import anew, stays
from services.followup.domain.units import of_unit
from shared.contracts import followup, intake, routing
from shared.contracts.appeal import ReporterAppealed
from shared.contracts.calendar import Calendar
from shared.contracts.fact import Fact, Payload, name_uuid
from shared.contracts.lateness import AppealMissed, DueDateMoved
from shared.contracts.vocabulary import Clock
from shared.runtime.document import Cause, Circumstances, Document, record

NOBODY: Mapping[str, datetime] = {}
"""Up to when others were heard where nothing may be said of anybody's silence."""


OWN = (of_reporter, of_draft, of_appeal, of_unit, of_excuse, of_contribution, of_date)
"""What each takes in its own part of a case."""


@dataclass(frozen=True)
class Cases:
    """Followup's view of facts; opens a case for every disposition."""

    calendar: Calendar
    policies: Policies
    declared: Declarations = NOTHING
    """Outages that excuse beside those of the policies."""

    stream: ClassVar[str] = "cases"
    schema: ClassVar[int] = 5
    """5: the clock to verify may have begun anew."""
    known: ClassVar[Mapping[str, type[Payload]]] = {
        **intake.FACTS,
        **routing.FACTS,
        **followup.FACTS,
    }

    @cached_property
    def reckoning(self) -> Reckoning:
        """What counts the dates."""
        return Reckoning(self.calendar, self.policies)

    def outages(self, now: datetime) -> Sequence[Outage]:
        """Give every outage that excuses at a moment."""
        return (*self.policies.outages, *self.declared.at(now))

    def begin(self, complaint: str) -> Case:
        """Give the state of a complaint of which nothing is known."""
        return Case(complaint=complaint)

    def lacks(self, state: Case, stream: str) -> bool:
        """Say whether a case lacks what a stream says when told again; a closed one may reopen."""
        return stream in state.lacks

    def complete(self, state: Case, stream: str, facts: Iterable[Fact]) -> Case:
        """Fill in what was not kept when these facts were heard."""
        return completed(state, stream, facts)

    def fold(self, state: Case, fact: Fact) -> Case:
        """Take in one fact; total, and independent of the order between streams."""
        match fact.data:
            case intake.ComplaintReceived() as said:
                return self.reckoning.started(filed(state, said))
            case said if isinstance(said, DECISIONS):
                return self.reckoning.started(decided(state, fact))
            case said if isinstance(said, RETURNS):
                return self.reckoning.started(returned(state, fact))
            case intake.ReporterReplied() | intake.ReporterRated() | ReporterAppealed():
                # what was closed in an older shape has yet to start the days to come back
                return self.reckoning.started(of_reporter(state, fact))
        for folds in OWN:
            state = folds(state, fact)
        return self._fold_own(state, fact)

    def _fold_own(self, state: Case, fact: Fact) -> Case:
        match fact.data:
            case followup.CaseOpened(agency=agency, turn=turn, respond_by=respond_by) as said:
                known = state.dues.get(Term.RESPOND) or Due(respond_by)
                if not state.turn:
                    known = replace(known, due_on=respond_by)
                policy = state.policy or said.policy
                state = state if stays(state, agency) else anew(state)
                state = replace(state, turn=turn, agency=agency, policy=policy)
                return state.with_due(Term.RESPOND, known)
            case followup.ResponseGiven(interim=interim):
                state = replace(
                    state,
                    stage="open" if interim else "answered",
                    responses=state.responses + 1,
                    responded_at=state.responded_at or fact.at,
                    answered_at=state.answered_at if interim else fact.at,
                    answer=state.answer if interim else fact.id,
                    closes_on=None,
                    escalated=None,
                    reopened_because=None,
                )
                return self.reckoning.started(state)
            case followup.DispositionDeclined():
                return replace(state, stage="declined")
            case followup.CaseResolved(how=how):
                at, ending = fact.at, fact.id
                ended = replace(state, stage="resolved", how=how, resolved_at=at, ending=ending)
                return self.reckoning.started(ended)
            case followup.CaseReopened() as said:
                return reopened(state, said, fact.at, self.calendar)
        return self._fold_clock(state, fact)

    def _fold_clock(self, state: Case, fact: Fact) -> Case:
        match fact.data:
            case followup.DeadlineMissed() | followup.CompletionMissed() | AppealMissed() as said:
                return of_miss(state, said)
            case followup.AppealFiled(decide_by=decide_by):
                days = self.reckoning.policy_of(state).appeal_days
                due = Due(decide_by, self.calendar.local_day(fact.at), days)
                missed = tuple(each for each in state.missed if each != Term.APPEAL)
                return replace(state, missed=missed).with_due(Term.APPEAL, due)
            case followup.CaseEscalated(level=level):
                return replace(state, missed=(*state.missed, level), escalated=level)
            case followup.ClosingAnnounced(closes_on=closes_on, rests=rests):
                return replace(state, closes_on=closes_on, closes_rest=rests or 0)
        return state

    def react(self, state: Case, fact: Fact, now: datetime) -> Iterable[Payload]:
        """Say what follows from a fact; a date that this shows to have passed may be excused."""
        return with_excuses(self._react(state, fact, now), self.outages(now), self.calendar)

    def _react(self, state: Case, fact: Fact, now: datetime) -> Iterable[Payload]:
        """Open a case for a disposition that has none yet; a later turn takes it over.

        What routing did too late says so itself: no clock need have looked in between. What the
        reporter says of an answer ends the work, or takes it up again.
        """
        by, at = state.due_on(Term.VERIFY), state.decided_at
        if by and at and at >= self.calendar.end_of(by) and not state.ran_out(Term.VERIFY):
            yield followup.DeadlineMissed(clock=Clock.VERIFY, due_on=by)
        match fact.data:
            case routing.ComplaintRouted(agency=agency, turn=turn) as said if turn > state.turn:
                yield from dropped(state, fact)
                yield followup.CaseOpened(
                    agency=agency,
                    turn=turn,
                    respond_by=state.due_on(Term.RESPOND) or self.calendar.local_day(now),
                    complete_by=state.due_on(Term.COMPLETE),
                    policy=self.reckoning.policy_of(state).version,
                )
                yield from asked(said)
            case intake.ComplaintReceived():
                yield from corrected(state)
            case routing.ComplaintUnmerged():
                yield from roused(state, fact.at, self.calendar)
            case intake.ReporterReplied() | intake.ReporterRated():
                yield from of_word(state, fact, now, self.calendar)
            case intake.ComplaintWithdrawn():
                yield from dropped(state, fact)
            case ReporterAppealed(about=about):
                days = self.reckoning.policy_of(state).appeal_days
                decide_by = self.calendar.after(self.calendar.local_day(now), days)
                yield from objected(state, about, fact.at, decide_by, self.calendar)

    def dirties(self, before: Case, after: Case) -> Iterable[str]:  # noqa: ARG002
        """Concern no other document."""
        return ()

    def tick(
        self,
        document: Document[Case],
        under: Circumstances,
        heard: Mapping[str, datetime] | None = None,
    ) -> Document[Case]:
        """Record every clock that has run out; told twice, it is recorded once.

        ``heard`` says up to when each stream was heard on whose silence a clock hangs; None
        where everything was. One that is held was not: what waits may end that silence.
        """
        if heard is not None:
            heard = {each: at for each, at in heard.items() if each not in document.held}
        for _ in Term:
            state = document.state
            found = ran_out(state, self.calendar, heard, under.now)
            if found is None:
                break
            policy, today = self.reckoning.policy_of(state), self.calendar.local_day(under.now)
            follows = consequence(state, *found, self.calendar, policy, today)
            cause = Cause(cause_of(state, *found), by="clock")
            made = with_excuses([follows], self.outages(under.now), self.calendar)
            document = record(self, document, made, cause, under)
        return document

    def fingerprint(self, now: datetime) -> str:
        """Name the calendar that dates are counted by, and the outages that excuse them."""
        named = self.calendar.fingerprint(now.year)
        outages = [each.model_dump_json() for each in self.outages(now)]
        return name_uuid(f"{named}/{sorted(outages)}") if outages else named

    def stale(self, document: Document[Case], now: datetime) -> bool:
        """Say whether a date is another by today's calendar, or is excused by now."""
        late = late_excuses(document.facts, self.outages(now), self.calendar)
        return any(self.reckoning.moves(document.state)) or any(late)

    def amend(
        self, document: Document[Case], fingerprint: str, under: Circumstances
    ) -> Document[Case]:
        """Count the open dates by today's calendar; one that moves is recorded with the old one.

        What passed while a link was down, as is known by now, is excused.
        """
        moved = [
            DueDateMoved(
                clock=clock, was=was, due_on=now, because=CALENDAR, agency=document.state.holder
            )
            for clock, was, now in self.reckoning.moves(document.state)
        ]
        # A calendar may come back to what it was, and a date move to and fro: the cause is this
        # amendment, after so many.
        before = sum(row["type"] == DueDateMoved.type for row in document.facts)
        cause = Cause(f"calendar/{fingerprint}/{before}", by="clock")
        document = record(self, document, moved, cause, under)
        for late in late_excuses(document.facts, self.outages(under.now), self.calendar):
            cause = Cause(f"outage/{late.clock}/{late.due_on}", by="clock")
            document = record(self, document, [late], cause, under)
        return document
