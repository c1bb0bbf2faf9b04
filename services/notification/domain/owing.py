"""What an agency owes an answer by: the part of a case that a digest is written from."""

from __future__ import annotations

from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from shared.contracts import followup, intake, routing
from shared.contracts.contribution import ContributionAsked, ContributionGiven
from shared.contracts.fact import Fact, Payload
from shared.contracts.lateness import DueDateLifted, DueDateMoved
from shared.contracts.vocabulary import Clock

OPEN, ANSWERED, ENDED = "open", "answered", "ended"
_DATES = {Clock.RESPOND.value: "respond_by", "complete": "complete_by"}
"""By clock, the date that may move after it was told."""


class Owed(Struct, frozen=True, omit_defaults=True):
    """Where a case stands at its agency, and the dates that followup told of it (tenggat).

    Dates are local to the node, due at their last second. What rests (withdrawn, or merged) is
    told on other streams, so it is kept apart: the order between streams does not matter.
    """

    agency: str | None = None
    stage: str = ENDED
    respond_by: date | None = None
    complete_by: date | None = None
    responded: bool = False
    withdrawn: bool = False
    merged: bool = False
    asked: tuple[str, ...] = ()
    """Agencies that are asked to contribute in this turn."""
    given: tuple[str, ...] = ()
    """Those whose contribution stands."""

    @property
    def due_on(self) -> date | None:
        """Give the date of what the agency owes next; None where nobody waits for it."""
        if self.stage != OPEN or self.withdrawn or self.merged:
            return None
        return self.complete_by if self.responded else self.respond_by

    @property
    def place(self) -> str | None:
        """Name its place among what the agency owes, what is due first at the top."""
        return f"{self.agency}|{self.due_on}" if self.agency and self.due_on else None


def hear_owed(owed: Owed, fact: Fact) -> Owed:
    """Take in one fact about a case, whoever told it; total."""
    match fact.data:
        case intake.ComplaintWithdrawn():
            return replace(owed, withdrawn=True)
        case routing.ComplaintMerged():
            return replace(owed, merged=True)
        case routing.ComplaintUnmerged():
            return replace(owed, merged=False)
    return _hear_case(owed, fact.data)


def _hear_case(owed: Owed, said: Payload | None) -> Owed:
    match said:
        case followup.CaseOpened(agency=agency, respond_by=respond_by, complete_by=complete_by):
            # where only who contributes has changed, the answer stands
            same = owed.agency == agency
            given = tuple(each for each in owed.given if same and each in owed.asked)
            stage = ANSWERED if same and owed.stage == ANSWERED else OPEN
            owed = replace(owed, agency=agency, stage=stage, asked=(), given=given)
            return replace(owed, respond_by=respond_by, complete_by=complete_by)
        case followup.ResponseGiven(agency=agency, interim=interim):
            stage = OPEN if interim else ANSWERED
            return replace(owed, agency=agency, stage=stage, responded=True)
        case followup.DispositionDeclined() | followup.CaseResolved():
            return replace(owed, stage=ENDED)
        case followup.CaseReopened(agency=agency, complete_by=by):
            owed = replace(owed, agency=agency, stage=OPEN, responded=True)  # it was answered
            return replace(owed, complete_by=by or owed.complete_by)
    return _hear_help(_hear_date(owed, said), said)


def _hear_help(owed: Owed, said: Payload | None) -> Owed:
    match said:
        case ContributionAsked(agency=agency):
            return replace(owed, asked=(*owed.asked, agency))
        case ContributionGiven(agency=agency) if agency not in owed.given:
            return replace(owed, given=(*owed.given, agency))
    return owed


def _hear_date(owed: Owed, said: Payload | None) -> Owed:
    match said:
        case DueDateMoved(clock=clock, due_on=by) if clock in _DATES:
            return replace(owed, **{_DATES[clock]: by})
        case DueDateLifted(clock=clock) if clock in _DATES:
            return replace(owed, **{_DATES[clock]: None})
    return owed
