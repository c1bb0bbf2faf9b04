"""Which agency hears of a report that none has, or that follows another."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.notification.domain.addressing import NOBODY_YET
from services.notification.domain.audiences import AGENCY
from services.notification.domain.message import Message, Outcome
from services.notification.domain.notice import Pending
from services.notification.store import SHAPE
from shared.contracts import intake, routing
from shared.contracts.fact import Payload
from tests.notification.doubles import COMPLAINT, OFFICE_AT, Room

MAIN = "01a2b3c4-0000-7000-8000-000000000099"
REPLIED, WITHDRAWN = intake.ReporterReplied(text="Belum."), intake.ComplaintWithdrawn()
MERGED = routing.ComplaintMerged(main=MAIN, tracking_number="8171-AAAA-AAAA-A")


def followed(*, lead: str | None = "dinas-pu", own: str | None = None) -> Room:
    """Give a report that follows another, each with the agency that has it."""
    room = Room()
    room.receive(MAIN, reachable=False)
    room.receive(reachable=False)
    for complaint, agency in ((MAIN, lead), (COMPLAINT, own)):
        if agency:
            room.route(complaint, agency)
    room.hear(COMPLAINT, "dispositions", *([_routed(own)] if own else []), MERGED)
    return room


def _routed(agency: str) -> Payload:
    return routing.ComplaintRouted(agency=agency, turn=1)


async def claimed(room: Room) -> list[Pending]:
    """Claim what is due about replies."""
    due = [each for each in await room.notification.due(10) if each.complaint == COMPLAINT]
    claims = [await room.notification.claim(each, "one") for each in due]
    return [each for claim in claims for each in claim.pending if each.about == REPLIED.type]


@pytest.mark.parametrize("said", [WITHDRAWN, REPLIED])
def test_what_concerns_an_agency_keeps_nothing_waiting_where_none_has_the_report(
    said: Payload,
) -> None:
    """A report that was taken back in the queue has nothing left to send; routed, it has again.

    Whoever gets it then hears that it was taken back, and not that it waits for an answer.
    """
    room = Room()
    room.receive(reachable=False)
    room.hear(COMPLAINT, "complaints", said)
    assert room.state().pending == ()
    assert SHAPE.closed is not None
    assert SHAPE.closed(room.state())
    room.route()
    heard = {each.about for each in room.state().pending if each.audience != "reporter"}
    assert heard == {said.type} | ({"complaint.routed.v1"} if said is REPLIED else set())
    assert room.state().unaddressed == ()


@pytest.mark.parametrize("own", [None, "dinsos"])
async def test_18_who_handles_the_main_report_hears_of_a_reply_to_what_follows_it(
    own: str | None,
) -> None:
    """Not the agency whose own case rests: it may not answer; the mail names both reports."""
    room = followed(own=own)
    room.hear(COMPLAINT, "complaints", REPLIED)
    (notice,) = await claimed(room)
    assert notice.audience == "dinas-pu"
    mail = room.notification.compose(room.state(), notice)
    assert isinstance(mail, Message)
    assert mail.to == OFFICE_AT
    assert "8171-7K3M-9QXT-2" in mail.subject
    assert "8171-AAAA-AAAA-A" in mail.body


async def test_18_a_reply_waits_until_somebody_handles_the_main_report() -> None:
    """It is looked again now and then who does, and told then."""
    room = followed(lead=None)
    room.hear(COMPLAINT, "complaints", REPLIED)
    assert await claimed(room) == []
    assert room.state().due_at == room.clock.now + NOBODY_YET
    room.route(MAIN)
    room.clock.pass_by(NOBODY_YET)
    (notice,) = await claimed(room)
    assert notice.audience == "dinas-pu"


async def test_18_separated_before_it_was_told_a_reply_goes_to_its_own_agency() -> None:
    """The main report does not concern who has this one, nor the other way round."""
    room = followed(own="dinsos")
    room.hear(COMPLAINT, "complaints", REPLIED)
    room.hear(COMPLAINT, "dispositions", routing.ComplaintUnmerged(main=MAIN, because="officer"))
    room.clock.pass_by(timedelta(minutes=1))
    (notice,) = await claimed(room)
    assert (notice.audience, notice.said) == (AGENCY, REPLIED.type)
    assert room.state().audience_of(notice) == "dinsos"


async def test_18_merged_anew_into_another_a_reply_goes_to_who_handles_that_one() -> None:
    """Separated into the queue it is for nobody; both then for who handles what it follows now."""
    room = followed(lead=None)
    room.hear(COMPLAINT, "complaints", REPLIED)
    room.hear(COMPLAINT, "dispositions", routing.ComplaintUnmerged(main=MAIN, because="officer"))
    assert room.state().pending == ()
    room.receive("other", reachable=False)
    room.route("other", "dinsos")
    room.hear(COMPLAINT, "dispositions", routing.ComplaintMerged(main="other"))
    room.hear(COMPLAINT, "complaints", REPLIED)
    assert [each.audience for each in await claimed(room)] == ["dinsos", "dinsos"]


@pytest.mark.parametrize("own", [None, "dinsos"])
async def test_18_who_hears_of_a_reply_does_not_depend_on_the_order_between_streams(
    own: str | None,
) -> None:
    """Replied and then merged is as merged and then replied, while nobody was told."""
    room = followed(own=own)
    room.hear(COMPLAINT, "dispositions", routing.ComplaintUnmerged(main=MAIN, because="officer"))
    room.hear(COMPLAINT, "complaints", REPLIED)
    room.hear(COMPLAINT, "dispositions", MERGED)
    assert room.state().unaddressed == ()
    (notice,) = await claimed(room)
    assert (notice.audience, notice.of_lead) == ("dinas-pu", True)


async def test_18_tried_before_the_separation_it_no_longer_says_that_it_follows() -> None:
    """It is tried again at the same address, under its id, and tells nothing that is not so."""
    room = followed(own="dinsos")
    room.hear(COMPLAINT, "complaints", REPLIED)
    (notice,) = await claimed(room)
    await room.notification.end(COMPLAINT, notice, Outcome("retry", "busy"))
    room.hear(COMPLAINT, "dispositions", routing.ComplaintUnmerged(main=MAIN, because="officer"))
    room.clock.pass_by(timedelta(hours=2))
    (again,) = await claimed(room)
    assert (again.notice, again.audience, again.said) == (notice.notice, "dinas-pu", REPLIED.type)


async def test_18_merged_between_the_look_and_the_claim_it_goes_to_nobody_wrong() -> None:
    """The next round asks who handles the main report; this one sends nothing."""
    room = followed(own="dinsos")
    room.hear(COMPLAINT, "dispositions", routing.ComplaintUnmerged(main=MAIN, because="officer"))
    room.hear(COMPLAINT, "complaints", REPLIED)
    (due,) = [each for each in await room.notification.due(10) if each.complaint == COMPLAINT]
    assert due.main is None, "no other report is looked up"
    room.hear(COMPLAINT, "dispositions", MERGED)
    assert (await room.notification.claim(due, "one")).pending == ()
    (notice,) = await claimed(room)
    assert notice.audience == "dinas-pu"
