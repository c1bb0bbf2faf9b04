"""A case that follows another: it rests with its agency, and goes on whole."""

from __future__ import annotations

from datetime import timedelta

from services.followup.domain.policy import Term
from shared.contracts import routing
from shared.contracts.appeal import ReporterAppealed
from tests.followup.doubles import CASES, COMPLAINT, Room, get, post

MERGED = routing.ComplaintMerged(main="main")
APART = routing.ComplaintUnmerged(main="main", because="officer", words="Ruas lain.")


async def test_18_a_merged_case_rests_and_comes_back_whole() -> None:
    """It lies on no desk and no clock runs out on it; separated, its clocks are what they were."""
    room = Room()
    room.receive()
    room.route()
    due = room.due(Term.RESPOND)
    room.hear(COMPLAINT, "dispositions", MERGED)
    assert (await get(room, CASES)).json()["items"] == []
    refused = await post(room, "responses", {"text": "Sudah."})
    assert (refused.status_code, refused.json()["code"]) == (409, "merged")
    state = room.documents.kept[COMPLAINT].state
    assert (state.stage, list(state.running())) == ("open", [])
    room.clock.pass_by(timedelta(days=1))
    room.hear(COMPLAINT, "dispositions", APART)
    assert room.due(Term.RESPOND) == due
    assert len((await get(room, CASES)).json()["items"]) == 1
    answered = await post(room, "responses", {"text": "Sudah."})
    assert answered.json()["stage"] == "answered"


def test_a_reply_takes_up_no_work_that_rests() -> None:
    """The main report is worked on; what the reporter of the other writes opens nothing."""
    room = Room()
    room.open()
    room.respond()
    room.hear(COMPLAINT, "dispositions", MERGED)
    room.clock.pass_by(timedelta(hours=1))
    room.reply()
    assert (room.case.stage, room.case.replies) == ("answered", 1)
    assert "case.reopened.v1" not in room.types(COMPLAINT)


def test_merging_stops_the_clock_of_verifying() -> None:
    """A coordinator who found what it repeats has decided in time."""
    room = Room()
    room.receive()
    room.hear(COMPLAINT, "dispositions", MERGED)
    assert room.documents.kept[COMPLAINT].state.decided_at == room.clock.now


def test_18_an_objection_to_what_follows_another_is_not_called_late() -> None:
    """Closed and merged in one lag, it is handled by the other one; the days left are not over."""
    room = Room()
    room.open()
    room.respond()
    room.resolve()
    room.hear(COMPLAINT, "dispositions", MERGED)
    objection = ReporterAppealed(about=str(room.case.ending), text="Belum ditambal.")
    room.hear(COMPLAINT, "complaints", objection)
    said = room.documents.kept[COMPLAINT].facts[-1]["data"]
    assert (said["because"], said.get("until")) == ("moot", None)
    room.clock.pass_by(timedelta(days=60))
    room.hear(COMPLAINT, "complaints", objection)
    assert room.documents.kept[COMPLAINT].facts[-1]["data"]["because"] == "late"
