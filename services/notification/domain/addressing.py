"""Which agency hears of a notice: that which has the report, or that of the one it follows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec.structs import replace

from services.notification.domain.audiences import AGENCY
from services.notification.domain.notice import Notices, Pending
from shared.contracts import routing
from shared.contracts.fact import Fact

OF_THE_LEAD = ("reporter.replied.v1",)
"""What concerns who handles the main report, and not the agency whose own case rests."""
NOBODY_YET = timedelta(hours=1)
"""How long a notice waits before it is looked again who has the main report."""


def of_agency(state: Notices, fact: Fact) -> Notices:
    """Take in which agency has the report, and which other one it follows."""
    match fact.data:
        case routing.ComplaintRouted(agency=agency):
            pending = (*state.pending, *state.unaddressed)
            return replace(state, agency=agency, pending=pending, unaddressed=())
        case routing.ComplaintMerged(main=main, tracking_number=number):
            return _anew(replace(state, main=main, main_number=number))
        case routing.ComplaintUnmerged():
            state = _anew(replace(state, main=None, main_number=None))
            # what was tried stays with whom it was tried, and no longer says that it follows
            return replace(state, pending=tuple(replace(p, of_lead=False) for p in state.pending))
    return state


def _anew(state: Notices) -> Notices:
    """Address again what nobody was told yet, so that the order between streams is the same."""
    waiting = (*state.pending, *state.unaddressed)
    new = [each for each in waiting if _concerns_lead(each) and not (each.trying or each.tries)]
    pending, unaddressed = (
        tuple(each for each in there if each not in new)
        for there in (state.pending, state.unaddressed)
    )
    state = replace(state, pending=pending, unaddressed=unaddressed)
    return taken(state, [replace(each, audience=AGENCY) for each in new])


def taken(state: Notices, new: Iterable[Pending]) -> Notices:
    """Take new notices: what is for whichever agency has the report is kept until one has it."""
    for each in new:
        lead = state.main is not None and each.audience == AGENCY and _concerns_lead(each)
        notice = replace(each, of_lead=lead)
        if notice.audience == AGENCY and state.agency is None and not lead:
            state = replace(state, unaddressed=(*state.unaddressed, notice))
        else:
            state = replace(state, pending=(*state.pending, notice))
    return state


def main_of(state: Notices) -> str | None:
    """Name the report whose agency has to be known before a notice can be sent; or None."""
    return state.main if any(_for_lead(each) for each in state.pending) else None


def led(state: Notices, lead: str | None, now: datetime) -> Notices:
    """Address what is for who handles the main report; where nobody does yet, put it off."""
    if state.main is None:
        return state
    return replace(state, pending=tuple(_led(each, lead, now) for each in state.pending))


def _concerns_lead(pending: Pending) -> bool:
    return pending.recipient == AGENCY and pending.about in OF_THE_LEAD


def _for_lead(pending: Pending) -> bool:
    """Say whether it is not known yet who handles the main report."""
    return pending.of_lead and pending.audience == AGENCY


def _led(pending: Pending, lead: str | None, now: datetime) -> Pending:
    if not _for_lead(pending) or pending.trying:
        return pending
    if lead is not None:
        return replace(pending, audience=lead)
    due = pending.next_at is not None and pending.next_at <= now
    return replace(pending, next_at=now + NOBODY_YET) if due else pending
