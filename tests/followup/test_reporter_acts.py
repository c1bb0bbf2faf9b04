"""What the reporter does after filing, as the agency finds it."""

from __future__ import annotations

from datetime import timedelta

from shared.contracts import intake
from tests.followup.doubles import CASE, CASES, COMPLAINT, Room, get, post


async def test_an_amendment_is_read_beside_the_report() -> None:
    """The text stays; the amendment stands beside it, until its reporter is erased."""
    room = Room()
    room.open()
    room.hear(COMPLAINT, "complaints", intake.ComplaintAmended(text="Juga di sisi timur."))
    shown = (await get(room, CASE)).json()
    assert shown["text"] == "Jalan di depan pasar berlubang."
    assert shown["amendments"] == ["Juga di sisi timur."]
    room.hear(COMPLAINT, "complaints", intake.ReporterErased(redactions=()))
    assert (await get(room, CASE)).json()["amendments"] == []


async def test_nobody_waits_for_an_answer_to_a_withdrawn_report() -> None:
    """It lies on no desk, no clock runs, and an answer is refused; it can still be read."""
    room = Room()
    room.open()
    state = room.hear(COMPLAINT, "complaints", intake.ComplaintWithdrawn()).state
    assert (list(state.running()), state.place) == ([], None)
    assert (await get(room, CASES)).json()["items"] == []
    assert (await get(room, CASE)).json()["withdrawn"] is True
    answer = await post(room, "responses", {"text": "Sudah."})
    assert (answer.status_code, answer.json()["code"]) == (409, "withdrawn")


def test_what_is_withdrawn_before_it_was_routed_opens_no_work() -> None:
    """Whichever is heard first, the case is recorded and nobody waits for it."""
    one, other = Room(), Room()
    for room in (one, other):
        room.receive()
    one.hear(COMPLAINT, "complaints", intake.ComplaintWithdrawn())
    one.route()
    other.route()
    other.hear(COMPLAINT, "complaints", intake.ComplaintWithdrawn())
    assert one.documents.kept[COMPLAINT].state == other.documents.kept[COMPLAINT].state
    one.clock.pass_by(timedelta(days=60))
    ticked = one.cases.tick(one.documents.kept[COMPLAINT], one.clock.under())
    assert ticked.state.missed == ()
