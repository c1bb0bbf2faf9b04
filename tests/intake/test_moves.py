"""Whose move it is and by when, and what has happened, as the reporter who tracks reads it."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi import Response
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from services.intake.api.messages import TrackedOut
from services.intake.api.routes import answer
from services.intake.api.steps import MainOut, MoveOut
from services.intake.domain import acts
from services.intake.domain.categories import Category
from services.intake.domain.erasing import erase
from services.intake.domain.trail import SHOWN
from services.intake.wording.steps import STEPS
from services.intake.wording.telling import Names, Teller
from shared.contracts import followup, intake, routing
from shared.contracts.fact import Payload
from shared.contracts.lateness import AppealMissed, DueDateLifted, DueDateMoved
from shared.contracts.vocabulary import Clock
from tests.intake.doubles import COMPLAINTS, UNDER, InMemoryComplaints, a_fact, an_intake
from tests.intake.test_acts import a_report, amended, asked, hearing, withdrawn

RESPOND, COMPLETE, MOVED = date(2026, 3, 9), date(2026, 3, 20), date(2026, 3, 24)
REPLY, CLOSES, REOPEN = date(2026, 3, 25), date(2026, 3, 27), date(2026, 4, 8)
DECIDE = date(2026, 4, 13)
AGENCY = "dinas-pu"
OPENED = followup.CaseOpened(agency=AGENCY, turn=1, respond_by=RESPOND, complete_by=COMPLETE)
INTERIM = followup.ResponseGiven(agency=AGENCY, text="Kami periksa.", interim=True)
ANSWERED = followup.ResponseGiven(agency=AGENCY, text="Sudah.", reply_by=REPLY)
ANNOUNCED = followup.ClosingAnnounced(agency=AGENCY, closes_on=CLOSES)
RESOLVED = followup.CaseResolved(agency=AGENCY, how="officer", reopen_by=REOPEN)
CONFIRMED = followup.CaseResolved(agency=AGENCY, how="confirmed")
REJECTED = followup.CaseReopened(agency=AGENCY, because="rejected", complete_by=MOVED)
APPEALED = followup.AppealFiled(agency=AGENCY, decide_by=DECIDE)
DISMISSED = followup.AppealDecided(agency=AGENCY, outcome="dismissed", reason="Sudah baik.")
LATE = followup.DeadlineMissed(clock=Clock.RESPOND, due_on=RESPOND, agency=AGENCY)


def shown(*heard: Payload, today: date = RESPOND) -> dict[str, Any]:
    """Give what the reporter reads once this was heard."""
    return TrackedOut.of(a_report(*heard), {}, today).model_dump()


@pytest.mark.parametrize(
    ("heard", "who", "by"),
    [
        ([OPENED], "agency", RESPOND),
        ([OPENED, INTERIM], "agency", COMPLETE),
        ([OPENED, ANSWERED], "reporter", REPLY),
        ([OPENED, ANSWERED, ANNOUNCED], "reporter", CLOSES),
        ([OPENED, ANSWERED, OPENED], "reporter", REPLY),
        ([OPENED, ANSWERED, INTERIM], "agency", COMPLETE),
        ([OPENED, ANSWERED, RESOLVED], "reporter", REOPEN),
        ([OPENED, ANSWERED, REJECTED], "agency", MOVED),
        ([OPENED, ANSWERED, RESOLVED, REJECTED], "agency", MOVED),
        ([OPENED, ANSWERED, RESOLVED, APPEALED], "leader", DECIDE),
        ([OPENED, ANSWERED, RESOLVED, APPEALED, DISMISSED], "reporter", REOPEN),
        ([OPENED, ANSWERED, RESOLVED, APPEALED, DISMISSED, REJECTED], "agency", MOVED),
    ],
)
def test_the_date_of_the_next_move_is_that_of_the_clock_that_runs(
    heard: list[Payload], who: str, by: date
) -> None:
    """To respond first, then to be done; the reporter's until the case closes, or to reopen it."""
    said = shown(*heard)["next_move"]
    assert (said["who"], said["by"]) == (who, by)


def test_whose_move_it_can_be_stands_in_the_document_of_the_api() -> None:
    """Who writes a program knows every one, also those to whom it comes seldom."""
    schema = MoveOut.model_json_schema()["properties"]["who"]
    assert sorted(schema["enum"]) == ["agency", "coordinator", "leader", "reporter"]


@pytest.mark.parametrize(
    ("clock", "before", "who"),
    [
        ("respond", [OPENED], "agency"),
        ("complete", [OPENED, INTERIM], "agency"),
        ("reply", [OPENED, ANSWERED], "reporter"),
        ("appeal", [OPENED, ANSWERED, RESOLVED, APPEALED], "leader"),
    ],
)
def test_a_date_that_an_amendment_moved_is_shown_moved(
    clock: str, before: list[Payload], who: str
) -> None:
    """Statement 26: whichever clock runs."""
    day = date(2026, 5, 4)
    moved = DueDateMoved(clock=clock, was=RESPOND, due_on=day, because="calendar")
    said = shown(*before, moved)["next_move"]
    assert (said["who"], said["by"]) == (who, day)


@pytest.mark.parametrize(
    ("clock", "missed"),
    [
        (Clock.VERIFY, followup.DeadlineMissed(clock=Clock.VERIFY, due_on=RESPOND)),
        (Clock.RESPOND, LATE),
        ("complete", followup.CompletionMissed(due_on=COMPLETE, agency=AGENCY)),
        ("appeal", AppealMissed(due_on=DECIDE, agency=AGENCY)),
    ],
)
def test_a_clock_that_ran_out_again_is_named_once(clock: str, missed: Payload) -> None:
    """A complaint that goes from agency to agency keeps no more of it than that it was late."""
    assert a_report(OPENED, missed, OPENED, missed, missed).state.missed == (clock,)


def test_a_date_that_turns_out_not_to_run_is_shown_no_more() -> None:
    """An aspiration whose case was opened before it was heard has no date to be done by."""
    lifted = DueDateLifted(clock="complete", was=COMPLETE, because="kind")
    assert shown(OPENED, INTERIM)["next_move"]["by"] == COMPLETE
    assert shown(OPENED, INTERIM, lifted)["next_move"]["by"] is None


def test_it_is_nobodys_move_once_the_reporter_cannot_reopen() -> None:
    """After the last day, where the reporter found it done, or took it back as it was closed."""
    ended = (OPENED, ANSWERED, RESOLVED)
    assert shown(*ended, today=REOPEN)["next_move"]["by"] == REOPEN
    assert shown(*ended, today=REOPEN + timedelta(days=1))["next_move"] is None
    assert shown(OPENED, ANSWERED, CONFIRMED)["next_move"] is None
    crossed = hearing(withdrawn(a_report(OPENED, ANSWERED)), [RESOLVED])
    assert TrackedOut.of(crossed, {}, RESPOND).next_move is None


@pytest.mark.parametrize("heard", [(OPENED, ANSWERED), (OPENED, ANSWERED, RESOLVED)])
def test_it_is_nobodys_move_once_the_reporter_was_erased(heard: tuple[Payload, ...]) -> None:
    """Nothing is taken from the reporter any more; the agency's move stays the agency's."""
    report = a_report(*heard)
    erased = erase(COMPLAINTS, report, intake.ReporterErased(redactions=()), asked(), UNDER)
    assert TrackedOut.of(report, {}, RESPOND).next_move is not None
    assert TrackedOut.of(erased, {}, RESPOND).next_move is None
    going_on = TrackedOut.of(hearing(erased, [REJECTED]), {}, RESPOND).next_move
    assert going_on is not None
    assert (going_on.who, going_on.by) == ("agency", MOVED)


def test_late_is_who_misses_the_clock_that_runs() -> None:
    """A first answer that came late makes the work after a reopening no later."""
    again = (OPENED, LATE, ANSWERED, RESOLVED, REJECTED)
    assert shown(OPENED, LATE)["overdue"]
    assert not shown(*again)["overdue"]
    assert shown(*again, followup.CompletionMissed(due_on=MOVED, agency=AGENCY))["overdue"]
    waits = (OPENED, ANSWERED, RESOLVED, APPEALED)
    assert not shown(*waits)["overdue"]
    assert shown(*waits, AppealMissed(due_on=DECIDE, agency=AGENCY))["overdue"]


def test_the_history_says_where_it_went_and_which_answer_was_the_last() -> None:
    """Routed, answered for now, answered, closed and reopened, each with its agency and date."""
    routed = routing.ComplaintRouted(agency=AGENCY, turn=1)
    steps = shown(routed, OPENED, INTERIM, ANSWERED, RESOLVED, REJECTED)["history"][1:]
    assert [(step["what"], step["until"], step["interim"]) for step in steps] == [
        ("complaint.routed.v1", None, False),
        ("response.given.v1", None, True),
        ("response.given.v1", REPLY, False),
        ("case.resolved.v1", REOPEN, False),
        ("case.reopened.v1", MOVED, False),
    ]
    assert {step["agency"] for step in steps} == {AGENCY}


def test_what_an_agency_says_as_it_closes_the_case_is_read_by_its_reporter() -> None:
    """Beside the end that it is about; who follows the report reads answers alone."""
    note = "Lampu diganti pada 3 Maret."
    noted = RESOLVED.model_copy(update={"note": note})
    report = a_report(OPENED, ANSWERED, noted)
    (end,) = (
        step for step in shown(OPENED, ANSWERED, noted)["history"] if "resolved" in step["what"]
    )
    assert (end["text"], end["agency"], end["until"]) == (note, AGENCY, REOPEN)
    assert note not in MainOut.of(report, RESPOND).model_dump_json()


def test_what_a_coordinator_put_right_stands_beside_what_was_written() -> None:
    """Category and area as they count by now, what was written, and the step that changed them."""
    before = shown()
    verified = routing.ComplaintVerified(category="jalan", area="81.71.03")
    after = shown(verified, routing.ComplaintVerified())
    assert before["present"] == {name: before[name] for name in ("category", "area")}
    assert after["present"] == {"category": "jalan", "area": "81.71.03"}
    assert (after["category"], after["area"]) == (before["category"], before["area"])
    assert [step["corrected"] for step in after["history"][1:]] == [after["present"], None]


def test_what_its_reporter_corrected_stands_until_a_coordinator_knows_better() -> None:
    """A verification that says nothing of the area leaves the reporter's last word."""
    report = amended(a_report(), area="81.71.03")
    for heard, area in ((None, "81.71.03"), ("81.71.01", "81.71.01")):
        verified = hearing(report, [routing.ComplaintVerified(area=heard)])
        assert TrackedOut.of(verified, {}, RESPOND).present.area == area


def test_what_its_reporter_says_later_changes_nothing_of_what_was_put_right() -> None:
    """A verification is shown beside what had been said by then."""
    area = "81.71.03"
    heard = [
        routing.ComplaintVerified(category="jalan", area=area),
        routing.ComplaintDeferred(
            missing=(routing.Gap(code="where", words="Jalan apa?"),), complete_by=REPLY
        ),
    ]
    later = replace(UNDER, now=UNDER.now + timedelta(hours=3))
    for report, corrected in (
        (hearing(amended(a_report(), area=area), heard), {"category": "jalan"}),
        (amended(a_report(*heard), under=later, area=area), {"category": "jalan", "area": area}),
    ):
        steps = TrackedOut.of(report, {}, RESPOND).model_dump()["history"]
        (verified,) = (each for each in steps if each["what"] == heard[0].type)
        assert verified["corrected"] == corrected


def test_what_a_rule_repeats_is_no_correction() -> None:
    """Verified by rule, a report bears the category that its reporter chose."""
    category = shown()["category"]
    (step,) = shown(routing.ComplaintVerified(category=category))["history"][1:]
    assert step["corrected"] is None


def named(code: str) -> str | None:
    """Know one agency by name."""
    return {AGENCY: "Dinas Pekerjaan Umum"}.get(code)


def test_every_step_is_said_in_a_sentence_with_names() -> None:
    """Whatever is shown of one's own and of others, in both languages; who and where by name."""
    others = {kind.type for kind in SHOWN}
    own = {kind for kind in COMPLAINTS.known if kind in {**intake.FACTS}}
    worded = {key.partition("/")[0] for key in STEPS}
    ruled = {followup.AppealDecided.type, followup.AppealRefused.type, INTERIM.type}
    assert others | own | ruled == worded
    heard = (
        routing.ComplaintVerified(category="jalan", area="81.71.03"),
        routing.ComplaintRouted(agency=AGENCY, turn=1),
        *(OPENED, INTERIM, ANSWERED, ANNOUNCED, RESOLVED, APPEALED, DISMISSED, REJECTED),
    )
    road = Category(code="jalan", name="Jalan", name_en="Roads")
    names = Names(named, {"81.71.03": "Teluk Ambon"}.__getitem__, (road,))
    for language, known in (
        ("id", ("Jalan; Teluk Ambon.", "kepada Dinas Pekerjaan Umum", "menanggapi laporan.")),
        ("en", ("Roads; Teluk Ambon.", "to Dinas Pekerjaan Umum,", "answered the report.")),
    ):
        steps = TrackedOut.of(a_report(*heard), {}, RESPOND, None, Teller(language, names)).history
        said = [str(step.sentence) for step in steps]
        assert [len(said), len(set(said))] == [10, 10]
        assert not any(mark in each for each in said for mark in ("{", "None", AGENCY))
        assert [each for each in known if not any(each in one for one in said)] == []


def test_nothing_that_was_asked_looks_like_nobody_answered() -> None:
    """Answers to questions of the category are left out where none were given."""
    tracked = shown(OPENED, ANSWERED)
    assert "answers" not in tracked
    assert tracked["history"][-1]["text"] == ANSWERED.text


async def test_a_tracked_report_has_the_names_of_the_register_and_of_the_table() -> None:
    """What the node knows of agencies, areas and categories is said to who asks."""
    kept = InMemoryComplaints()
    report = a_report(
        routing.ComplaintVerified(area="81.71.03"), routing.ComplaintRouted(agency=AGENCY, turn=1)
    )
    intake_here = dataclasses.replace(an_intake(kept), called=named)
    steps = (await answer(intake_here, report, "id", Response())).history[1:]
    assert "Baguala" in str(steps[0].sentence)
    assert "Dinas Pekerjaan Umum" in str(steps[1].sentence)


def test_a_village_is_named_by_its_district() -> None:
    """Intake has no names of villages."""
    verified = routing.ComplaintVerified(area="81.71.03.1002")
    names = Names(named, lambda code: {"81.71.03": "Teluk Ambon"}.get(code, ""))
    tracked = TrackedOut.of(a_report(verified), {}, RESPOND, None, Teller("id", names))
    assert "Teluk Ambon (81.71.03.1002)." in str(tracked.history[-1].sentence)


def test_what_has_no_name_is_spoken_of_all_the_same() -> None:
    """An agency of which the register told nothing, and an area that no table has."""
    heard = (
        routing.ComplaintVerified(area="81.71.03"),
        routing.ComplaintRouted(agency="x", turn=1),
    )
    for language, somebody in (("id", "instansi yang berwenang"), ("en", "the agency in charge")):
        tell = Teller(language, Names(named))
        steps = TrackedOut.of(a_report(*heard), {}, RESPOND, None, tell).history[1:]
        assert "81.71.03." in str(steps[0].sentence)
        assert somebody in str(steps[1].sentence)


def test_how_a_case_was_closed_is_said() -> None:
    """By the agency, by silence, or as its reporter found."""
    lapsed = RESOLVED.model_copy(update={"how": "lapsed"})
    said = [
        str(shown(OPENED, ANSWERED, end)["history"][-1]["sentence"])
        for end in (RESOLVED, lapsed, CONFIRMED)
    ]
    assert [each.split()[0] for each in said] == ["Instansi", "Laporan", "Anda"]


@pytest.mark.parametrize("language", ["id", "en"])
def test_only_the_next_move_says_by_when_something_can_be_done(language: str) -> None:
    """A date that a step named may have been moved since, or be over; it stands in ``until``."""
    report = a_report(OPENED, ANSWERED, ANNOUNCED, RESOLVED, APPEALED, DISMISSED, REJECTED)
    tracked = TrackedOut.of(report, {}, RESPOND, None, Teller(language))
    assert {REPLY, CLOSES, REOPEN, DECIDE} <= {step.until for step in tracked.history}
    assert [each.sentence for each in tracked.history if "2026" in str(each.sentence)] == []
    assert tracked.next_move is not None
    assert str(MOVED.year) in str(tracked.next_move.sentence)


@pytest.mark.parametrize(
    ("language", "said"),
    [("id", "Bukan wewenang instansi yang berwenang."), ("en", "it is routed anew.")],
)
def test_who_was_declined_reads_that_it_goes_elsewhere(language: str, said: str) -> None:
    """Not why: what an agency writes to the coordinator is not written to the reporter."""
    reason = "Jalan provinsi, tanya Pak Anu."
    declined = followup.DispositionDeclined(agency=AGENCY, turn=1, reason=reason)
    report = a_report(OPENED, declined)
    tracked = TrackedOut.of(report, {}, RESPOND, None, Teller(language))
    assert said in str(tracked.history[-1].sentence)
    assert reason not in tracked.model_dump_json()


@pytest.mark.parametrize("because", ["late", "confirmed", "moot"])
def test_whose_objection_nobody_decides_on_reads_why_in_a_sentence(because: str) -> None:
    """In Indonesian and in English; and no leader's move is waited for."""
    refused = followup.AppealRefused(about="case.resolved.v1/3", because=because, agency=AGENCY)
    report = a_report(OPENED, ANSWERED, RESOLVED, APPEALED, refused)
    said = [
        TrackedOut.of(report, {}, RESPOND, None, Teller(language)).history[-1].sentence
        for language in ("id", "en")
    ]
    assert ["Keberatan Anda" in str(said[0]), "objection" in str(said[1])] == [True, True]
    assert shown(OPENED, ANSWERED, RESOLVED, APPEALED, refused)["next_move"]["who"] == "reporter"


def test_an_objection_to_another_end_leaves_the_one_that_waits() -> None:
    """Whoever objected to an end of before is told so; a leader still has to decide."""
    other = followup.AppealRefused(about="case.resolved.v1/1", because="moot", agency=AGENCY)
    said = shown(OPENED, ANSWERED, RESOLVED, APPEALED, other)["next_move"]
    assert (said["who"], said["by"]) == ("leader", DECIDE)


def test_who_decides_on_an_objection_is_named_and_that_a_reply_ends_it() -> None:
    """Not the agency that is objected against: a leader who had no part in the case."""
    report = a_report(OPENED, ANSWERED, RESOLVED, APPEALED)
    for language, known in (("id", "Balasan Anda akan"), ("en", "A reply would")):
        move = TrackedOut.of(report, {}, RESPOND, None, Teller(language, Names(named))).next_move
        assert move is not None
        assert (move.who, move.agency) == ("leader", None)
        assert known in str(move.sentence)
        assert str(move.sentence).endswith(("13 April 2026.",))


def test_what_lies_with_the_coordinator_after_the_date_to_be_done_is_late() -> None:
    """Whoever has it: no agency is named."""
    verified, late = routing.ComplaintVerified(), followup.CompletionMissed(due_on=COMPLETE)
    said = shown(verified, late)
    assert (said["next_move"]["who"], said["overdue"]) == ("coordinator", True)
    assert not shown(verified)["overdue"]


@pytest.mark.parametrize("language", ["id", "en"])
def test_once_a_reply_reopens_nothing_the_leaders_move_does_not_offer_it(language: str) -> None:
    """It stands beside a sentence that says a reply changes nothing."""
    report = a_report(OPENED, ANSWERED, RESOLVED, APPEALED)
    after = REOPEN + timedelta(days=1)
    tracked = TrackedOut.of(report, {}, after, None, Teller(language, Names(named)))
    assert tracked.unheeded is not None
    assert tracked.next_move is not None
    said = str(tracked.next_move.sentence)
    assert [each in said for each in ("Balasan", "reply", "13 April 2026")] == [False, False, True]


@pytest.mark.parametrize(
    ("moot_by", "said"),
    [
        ("reopened", "karena laporan sudah dibuka kembali."),
        ("moved", "karena laporan sudah diteruskan ke instansi lain."),
        ("withdrawn", "karena laporan sudah Anda cabut."),
        ("merged", "karena laporan mengikuti laporan lain."),
        (None, "dicabut, atau mengikuti laporan lain."),
        ("eclipsed", "dicabut, atau mengikuti laporan lain."),
    ],
)
def test_of_a_moot_objection_the_one_cause_is_said(moot_by: str | None, said: str) -> None:
    """Of what an older release told, or a newer one, the cause is not known: all are named."""
    refused = followup.AppealRefused(about="x", because="moot", moot_by=moot_by, agency=AGENCY)
    step = shown(OPENED, ANSWERED, RESOLVED, APPEALED, refused)["history"][-1]
    assert step["outcome"] == "moot"
    assert step["sentence"].endswith(said)


def test_who_follows_a_report_is_not_told_what_its_reporter_can_do() -> None:
    """A reply to one's own report takes the other one up no more."""
    shown_main = MainOut.of(a_report(OPENED, ANSWERED), RESPOND)
    assert shown_main.next_move is not None
    assert (shown_main.next_move.who, shown_main.next_move.sentence) == ("reporter", None)
    assert [each.sentence for each in shown_main.answers] == [None]


def test_who_has_objected_to_an_end_is_not_told_to_object_to_it() -> None:
    """Dismissed, a reply is what is left."""
    ended = a_report(OPENED, ANSWERED, RESOLVED)
    objected = acts.appeal(COMPLAINTS, ended, "Masih gelap.", asked(), UNDER)
    dismissed = hearing(objected, [APPEALED, DISMISSED])
    for report, can_object in ((ended, True), (dismissed, False)):
        move = TrackedOut.of(report, {}, RESPOND, None, Teller("en")).next_move
        assert move is not None
        assert ("or object" in str(move.sentence)) is can_object


def test_every_move_is_said_in_a_sentence() -> None:
    """Whose ever it is, with the date that counts where one is known."""
    routed = routing.ComplaintRouted(agency=AGENCY, turn=1)
    lacks = routing.ComplaintDeferred(missing=(routing.Gap(code="where"),), complete_by=REPLY)
    heard: tuple[tuple[Payload, ...], ...] = (
        (),
        (lacks,),
        (routed, OPENED),
        (routed, OPENED, ANSWERED),
        (routed, OPENED, ANSWERED, RESOLVED),
    )
    tell = Teller("en", Names(named))
    moves = [TrackedOut.of(a_report(*each), {}, RESPOND, None, tell).next_move for each in heard]
    assert [str(move and move.sentence) for move in moves] == [
        "The report waits to be checked and passed on.",
        "Complete what is missing. By 25 March 2026.",
        "Dinas Pekerjaan Umum is working on it. By 9 March 2026.",
        "You can reply if it is not done. By 25 March 2026.",
        "If it is not done, reply, which has it taken up again, or object. By 8 April 2026.",
    ]


def test_the_history_says_that_it_was_set_aside() -> None:
    """What is missing until when, and that it was archived, without anybody's words."""
    lacks = (routing.Gap(code="where", words="Jalan apa?"),)
    deferred = routing.ComplaintDeferred(missing=lacks, complete_by=REPLY)
    archived = routing.ComplaintArchived(reason="too_general", words="Terlalu umum.")
    steps = shown(deferred, archived)["history"][1:]
    assert [(step["what"], step["until"], step["text"]) for step in steps] == [
        ("complaint.deferred.v1", REPLY, None),
        ("complaint.archived.v1", None, None),
    ]


@pytest.mark.parametrize(
    ("heard", "today", "said"),
    [
        ([OPENED, ANSWERED], MOVED, None),
        ([OPENED, ANSWERED, RESOLVED], REOPEN, None),
        (
            [OPENED, ANSWERED, RESOLVED],
            REOPEN + timedelta(days=1),
            ("sampai 8 April 2026", "until 8 April 2026"),
        ),
        ([OPENED, ANSWERED, CONFIRMED], MOVED, ("Laporan ini ditutup", "It is closed")),
        (
            [routing.ComplaintArchived(reason="prank")],
            MOVED,
            ("Laporan ini diarsipkan", "It is archived"),
        ),
        ([routing.ComplaintMerged(main="c-2")], MOVED, None),
    ],
)
def test_who_writes_too_late_reads_that_nothing_follows(
    heard: list[Payload], today: date, said: tuple[str, str] | None
) -> None:
    """A reply is taken after the days to come back, too; where it changes nothing, that is said."""
    for language, sentence in zip(("id", "en"), said or (None, None), strict=True):
        report = a_report(*heard)
        unheeded = TrackedOut.of(report, {}, today, None, Teller(language)).unheeded
        assert (sentence in str(unheeded)) if sentence else (unheeded is None)


HEARD = {
    "dispositions": [routing.ComplaintVerified(), routing.ComplaintRouted(agency=AGENCY, turn=1)],
    "cases": [ANSWERED, RESOLVED],
}


@given(st.permutations([stream for stream, facts in HEARD.items() for _ in facts]))
def test_what_happened_in_one_moment_stands_in_the_order_of_its_causes(order: list[str]) -> None:
    """Verified comes before routed, and the answer before the end, however they are heard."""
    document, numbers = a_report(), dict.fromkeys(HEARD, 0)
    for stream in order:
        nth = numbers[stream] = numbers[stream] + 1
        heard = a_fact(HEARD[stream][nth - 1], nth)
        document = replace(document, state=COMPLAINTS.fold(document.state, heard))
    steps = [each.what for each in TrackedOut.of(document, {}, RESPOND).history]
    told = [each.type for facts in HEARD.values() for each in facts]
    assert steps == ["complaint.received.v1", *told]
