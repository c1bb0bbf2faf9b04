"""Dead and uncertain notices are sent again on an operator's word, and only then."""

from __future__ import annotations

import pytest

from deploy import notices
from services.notification.domain.message import Outcome
from services.notification.domain.patience import LONGEST_RETRY, MOST_ATTEMPTS, SPREAD
from shared.contracts import intake
from shared.runtime.document import HistoryFull
from tests.notification.doubles import COMPLAINT, DEAD, MONTH, SENT, UNCERTAIN, Room
from tests.notification.mail import MailHost

REPLAYED = "notice.replayed.v1"


async def die(room: Room, host: MailHost) -> None:
    """Have every attempt put off until the notice is dead."""
    host.script = [("RCPT", "451 later")] * MOST_ATTEMPTS
    for _ in range(MOST_ATTEMPTS):
        await room.rounds_to(host).send_page()
        room.clock.pass_by(LONGEST_RETRY * (1 + SPREAD))


async def replay(room: Room, *outcomes: str, complaint: str = COMPLAINT) -> int:
    """Replay as the command does, on documents in memory."""
    under = room.clock.under()
    return await notices._replay(room.documents, [complaint], outcomes, "op", under)


async def test_a_dead_notice_is_sent_again_under_its_id(host: MailHost, room: Room) -> None:
    """On an operator's word it goes out once more; the history says who had it sent."""
    await die(room, host)
    assert room.types(COMPLAINT) == [DEAD]
    [lost] = room.state().lost
    assert await room.rounds_to(host).send_page() == 0
    assert await replay(room, "dead") == 1
    assert await replay(room, "dead") == 0
    await room.rounds_to(host).send_page()
    assert room.types(COMPLAINT) == [DEAD, REPLAYED, SENT]
    assert room.documents.kept[COMPLAINT].facts[1]["by"] == "op"
    assert host.ids == [f"<{lost.notice}@ambon.test>"]
    assert (room.state().lost, room.state().pending) == ((), ())
    assert room.documents.kept[COMPLAINT].untold is not None


async def test_an_uncertain_notice_is_sent_again_only_when_named(
    host: MailHost, room: Room
) -> None:
    """What may have arrived is not sent with the dead ones; named, it is, with all its attempts."""
    host.script = [("DATA", "close")]
    await room.rounds_to(host).send_page()
    assert await replay(room, "dead") == 0
    assert await replay(room, "dead", "uncertain") == 1
    assert [each.tries for each in room.state().pending] == [0]
    await room.rounds_to(host).send_page()
    assert room.types(COMPLAINT) == [UNCERTAIN, REPLAYED, SENT]


async def test_a_notice_may_be_lost_again_and_again(host: MailHost, room: Room) -> None:
    """Each round ends with a fact of its own, and the next begins with one."""
    for _ in range(3):
        await die(room, host)
        await replay(room, "dead")
    await room.rounds_to(host).send_page()
    assert room.types(COMPLAINT) == [DEAD, REPLAYED] * 3 + [SENT]


async def test_a_late_outcome_of_the_round_before_says_nothing(host: MailHost, room: Room) -> None:
    """Who was given up, and answers after the replay, does not end the new round."""
    document, [claimed] = room.ledger.claim_all(
        room.documents.kept[COMPLAINT], room.clock.under(), "slow"
    )
    room.documents.kept[COMPLAINT] = document
    room.clock.pass_by(MONTH)
    await room.rounds_to(host).send_page()
    await replay(room, "uncertain")
    before = room.documents.kept[COMPLAINT]
    assert room.ledger.end(before, claimed, Outcome("sent"), room.clock.under()) is before


async def test_an_erased_reporter_is_not_written_to_again(host: MailHost, room: Room) -> None:
    """Whoever was erased is not listed as lost, and no replay reaches them."""
    await die(room, host)
    room.hear(COMPLAINT, "erasures", intake.ContactErased())
    assert room.state().lost == ()
    assert await replay(room, "dead") == 0
    assert room.state().due_at is None


async def test_heard_again_nothing_is_sent_again(host: MailHost, room: Room) -> None:
    """Statement 37: what was replayed and sent stays sent, whatever is told again."""
    await die(room, host)
    await replay(room, "dead")
    await room.rounds_to(host).send_page()
    room.hear(COMPLAINT, "complaints")
    assert await room.rounds_to(host).send_page() == 0
    assert len(host.taken) == 1


async def test_a_lost_race_is_judged_again(host: MailHost, room: Room) -> None:
    """Two operators at once have each notice sent again once."""
    await die(room, host)
    stale = room.documents.kept[COMPLAINT]
    assert await replay(room, "dead") == 1
    load, answers = room.documents.load, [{COMPLAINT: stale}]

    async def late(ids: list[str]) -> object:
        return answers.pop() if answers else await load(ids)

    room.documents.load = late  # type: ignore[method-assign,assignment]
    await replay(room, "dead")
    assert room.types(COMPLAINT) == [DEAD, REPLAYED]


async def test_a_full_history_refuses(host: MailHost, room: Room) -> None:
    """Where nothing more can be told of a complaint, nothing is sent again in silence."""
    await die(room, host)
    room.fill()
    document = room.documents.kept[COMPLAINT]
    with pytest.raises(HistoryFull):
        room.ledger.replay(document, ("dead",), "op", room.clock.under())
    assert await replay(room, "dead") == 0
