"""From the answer to the end: interim and final, the reporter's word, silence, and reopening."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from msgspec.structs import replace

from services.followup import timers
from services.followup.domain.policy import Term
from services.followup.timers import Timers
from shared.contracts import intake, routing
from shared.contracts.fact import Pair
from shared.runtime.document import Held, Refused
from tests.followup.doubles import AMBON, COMPLAINT, Room, get, post
from tests.followup.test_timers import Views

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
OPENED, GIVEN, ANNOUNCED = "case.opened.v1", "response.given.v1", "closing.announced.v1"
RESOLVED, REOPENED, LATE = "case.resolved.v1", "case.reopened.v1", "completion.missed.v1"


def answered() -> Room:
    """Give a room whose case was answered at once: Tuesday 17 March, reply due on 8 April."""
    room = Room()
    room.open()
    room.respond()
    return room


def after(day: str) -> datetime:
    """Give the moment at which a local day is over."""
    return AMBON.end_of(date.fromisoformat(day))


async def look(room: Room, heard: datetime | None = None) -> int:
    """Look at the clocks once, having heard intake up to a time."""
    views = Views(heard or room.clock.now, "complaints")
    return await Timers(room.cases, room.documents, room.ask, lambda: room.clock.now, views).look()


async def test_an_interim_answer_stops_the_first_clock_alone() -> None:
    """Statement 22: the first response stops its clock; the end is still owed, nobody is silent."""
    room = Room()
    room.open()
    room.respond("Sedang kami periksa.", interim=True)
    assert (room.case.stage, room.case.responses) == ("open", 1)
    assert [clock for clock, _ in room.case.running()] == [Term.COMPLETE]
    room.clock.now = after("2026-04-14")
    assert await look(room) == 1
    assert room.types(COMPLAINT) == [OPENED, GIVEN, LATE]
    assert room.documents.kept[COMPLAINT].facts[-1]["data"]["due_on"] == "2026-04-14"


async def test_the_completion_clock_stops_only_at_the_end() -> None:
    """A final answer does not stop the clock of the kind; closing the case does."""
    room = answered()
    assert Term.COMPLETE in dict(room.case.running())
    room.resolve()
    room.clock.now = after("2026-06-01")
    assert await look(room) == 0
    assert room.types(COMPLAINT) == [OPENED, GIVEN, RESOLVED]


def test_closing_too_late_records_that_it_was_late() -> None:
    """Whoever closes after the date leaves the missed date, though no clock looked in between."""
    room = answered()
    room.clock.now = after("2026-04-14")
    room.resolve()
    assert room.types(COMPLAINT) == [OPENED, GIVEN, LATE, RESOLVED]


async def test_a_reporter_whose_words_wait_to_be_read_is_not_silent() -> None:
    """While what intake told is held, no case is closed for silence, nor is that announced."""
    room = answered()
    read = room.documents.kept[COMPLAINT]
    held = {"complaints": Held(Pair(0, 2), "it cannot be read yet")}
    room.documents.kept[COMPLAINT] = replace(read, held=held)
    room.clock.now = after("2026-04-02")
    await look(room)
    assert room.types(COMPLAINT) == [OPENED, GIVEN]
    room.documents.kept[COMPLAINT] = replace(room.documents.kept[COMPLAINT], held={})
    await look(room)
    assert room.types(COMPLAINT) == [OPENED, GIVEN, ANNOUNCED]


async def test_held_cases_keep_no_other_from_its_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many are held and due, those behind them are judged at the same look."""
    monkeypatch.setattr(timers, "PAGE", 2)
    room = answered()
    stuck = room.documents.kept[COMPLAINT]
    held = {"complaints": Held(Pair(0, 2), "it cannot be read yet")}
    for number in range(3):
        key = f"00000000-{number:04}"
        state = replace(stuck.state, complaint=key)
        room.documents.kept[key] = replace(stuck, id=key, state=state, held=held)
    room.clock.now = after("2026-04-02")
    await look(room)
    assert room.types(COMPLAINT) == [OPENED, GIVEN, ANNOUNCED]


async def test_statement_27_a_silent_reporter_is_told_before_the_end() -> None:
    """Statement 27: a notice first, the end ten working days after the last answer, not earlier."""
    room = answered()
    room.clock.now = after("2026-04-02") - SECOND  # seven working days
    assert await look(room) == 0
    room.clock.now += SECOND
    assert await look(room) == 1
    assert room.types(COMPLAINT) == [OPENED, GIVEN, ANNOUNCED]
    assert room.case.closes_on == date(2026, 4, 8)
    room.clock.now = after("2026-04-08") - SECOND
    assert await look(room) == 0
    room.clock.now += SECOND
    assert await look(room) == 1
    assert room.types(COMPLAINT) == [OPENED, GIVEN, ANNOUNCED, RESOLVED]
    assert (room.case.stage, room.case.how) == ("resolved", "lapsed")
    assert await look(room) == 0


async def test_statement_27_a_late_notice_puts_off_the_end() -> None:
    """Statement 27: where the notice could not come in time, the reporter still has three days."""
    room = answered()
    room.clock.now = after("2026-04-20")  # the node was down; 21 April begins
    await look(room)
    assert room.types(COMPLAINT) == [OPENED, GIVEN, LATE, ANNOUNCED]
    assert room.case.closes_on == date(2026, 4, 24)
    room.clock.now = after("2026-04-24") - SECOND
    assert RESOLVED not in room.types(COMPLAINT)
    assert await look(room) == 0
    room.clock.now += SECOND
    await look(room)
    assert room.types(COMPLAINT)[-1] == RESOLVED


async def test_silence_is_judged_only_up_to_when_intake_was_heard() -> None:
    """Without evidence of what the reporter did up to the deadline nothing is said or ended."""
    room = answered()
    room.clock.now = after("2026-04-13")
    for heard in (room.clock.now - 40 * DAY, after("2026-04-02") - SECOND):
        assert await look(room, heard) == 0
    assert await look(room, after("2026-04-02")) == 1
    assert room.types(COMPLAINT) == [OPENED, GIVEN, ANNOUNCED]


@pytest.mark.parametrize("announced", [False, True])
def test_statement_28_a_reply_in_the_window_takes_up_the_work(*, announced: bool) -> None:
    """Statement 28: the reporter's reply stops the closing, and the agency owes the end again."""
    room = answered()
    room.clock.now = after("2026-04-02")
    if announced:
        room.tick()
    room.reply("Belum diperbaiki.")
    assert (room.case.stage, room.case.reopenings, room.case.closes_on) == ("open", 1, None)
    assert room.documents.kept[COMPLAINT].facts[-1]["data"] == {
        "agency": "dinas-pu",
        "because": "reply",
        "complete_by": "2026-04-14",
    }
    room.clock.now = after("2026-04-08")
    room.tick()
    assert RESOLVED not in room.types(COMPLAINT)


def test_statement_28_another_answer_begins_the_silence_anew() -> None:
    """Statement 28: the ten days are counted from the last answer."""
    room = answered()
    room.clock.now = after("2026-04-02")
    room.tick()
    room.respond("Sudah kami perbaiki.")
    assert (room.case.closes_on, room.due(Term.REPLY)) == (None, "2026-04-17")
    room.clock.now = after("2026-04-14")
    room.tick()
    assert room.types(COMPLAINT) == [OPENED, GIVEN, ANNOUNCED, GIVEN, LATE, ANNOUNCED]


def test_what_was_written_before_the_answer_is_no_reply_to_it() -> None:
    """A question that crossed the answer on its way does not take the case up again."""
    room = Room()
    room.open()
    asked = room.clock.now
    room.clock.pass_by(SECOND)
    room.respond()
    room.clock.now = asked
    room.reply("Kapan?")
    assert (room.case.stage, room.case.replies) == ("answered", 1)


def test_statement_29_a_late_answer_reopens_all_the_same() -> None:
    """Statement 29: written in time and heard after a closing in silence, it reopens, counted."""
    room = answered()
    for day in ("2026-04-02", "2026-04-08"):
        room.clock.now = after(day)
        room.tick()
    assert room.case.how == "lapsed"
    room.clock.now = after("2026-04-07")
    room.reply("Belum.")
    assert (room.case.stage, room.case.reopenings) == ("open", 1)
    assert room.types(COMPLAINT)[-1] == REOPENED


@pytest.mark.parametrize(("day", "stage"), [("2026-04-06", "open"), ("2026-04-09", "resolved")])
def test_statement_29_a_closed_case_can_be_reopened_for_a_while(day: str, stage: str) -> None:
    """Statement 29: for ten working days after the end the reporter can take it up again."""
    room = answered()
    room.resolve()
    room.clock.now = after(day)
    room.reply("Belum selesai.")
    assert room.case.stage == stage


def test_the_clock_of_a_reopened_case_goes_on_where_it_stopped() -> None:
    """While it was closed the completion clock stood still; it neither ran on nor restarted."""
    room = answered()
    room.resolve()
    room.clock.now = after("2026-03-31") + DAY  # five working days later, 2 April begins
    room.reply("Belum selesai.")
    stood_still = AMBON.between(date(2026, 3, 17), date(2026, 4, 2))
    assert room.due(Term.COMPLETE) == AMBON.after(date(2026, 4, 14), stood_still).isoformat()
    assert room.case.dues[Term.COMPLETE].started_on == date(2026, 3, 17)


async def test_statement_30_an_end_says_how_it_came_about() -> None:
    """Statement 30: closed by an officer and lapsed in silence are told apart, to everybody."""
    room = answered()
    done = await post(room, "resolution", {"note": "Lampu menyala."})
    assert (done.json()["stage"], done.json()["how"]) == ("resolved", "officer")
    assert room.documents.kept[COMPLAINT].facts[-1]["data"]["how"] == "officer"


async def test_a_thank_you_needs_no_other_answer() -> None:
    """A case that was only written to after its answer may be closed; one never answered not."""
    room = answered()
    room.clock.pass_by(SECOND)
    room.reply("Terima kasih.")
    assert (await post(room, "resolution", {})).json()["stage"] == "resolved"
    other = Room()
    other.open()
    other.reply("Terima kasih.")
    refused = await post(other, "resolution", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_stage")
    assert "give the reporter a final answer first" in refused.json()["detail"]


@pytest.mark.parametrize("stage", ["open", "answered", "declined", "resolved"])
@pytest.mark.parametrize("act", ["respond", "decline", "resolve"])
def test_statement_34_what_is_not_possible_is_refused_without_effect(act: str, stage: str) -> None:
    """Statement 34: each act in each stage either happens or is refused and changes nothing."""
    room = Room()
    room.open()
    if stage in ("answered", "resolved"):
        room.respond()
    if stage == "resolved":
        room.resolve()
    if stage == "declined":
        room.decline()
    allowed = {"respond": ("open", "answered"), "decline": ("open",), "resolve": ("answered",)}
    before = room.documents.kept[COMPLAINT]
    if stage in allowed[act]:
        getattr(room, act)()
        assert len(room.types(COMPLAINT)) == len(before.facts) + 1
        return
    with pytest.raises(Refused) as refused:
        getattr(room, act)()
    assert (refused.value.status, refused.value.code) == (409, "wrong_stage")
    assert stage in refused.value.detail
    assert room.documents.kept[COMPLAINT] == before


async def test_an_interim_answer_is_asked_for_by_name() -> None:
    """The door takes an interim answer, and a key used for one does not stand for a final one."""
    room = Room()
    seen = room.open()
    interim = {"text": "Sedang kami periksa.", "interim": True}
    first = await post(room, "responses", interim, seen=seen)
    assert (first.json()["stage"], first.json()["responses"]) == ("open", 1)
    other = await post(room, "responses", {"text": "Sedang kami periksa."}, seen=seen)
    assert (other.status_code, other.json()["code"]) == (422, "key_used")


async def test_the_desk_moves_a_case_by_what_is_owed_next() -> None:
    """After an interim answer a case stands on the desk by the date of its end."""
    room = Room()
    for complaint in (COMPLAINT, "other"):
        room.open(complaint)
    room.respond(interim=True)
    shown = (await get(room, "/api/v1/cases", limit=1)).json()
    assert [each["complaint"] for each in shown["items"]] == ["other"]
    rest = (await get(room, "/api/v1/cases", after=shown["next"])).json()
    assert [each["complaint"] for each in rest["items"]] == [COMPLAINT]


def test_an_erased_reporters_case_still_ends() -> None:
    """Erasing a person stops no clock."""
    room = answered()
    room.hear(COMPLAINT, "complaints", intake.ReporterErased(redactions=()))
    for day in ("2026-04-02", "2026-04-08"):
        room.clock.now = after(day)
        room.tick()
    assert room.case.how == "lapsed"


async def test_the_end_says_until_when_it_can_be_reopened() -> None:
    """Closed by its officer or in silence, the reporter reads the date that the policy gives."""
    room = answered()
    room.resolve()
    said = room.documents.kept[COMPLAINT].facts[-1]["data"]
    assert said["reopen_by"] == room.due(Term.REOPEN)
    silent = answered()
    for day in ("2026-04-03", "2026-05-01"):
        silent.clock.now = after(day)
        await look(silent)
    ended = silent.documents.kept[COMPLAINT].facts[-1]["data"]
    assert (ended["how"], ended["reopen_by"]) == ("lapsed", silent.due(Term.REOPEN))


def test_what_was_verified_and_lies_with_the_coordinator_is_late_like_any_other() -> None:
    """Nobody is blamed for it yet; the agency that gets it afterwards is not, either."""
    room = Room()
    room.receive()
    room.hear(COMPLAINT, "dispositions", routing.ComplaintVerified())
    room.clock.now = AMBON.end_of(date.fromisoformat(str(room.due(Term.COMPLETE))))
    room.tick()
    room.tick()
    room.route()
    room.clock.pass_by(timedelta(days=1))
    room.tick()
    late = [row for row in room.documents.kept[COMPLAINT].facts if row["type"] == LATE]
    assert [row["data"].get("agency") for row in late] == [None]


def test_what_is_archived_unrouted_is_not_late() -> None:
    """Nobody waits for it any more."""
    room = Room()
    room.receive()
    archived = routing.ComplaintArchived(reason="out_of_scope")
    room.hear(COMPLAINT, "dispositions", routing.ComplaintVerified(), archived)
    room.clock.pass_by(timedelta(days=365))
    room.tick()
    assert LATE not in room.types(COMPLAINT)


def test_what_routing_has_not_been_heard_of_may_lie_with_an_agency_by_now() -> None:
    """Its clock waits until what routing did up to the date was heard."""
    room = Room()
    room.receive()
    room.hear(COMPLAINT, "dispositions", routing.ComplaintVerified())
    end = AMBON.end_of(date.fromisoformat(str(room.due(Term.COMPLETE))))
    room.clock.now = end + DAY
    for heard, count in (({}, 0), ({"dispositions": end - SECOND}, 0), ({"dispositions": end}, 1)):
        room.tick(heard)
        assert room.types(COMPLAINT).count(LATE) == count
