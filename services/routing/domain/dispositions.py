"""Which agency must answer a complaint: by a rule, or by a coordinator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from msgspec.structs import replace

from services.routing.domain.disposition import Disposition, waiting
from services.routing.domain.erased import decline, forget
from services.routing.domain.following import of_following, stale
from services.routing.domain.reasons import Archival, Deferral, Lack
from services.routing.domain.register import Registers
from services.routing.domain.reported import of_reporter
from services.routing.domain.ruling import by_person, by_rule
from shared.contracts import followup, intake, routing
from shared.contracts.attachment import AttachmentAdded
from shared.contracts.contribution import ContributionGiven
from shared.contracts.fact import Fact, Payload
from shared.contracts.vocabulary import Clock
from shared.runtime.document import Cause, Circumstances, Document, record


@dataclass(frozen=True, slots=True)
class Dispositions:
    """Routing's view of facts; decides by rule where one fits."""

    register: Registers

    stream: ClassVar[str] = "dispositions"
    schema: ClassVar[int] = 3
    """2: a deferral may say again what an erasure names elsewhere. 3: ``looked_at`` also of what a
    person set aside, brought back or merged."""
    known: ClassVar[Mapping[str, type[Payload]]] = {
        **intake.FACTS,
        **routing.FACTS,
        **followup.FACTS,
    }

    def begin(self, complaint: str) -> Disposition:
        """Give the state of a complaint of which nothing is known."""
        return Disposition(complaint=complaint)

    def fold(self, state: Disposition, fact: Fact) -> Disposition:
        """Take in one fact; total, and independent of the order between streams."""
        state = of_following(_looked(_acted(state, fact), fact), fact)
        match fact.data:
            case intake.ComplaintReceived() as said:
                return replace(
                    state,
                    received_at=said.received_at,
                    tracking_number=said.tracking_number,
                    kind=said.kind,
                    title=said.title,
                    text=said.text,
                    category=said.category,
                    area=said.area,
                    wanted=said.agency,
                    confidential=said.confidential,
                    crowd=said.crowd,
                    spot=said.place,
                    point=said.point.pair if said.point else None,
                    occurred_on=said.occurred_on,
                    continues=said.continues,
                    answers=tuple((each.asked, each.answer) for each in said.answers or ()),
                )
            case followup.DeadlineMissed(clock=Clock.VERIFY, due_on=due_on):
                missed_on = max(due_on, state.missed_on or due_on)
                late = state.late or _is_late(missed_on, state.returned_at)
                return replace(state, missed_on=missed_on, late=late)
            case followup.DispositionDeclined(turn=turn, reason=reason):
                return decline(state, turn, reason, fact.pair)
            case followup.CaseResolved():
                return replace(state, resolved=True)
            case followup.CaseReopened() | followup.CaseOpened():
                return replace(state, resolved=False)
            case intake.ReporterErased(redactions=named):
                state = forget(state, named)
        return _decided(of_reporter(state, fact), fact)

    def react(self, state: Disposition, fact: Fact, now: datetime) -> Iterable[Payload]:
        """Route a new complaint by rule; what no rule decides waits for a coordinator.

        A deferred complaint of which its reporter says more, or to which a file is added, waits at
        its old place again. A place that is put right is decided anew where no person has decided
        anything.
        """
        if isinstance(fact.data, _SAYS_MORE) and state.stage == "deferred":
            asked_at = state.deferral.at if state.deferral else None
            return (routing.ComplaintResumed(completed_at=max(fact.at, asked_at or fact.at)),)
        if isinstance(fact.data, intake.ComplaintReceived) and not state.turn:
            return by_rule(state, self.register.at(now))
        moved = isinstance(fact.data, intake.ComplaintAmended) and fact.data.area is not None
        if moved and not by_person(state):
            return by_rule(state, self.register.at(now))
        return ()

    def dirties(self, before: Disposition, after: Disposition) -> Iterable[str]:
        """Name the complaint whose followers have to be looked at again."""
        return stale(before, after)

    def verify(
        self,
        document: Document[Disposition],
        found: routing.ComplaintVerified,
        request: Cause,
        under: Circumstances,
    ) -> Document[Disposition]:
        """Find a waiting complaint complete and in order."""
        waiting(document, "queue", "deferred")
        return record(self, document, [found], request, under)


_SAYS_MORE = (intake.ReporterReplied, intake.ComplaintAmended, AttachmentAdded)


def _decided(state: Disposition, fact: Fact) -> Disposition:
    """Take in what this service itself decided."""
    match fact.data:
        case routing.ComplaintVerified(category=category, area=area):
            found = category or state.category
            by_hand = state.area_found or area is not None
            state = replace(state, area=area or state.area, area_found=by_hand)
            return replace(state, verified=True, category=found, deferral=None)
        case routing.ComplaintRouted(agency=agency, turn=turn, rule=rule) as said:
            chosen_at = fact.at if rule is None else None
            routed = replace(state, turn=turn, agency=agency, chosen_at=chosen_at)
            return replace(routed, deferral=None, contributors=said.contributors or ())
        case routing.ComplaintDeferred(missing=missing, complete_by=by, repeats=first):
            lacks = tuple(Lack(gap.code, gap.words) for gap in missing)
            return replace(state, deferral=Deferral(lacks, by, fact.pair, fact.at, first))
        case routing.ComplaintArchived(reason=reason, words=words):
            archival = Archival(reason, fact.at, words, fact.pair)
            return replace(state, archival=archival)
        case routing.ComplaintResumed() | routing.ComplaintRestored():
            return _back(replace(state, archival=None, deferral=None), fact)
        case routing.ComplaintUnmerged():
            state = _back(state, fact)
    return state


def _back(state: Disposition, fact: Fact) -> Disposition:
    """Note that it is to be verified from now on, unless it was: before that it is not late."""
    if state.verified:
        return state
    at = routing.back_at(fact)
    return replace(state, returned_at=at, late=_is_late(state.missed_on, at))


def _is_late(missed_on: date | None, returned_at: datetime | None) -> bool:
    """Say whether a date that passed is one of after it came back."""
    return missed_on is not None and (returned_at is None or missed_on > returned_at.date())


_CLOCK = "clock"
_ACTS = (
    followup.ResponseGiven,
    followup.ResponseDrafted,
    ContributionGiven,
    followup.DispositionDeclined,
    followup.CaseResolved,
)


_LOOKS = (
    routing.ComplaintVerified,
    routing.ComplaintDeferred,
    routing.ComplaintArchived,
    routing.ComplaintRestored,
    routing.ComplaintMerged,
)


def _by_somebody(fact: Fact) -> bool:
    return fact.by not in (None, _CLOCK)


def _looked(state: Disposition, fact: Fact) -> Disposition:
    """Note that a person decided here: what a rule or the clock does is no look."""
    looked = isinstance(fact.data, _LOOKS) and _by_somebody(fact)
    return replace(state, looked_at=True) if looked else state


def _acted(state: Disposition, fact: Fact) -> Disposition:
    """Note which agency's officer acted, and when (keaktifan): what the clock does is no act."""
    if not isinstance(fact.data, _ACTS) or not _by_somebody(fact):
        return state
    return replace(state, acted=fact.data.agency, acted_at=fact.at)
