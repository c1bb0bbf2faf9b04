"""What a reporter reads right after saying something, until others have heard it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from services.intake.api.messages import TrackedOut
from services.intake.api.steps import MoveOut
from services.intake.domain.acts import Rating, amend, appeal, attach, rate, reply
from services.intake.domain.attachments import Limits
from services.intake.domain.complaint import Complaint
from services.intake.wording.telling import Teller
from shared.contracts import followup, routing
from shared.contracts.attachment import AttachmentAdded
from shared.contracts.fact import Payload
from shared.contracts.intake import ComplaintAmended, ReporterReplied
from shared.runtime.document import Circumstances, Document
from tests.intake.doubles import COMPLAINTS, NOW, a_fact
from tests.intake.test_acts import a_report, asked
from tests.intake.test_moves import ANSWERED, APPEALED, OPENED, REJECTED, RESOLVED

TODAY = date(2026, 3, 9)
LACKS = routing.ComplaintDeferred(missing=(routing.Gap(code="where"),), complete_by=TODAY)
LATE = followup.AppealRefused(about="case.resolved.v1/3", because="late", agency="dinas-pu")
PHOTO = AttachmentAdded(attachment="a", media_type="image/jpeg", size=9, sha256="a" * 64)
LATER = NOW + timedelta(days=1)
"""When the reporter says something: after all that was heard."""


def says(document: Document[Complaint], act: str) -> Document[Complaint]:
    """Have the reporter do something."""
    under, cause = Circumstances(LATER), asked(7)
    match act:
        case "reply":
            said = ReporterReplied(text="Masih gelap.")
            return reply(COMPLAINTS, document, said, cause, under)
        case "amend":
            more = ComplaintAmended(text="Di depan pasar.")
            return amend(COMPLAINTS, document, more, cause, under)
        case "file" | "reply, file":
            before = says(document, "reply") if act == "reply, file" else document
            return attach(COMPLAINTS, before, PHOTO, "key", Limits(), cause, under)
        case "appeal":
            return appeal(COMPLAINTS, document, "Belum beres.", cause, under)
    solved = {"solved": True, "not solved": False}.get(act)
    return rate(COMPLAINTS, document, Rating(3, solved=solved), cause, under)


def move(document: Document[Complaint], language: str = "en") -> MoveOut:
    """Give what the reporter reads of the next move."""
    found = TrackedOut.of(document, {}, TODAY, None, Teller(language)).next_move
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("heard", "act"),
    [
        ((OPENED, ANSWERED), "reply"),
        ((OPENED, ANSWERED), "solved"),
        ((OPENED, ANSWERED), "not solved"),
        ((OPENED, ANSWERED, RESOLVED), "reply"),
        ((OPENED, ANSWERED, RESOLVED), "not solved"),
        ((OPENED, ANSWERED, RESOLVED), "appeal"),
        ((OPENED, ANSWERED, RESOLVED, APPEALED), "reply"),
        ((LACKS,), "reply"),
        ((LACKS,), "amend"),
        ((LACKS,), "file"),
        ((OPENED, ANSWERED), "reply, file"),
    ],
)
def test_who_said_what_moves_the_report_on_is_told_that_it_is_on_its_way(
    heard: tuple[Payload, ...], act: str
) -> None:
    """And not to do what was just done; whose move it is stays what was heard, and says so."""
    before = a_report(*heard)
    after = says(before, act)
    assert not move(before).on_its_way
    assert (move(after).who, move(after).by) == (move(before).who, move(before).by)
    assert move(after).on_its_way
    assert str(move(after).sentence).startswith("What you sent was taken and is on its way")
    assert str(move(after, "id").sentence).startswith("Yang Anda kirim sudah diterima")


@pytest.mark.parametrize(
    ("heard", "act"),
    [
        ((), "reply"),
        ((), "amend"),
        ((), "file"),
        ((OPENED,), "reply"),
        ((OPENED, ANSWERED), "file"),
        ((OPENED, ANSWERED), "amend"),
        ((OPENED, ANSWERED), "rate"),
        ((OPENED, ANSWERED, RESOLVED), "solved"),
        ((OPENED, ANSWERED, RESOLVED, APPEALED), "solved"),
    ],
)
def test_what_moves_nothing_is_not_waited_for(heard: tuple[Payload, ...], act: str) -> None:
    """It would be on its way for ever."""
    before = a_report(*heard)
    assert move(says(before, act)) == move(before)


@pytest.mark.parametrize(
    ("heard", "act", "follows"),
    [
        ((OPENED, ANSWERED), "reply", REJECTED),
        ((LACKS,), "reply", routing.ComplaintResumed()),
        ((LACKS,), "file", routing.ComplaintResumed()),
        ((OPENED, ANSWERED, RESOLVED), "appeal", APPEALED),
        ((OPENED, ANSWERED, RESOLVED), "appeal", LATE),
    ],
)
def test_once_it_was_heard_the_next_move_is_told_again(
    heard: tuple[Payload, ...], act: str, follows: Payload
) -> None:
    """Whatever came of it."""
    waiting = says(a_report(*heard), act)
    state = COMPLAINTS.fold(waiting.state, a_fact(follows, 9, LATER + timedelta(seconds=1)))
    assert move(waiting).on_its_way
    assert not move(replace(waiting, state=state)).on_its_way
