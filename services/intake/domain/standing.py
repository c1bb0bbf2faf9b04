"""Where a complaint stands at the other services, as far as intake has heard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Literal, TypeVar

from msgspec.structs import replace

from services.intake.domain.dates import APPEAL, COMPLETE, hear_dates
from services.intake.domain.trail import Trailing, hear_step
from services.intake.domain.words import Answer, Aside, Ruling, SetAside
from shared.contracts import followup, notification, routing
from shared.contracts.fact import BLANKED, NOTHING, Fact, Pair, Redaction
from shared.contracts.vocabulary import Clock

Stands = TypeVar("Stands", bound="Standing")

AtAgency = Literal["in_progress", "answered", "returned", "resolved"]
Stage = Literal[SetAside, AtAgency, "received", "verified", "routed"]
Status = Literal[Stage, "refused", "withdrawn"]
Mover = Literal["coordinator", "agency", "reporter", "leader"]
"""Whose move it can be."""
_MOVES: Mapping[Status, Mover] = {
    "deferred": "reporter",
    "received": "coordinator",
    "verified": "coordinator",
    "returned": "coordinator",
    "routed": "agency",
    "in_progress": "agency",
    "answered": "reporter",
}
_WITH_NOBODY = ("refused", "returned", "received", "verified", "deferred", "archived", "merged")
_HEARD = ("cases", "dispositions")
"""Streams with words that an erasure may name."""
_UNANSWERED = ("routed", "in_progress", "returned")


class Standing(Trailing, frozen=True, omit_defaults=True):
    """What other services told, kept per stream: the order between streams does not matter."""

    verified: bool = False
    category: str | None = None
    """What a coordinator found it to be about; None where the reporter's word stands."""
    area: str | None = None
    """Where a coordinator found it to be; None where the reporter's word stands."""
    routed_turn: int = 0
    routed_to: str | None = None
    routed_at: datetime | None = None
    case_turn: int = 0
    case_stage: AtAgency | None = None
    case_agency: str | None = None
    case_at: datetime | None = None
    answers: tuple[Answer, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    rateable: tuple[str, str] | None = None
    """Id and agency of the newest answer or resolution."""
    notices: int = 0
    """How many were sent: the audit holds it against what notification says."""
    aside: Aside | None = None
    erased: tuple[tuple[str, Pair], ...] = ()
    """Stream and pair of what erasures named: heard after that, a fact may still have the words."""
    asides: int = 0
    """How often it was set aside or taken back: two visits to one status are told apart by it."""

    @property
    def stage(self) -> Stage:
        """Say how far the others have got, in one word."""
        if self.aside is not None:
            return self.aside.status
        if self.case_turn >= self.routed_turn and self.case_stage is not None:
            return self.case_stage
        if self.routed_turn:
            return "routed"
        return "verified" if self.verified else "received"

    @property
    def status(self) -> Status:
        """Say where the complaint stands, in one word."""
        return self.stage

    @property
    def agency(self) -> str | None:
        """Name the agency that has the complaint, if one has."""
        if self.status in _WITH_NOBODY:
            return None
        return self.routed_to or self.case_agency

    @property
    def waits_for(self) -> Mover | None:
        """Say whose move it is: a coordinator's, the agency's, the reporter's, or nobody's.

        Of what was closed the reporter can object for a while; then a leader decides who had no
        part in it.
        """
        if self.status == "resolved":
            return "leader" if self.appeal_by else "reporter" if self.reopen_by else None
        return _MOVES.get(self.status)

    @property
    def due_on(self) -> date | None:
        """Give the local date by which whoever must move has to, where it is known."""
        if self.aside is not None and self.status == self.aside.status:
            return self.aside.complete_by
        if self.status in _UNANSWERED:
            return self.complete_by if self.answers else self.respond_by
        if self.status == "resolved":
            return self.appeal_by or self.reopen_by
        return self.reply_by if self.status == "answered" else None

    @property
    def overdue(self) -> bool:
        """Say whether whoever must move is late; a coordinator also with what is to be done."""
        clock: str = Clock.RESPOND
        if self.status in _UNANSWERED:
            clock = COMPLETE if self.answers else clock
        elif self.status == "resolved":
            clock = APPEAL
        if self.waits_for == "coordinator":
            late = clock in self.missed if self.status in _UNANSWERED else self.unverified
            return late or COMPLETE in self.missed
        return self.waits_for in ("agency", "leader") and clock in self.missed


def hear(state: Stands, fact: Fact) -> Stands:
    """Take in one fact of another service; total."""
    state = hear_step(hear_dates(state, fact), fact)
    match fact.data:
        case routing.ComplaintVerified(category=category, area=area):
            at = fact.at if state.aside else state.routed_at or fact.at
            category, area = category or state.category, area or state.area
            found = replace(state, category=category, area=area)
            return replace(found, verified=True, routed_at=at, aside=None)
        case routing.ComplaintRouted(agency=agency, turn=turn):
            routed = replace(state, routed_turn=turn, routed_to=agency, routed_at=fact.at)
            return replace(routed, aside=None)
        case notification.NoticeSent():
            return replace(state, notices=state.notices + 1)
    return _without(_hear_case(_hear_aside(state, fact), fact))


def forget(state: Stands, redactions: Iterable[Redaction]) -> Stands:
    """Blank what an erasure names of other streams, now or when it is heard."""
    named = {(each.stream, each.pair) for each in redactions if each.stream in _HEARD}
    return _without(replace(state, erased=tuple(sorted({*state.erased, *named}))))


def _without(state: Stands) -> Stands:
    """Blank what erasures have named; what was kept without its pair may be it."""
    if not state.erased:
        return state
    cases, dispositions = (
        {pair for stream, pair in state.erased if stream == one} for one in _HEARD
    )
    aside = state.aside
    if aside and dispositions and {aside.pair, aside.repeats} & {*dispositions, NOTHING}:
        aside = replace(aside, words=None, missing=tuple((code, "") for code, _ in aside.missing))
    answers = tuple(
        replace(each, text=BLANKED) if cases and each.pair in {*cases, NOTHING} else each
        for each in state.answers
    )
    rulings = tuple(
        replace(each, text=BLANKED) if each.pair in cases else each for each in state.rulings
    )
    trail = tuple(
        replace(each, text=BLANKED) if each.text and each.pair in cases else each
        for each in state.trail
    )
    return replace(state, answers=answers, rulings=rulings, aside=aside, trail=trail)


def _hear_aside(state: Stands, fact: Fact) -> Stands:
    match fact.data:
        case routing.ComplaintDeferred(missing=missing, complete_by=by, repeats=first):
            lacks = tuple((gap.code, gap.words or "") for gap in missing)
            aside = Aside("deferred", fact.at, lacks, by, pair=fact.pair, repeats=first)
        case routing.ComplaintArchived(reason=reason, words=words):
            aside = Aside("archived", fact.at, reason=reason, words=words, pair=fact.pair)
        case routing.ComplaintMerged(main=main, tracking_number=number):
            aside = Aside("merged", fact.at, main=main, number=number)
        case routing.ComplaintResumed() | routing.ComplaintRestored() | routing.ComplaintUnmerged():
            back = replace(state, aside=None, asides=state.asides + 1, routed_at=fact.at)
            return back if state.verified else replace(back, returned_at=routing.back_at(fact))
        case _:
            return state
    return replace(state, aside=aside, asides=state.asides + 1)


def _hear_case(state: Stands, fact: Fact) -> Stands:  # noqa: PLR0911
    match fact.data:
        case followup.CaseOpened(agency=agency, turn=turn):
            opened = replace(state, case_turn=turn, case_agency=agency)
            # the answer stands where only who contributes has changed
            same = (state.case_agency, state.case_stage) == (agency, "answered")
            return opened if same else replace(opened, case_stage="in_progress", case_at=fact.at)
        case followup.ResponseGiven(agency=agency, text=text, interim=interim, reply_by=by):
            answer = Answer(fact.at, agency, text, fact.pair, interim, by)
            answers = (*state.answers, answer)
            stage = "in_progress" if interim else "answered"
            answered = replace(state, case_stage=stage, case_at=fact.at, answers=answers)
            return replace(answered, rateable=(fact.id, agency))
        case followup.CaseReopened():
            return replace(state, case_stage="in_progress", case_at=fact.at)
        case followup.AppealDecided(agency=agency, outcome=outcome, reason=reason):
            ruling = Ruling(fact.at, fact.type, outcome, agency, reason, fact.pair)
            return replace(state, rulings=(*state.rulings, ruling))
        case followup.AppealRefused(about=about, agency=agency, because=because) as said:
            ruling = Ruling(fact.at, fact.type, because, agency, None, fact.pair, said.until)
            ruling = replace(ruling, moot_by=said.moot_by)
            waits = None if (about, agency) == state.rateable else state.appeal_by
            return replace(state, rulings=(*state.rulings, ruling), appeal_by=waits)
        case followup.DispositionDeclined():
            return replace(state, case_stage="returned", case_at=fact.at, case_agency=None)
        case followup.CaseResolved(agency=agency):
            resolved = replace(state, case_stage="resolved", case_at=fact.at)
            return replace(resolved, rateable=(fact.id, agency))
    return state
