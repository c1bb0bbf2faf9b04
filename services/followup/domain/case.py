"""The agency's obligation to one complaint, and the clocks that run on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from services.followup.domain.policy import Policy
from shared.contracts import followup, intake, routing
from shared.contracts.calendar import Calendar
from shared.contracts.fact import Fact, Payload
from shared.contracts.vocabulary import Clock
from shared.runtime.document import Cause, Circumstances, Document, Refused, record

DESKS = ("open", "answered")
"""The stages in which a case waits for its agency."""
DECISIONS = (
    routing.ComplaintVerified,
    routing.ComplaintRouted,
    routing.ComplaintDeferred,
    routing.ComplaintArchived,
)
"""What stops the clock that runs on routing."""
NEVER = datetime.min.replace(tzinfo=UTC)
"""Up to when routing was heard where nothing may be said of its silence."""


class Case(Struct, frozen=True, omit_defaults=True):
    """Where the answer to a complaint stands (tindak lanjut).

    ``turn`` is that of the disposition the case was opened for. A clock that ran out is in
    ``missed`` and does not run again; clocks never restart on re-routing.
    """

    complaint: str = ""
    received_at: datetime | None = None
    tracking_number: str | None = None
    title: str | None = None
    text: str | None = None
    anonymous: bool = False
    confidential: bool = False
    verify_by: date | None = None
    disposed_at: datetime | None = None
    """When routing first decided anything: after ``verify_by`` was over, it was too late."""
    turn: int = 0
    agency: str | None = None
    respond_by: date | None = None
    stage: str = "none"
    """``none``, ``open``, ``answered``, ``declined`` or ``resolved``."""
    responses: int = 0
    replies: int = 0
    missed: tuple[str, ...] = ()

    @property
    def place(self) -> str | None:
        """Name its place on the agency's desk, by what is due first; None where it lies on none."""
        if self.agency is None or self.stage not in DESKS:
            return None
        return f"{self.agency}/{self.stage}/{self.respond_by}/{self.complaint}"

    def running(self) -> Iterable[tuple[Clock, date]]:
        """Give the clocks that run, each with the date it is due."""
        if self.verify_by and not self.disposed_at and Clock.VERIFY not in self.missed:
            yield Clock.VERIFY, self.verify_by
        if self.respond_by and self.stage == "open" and Clock.RESPOND not in self.missed:
            yield Clock.RESPOND, self.respond_by


@dataclass(frozen=True, slots=True)
class Cases:
    """Followup's view of facts; opens a case for every disposition."""

    calendar: Calendar
    policy: Policy

    stream: ClassVar[str] = "cases"
    schema: ClassVar[int] = 1
    known: ClassVar[Mapping[str, type[Payload]]] = {
        **intake.FACTS,
        **routing.FACTS,
        **followup.FACTS,
    }

    def begin(self, complaint: str) -> Case:
        """Give the state of a complaint of which nothing is known."""
        return Case(complaint=complaint)

    def fold(self, state: Case, fact: Fact) -> Case:  # noqa: PLR0911
        """Take in one fact; total, and independent of the order between streams."""
        match fact.data:
            case intake.ComplaintReceived() as said:
                local = self.calendar.local_day(said.received_at)
                return replace(
                    state,
                    received_at=said.received_at,
                    tracking_number=said.tracking_number,
                    title=said.title,
                    text=said.text,
                    anonymous=said.anonymous,
                    confidential=said.confidential,
                    verify_by=self.calendar.after(local, self.policy.verify),
                )
            case intake.ReporterReplied():
                return replace(state, replies=state.replies + 1)
            case intake.ReporterErased():
                return replace(state, title=None, text=None)
            case decided if isinstance(decided, DECISIONS):
                return replace(state, disposed_at=min(state.disposed_at or fact.at, fact.at))
            case followup.CaseOpened(agency=agency, turn=turn, respond_by=respond_by):
                return replace(
                    state,
                    turn=turn,
                    agency=agency,
                    stage="open",
                    respond_by=state.respond_by or respond_by,
                )
            case followup.ResponseGiven():
                return replace(state, stage="answered", responses=state.responses + 1)
            case followup.DispositionDeclined():
                return replace(state, stage="declined")
            case followup.DeadlineMissed(clock=clock):
                return replace(state, missed=(*state.missed, clock))
            case followup.CaseResolved():
                return replace(state, stage="resolved")
        return state

    def react(self, state: Case, fact: Fact, now: datetime) -> Iterable[Payload]:
        """Open a case for a disposition that has none yet; a later turn takes it over.

        What routing did too late says so itself: no clock need have looked in between.
        """
        by, at = state.verify_by, state.disposed_at
        if by and at and at >= self.calendar.end_of(by) and Clock.VERIFY not in state.missed:
            yield followup.DeadlineMissed(clock=Clock.VERIFY, due_on=by)
        match fact.data:
            case routing.ComplaintRouted(agency=agency, turn=turn) if turn > state.turn:
                today = self.calendar.local_day(now)
                respond_by = state.respond_by or self.calendar.after(today, self.policy.respond)
                yield followup.CaseOpened(agency=agency, turn=turn, respond_by=respond_by)

    def dirties(self, before: Case, after: Case) -> Iterable[str]:  # noqa: ARG002
        """Concern no other document."""
        return ()

    def respond(
        self, document: Document[Case], agency: str, text: str, request: Cause, under: Circumstances
    ) -> Document[Case]:
        """Answer the reporter (tanggapan); what comes too late is recorded as missed first."""
        _answerable(document, agency, "open", "answered")
        document = self.tick(document, under, NEVER)
        payload = followup.ResponseGiven(agency=agency, text=text)
        return record(self, document, [payload], request, under)

    def decline(
        self,
        document: Document[Case],
        agency: str,
        reason: str,
        request: Cause,
        under: Circumstances,
    ) -> Document[Case]:
        """Send the complaint back to routing: not this agency's competence (bukan wewenang).

        One that comes too late was missed first: the next agency is not to blame.
        """
        _answerable(document, agency, "open")
        document = self.tick(document, under, NEVER)
        payload = followup.DispositionDeclined(
            agency=agency, turn=document.state.turn, reason=reason
        )
        return record(self, document, [payload], request, under)

    def resolve(
        self,
        document: Document[Case],
        agency: str,
        note: str | None,
        request: Cause,
        under: Circumstances,
    ) -> Document[Case]:
        """Close a case that was answered (selesai)."""
        _answerable(document, agency, "answered")
        payload = followup.CaseResolved(agency=agency, note=note)
        return record(self, document, [payload], request, under)

    def tick(
        self, document: Document[Case], under: Circumstances, routing_heard: datetime | None = None
    ) -> Document[Case]:
        """Record every clock that has run out; told twice, it is recorded once.

        The verify clock stops by what routing does, so it is judged only up to the time until
        which routing was heard; None where everything was.
        """
        known = {Clock.VERIFY: min(routing_heard or under.now, under.now)}
        for clock, due_on in tuple(document.state.running()):
            if self.calendar.end_of(due_on) <= known.get(clock, under.now):
                missed = followup.DeadlineMissed(
                    clock=clock, due_on=due_on, agency=document.state.agency
                )
                cause = Cause(f"clock/{clock}/{due_on}", by="clock")
                document = record(self, document, [missed], cause, under)
        return document


def _answerable(document: Document[Case], agency: str, *stages: str) -> None:
    state = document.state
    if state.agency != agency or state.stage == "none":
        raise Refused(404, "not_found", "No such case lies with this agency.")
    if state.stage not in stages:
        raise Refused(409, "wrong_stage", f"The case is {state.stage}.")
