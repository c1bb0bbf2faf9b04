"""What the reporter said when filing and after, as far as it concerns the agency."""

from __future__ import annotations

from msgspec.structs import replace

from services.followup.domain.case import Case
from services.followup.domain.words import Written, forget
from shared.contracts import intake
from shared.contracts.appeal import ReporterAppealed
from shared.contracts.attachment import AttachmentAdded
from shared.contracts.fact import Fact

MOST_REPLIES = 10
"""Replies kept for the agency, the newest: the others are intake's to show."""


def filed(state: Case, said: intake.ComplaintReceived) -> Case:
    """Take in the report; what a coordinator put right may have been heard before it."""
    return replace(
        state,
        received_at=said.received_at,
        tracking_number=said.tracking_number,
        title=said.title,
        text=said.text,
        anonymous=said.anonymous,
        confidential=said.confidential,
        kind=said.kind,
        category=state.category if state.category_found else said.category,
        area=state.area if state.area_found else said.area,
        spot=said.place,
        point=said.point.pair if said.point else None,
        occurred_on=said.occurred_on,
        continues=said.continues,
        answers=tuple((each.asked, each.answer) for each in said.answers or ()),
    )


def of_reporter(state: Case, fact: Fact) -> Case:  # noqa: PLR0911
    """Take in what the reporter did after filing."""
    match fact.data:
        case intake.ReporterReplied(text=text):
            replied = (*state.replied, Written(fact.at, text))[-MOST_REPLIES:]
            return replace(state, replies=state.replies + 1, replied=replied)
        case intake.ComplaintAmended() as said:
            return replace(
                state,
                amendments=(*state.amendments, said.text),
                area=state.area if state.area_found else said.area or state.area,
                spot=said.place or state.spot,
                point=said.point.pair if said.point else state.point,
                occurred_on=said.occurred_on or state.occurred_on,
            )
        case AttachmentAdded(attachment=file):
            files = state.files if file in state.files else (*state.files, file)
            return replace(state, files=files)
        case ReporterAppealed(text=text):
            return replace(state, appeal_text=text)
        case intake.ComplaintWithdrawn():
            return replace(state, withdrawn=True)
        case intake.ReporterErased(redactions=named):
            return _erased(replace(forget(state, named), erased_at=state.erased_at or fact.at))
    return state


def _erased(state: Case) -> Case:
    return replace(
        state,
        title=None,
        text=None,
        spot=None,
        point=None,
        occurred_on=None,
        continues=None,
        answers=(),
        amendments=(),
        files=(),
        replied=(),
        appeal_text=None,
        draft=None,  # what waits for approval may name the reporter; it is written anew
        returned_because=None,
        asked_of_unit=None,
    )
