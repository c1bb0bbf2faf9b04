"""What was overtaken is not sent: streams are heard in any order, and mail may wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notification.domain.audiences import ALONE, REPORTER, TABLE
from services.notification.domain.message import Outcome
from services.notification.domain.notice import Pending
from services.notification.domain.patience import MOST_ATTEMPTS
from services.notification.store import SHAPE
from shared.contracts import followup, intake, routing
from shared.contracts.contribution import ContributionAsked, ContributionGiven
from shared.contracts.fact import Payload
from shared.contracts.lateness import AppealMissed
from shared.contracts.routing import Gap
from shared.contracts.vocabulary import Channel, Clock
from tests.desk import NOON, received
from tests.notification.doubles import ANSWER, COMPLAINT, REPORTER_AT, Room

X, Y = "dinas-pu", "dinsos"
DAY = date(2026, 3, 27)
RECEIVED = received(NOON, reachable=True)
REPLIED, WITHDRAWN = intake.ReporterReplied(text="Belum."), intake.ComplaintWithdrawn()
ROUTED = routing.ComplaintRouted(agency=X, turn=1)
MOVED = routing.ComplaintRouted(agency=Y, turn=2, words="Bukan jalan kota.")
DEFERRED = routing.ComplaintDeferred(missing=(Gap(code="where"),), complete_by=DAY)
RESUMED = routing.ComplaintResumed()
ARCHIVED = routing.ComplaintArchived(reason="prank")
MERGED = routing.ComplaintMerged(main=COMPLAINT.replace("1", "2"))
UNMERGED = routing.ComplaintUnmerged(main=COMPLAINT.replace("1", "2"), because="officer")
OPENED = followup.CaseOpened(agency=X, turn=1, respond_by=DAY)
OPENED_AGAIN = followup.CaseOpened(agency=Y, turn=2, respond_by=DAY)
ASKED = ContributionAsked(agency=Y, turn=1, lead=X)
GIVEN = ContributionGiven(agency=Y, turn=1, text="Lapak kami pindahkan.")
LATE = followup.DeadlineMissed(clock=Clock.RESPOND, due_on=DAY, agency=X)
DECLINED = followup.DispositionDeclined(agency=X, turn=1, reason="Bukan kami.")
ANSWERED = followup.ResponseGiven(agency=X, text=ANSWER)
RESOLVED = followup.CaseResolved(agency=X)
REOPENED = followup.CaseReopened(agency=X, because="reply")
DRAFTED = followup.ResponseDrafted(agency=X, text=ANSWER)
RETURNED = followup.DraftReturned(agency=X, reason="Kurang jelas.")
CLOSING = followup.ClosingAnnounced(agency=X, closes_on=DAY)
CLOSING_ANEW = followup.ClosingAnnounced(agency=X, closes_on=DAY, rests=1)
OBJECTED = followup.AppealFiled(agency=X, decide_by=DAY)
UNDECIDED = AppealMissed(agency=X, due_on=DAY)

Story = Mapping[str, Sequence[Payload]]
Sent = tuple[str, str]
REPLY: Story = {
    "complaints": [RECEIVED, REPLIED, WITHDRAWN],
    "dispositions": [ROUTED],
    "cases": [OPENED, ANSWERED, REOPENED],
}
UNROUTED: Story = {"complaints": [RECEIVED, WITHDRAWN], "dispositions": [DEFERRED], "cases": []}
SENT_BACK: Story = {
    "complaints": [RECEIVED],
    "dispositions": [ROUTED, MOVED],
    "cases": [OPENED, ASKED, LATE, DECLINED, OPENED_AGAIN],
}
ENDED: Story = {
    "complaints": [RECEIVED],
    "dispositions": [ROUTED, ARCHIVED],
    "cases": [OPENED, DECLINED],
}
CLOSED: Story = {
    "complaints": [RECEIVED],
    "dispositions": [ROUTED],
    "cases": [OPENED, ANSWERED, RESOLVED],
}
JOINED: Story = {
    "complaints": [RECEIVED],
    "dispositions": [ROUTED, MERGED],
    "cases": [OPENED, ANSWERED, REOPENED],
}
PARTED: Story = {**JOINED, "dispositions": [ROUTED, MERGED, UNMERGED]}
STORIES = {
    "reply": REPLY,
    "unrouted": UNROUTED,
    "sent back": SENT_BACK,
    "archived": ENDED,
    "closed": CLOSED,
    "joined": JOINED,
    "parted": PARTED,
}
LASTS = [
    ("reply", X, "complaint.withdrawn.v1"),
    ("sent back", REPORTER, "complaint.routed.v1"),
    ("sent back", Y, "complaint.routed.v1"),
    ("archived", REPORTER, "complaint.archived.v1"),
    ("closed", REPORTER, "case.resolved.v1"),
]
"""By story and who hears it, what is true at its end."""
SAYS_IT_GOES_ON = {line.about for line in TABLE if line.holds == ALONE}


def orders(story: Story) -> st.SearchStrategy[list[str]]:
    """Draw in which order streams are heard, fact by fact, and when mail is sent."""
    steps = [stream for stream, facts in story.items() for _ in facts]
    return st.permutations([*steps, "contacts", *["send"] * 4])


def send(room: Room, outcome: str = "sent") -> list[Pending]:
    """Have everything tried that is due, and note how it ended; give what was tried."""
    document, under = room.documents.kept.get(COMPLAINT), room.clock.under()
    if document is None:
        return []
    document, claimed = room.ledger.claim_all(document, under, "postman")
    for each in claimed:
        document = room.ledger.end(document, each, Outcome(outcome), under)
    room.documents.kept[COMPLAINT] = document
    return list(claimed)


def play(story: Story, order: Sequence[str]) -> tuple[Room, list[tuple[Sent, set[str]]]]:
    """Hear a story in an order; give what was sent, each with what was known by then."""
    room, heard, sent = Room(), set[str](), []
    left = {stream: list(facts) for stream, facts in story.items()}
    for step in order:
        if step == "send":
            sent += [((each.audience, each.about), set(heard)) for each in send(room)]
        elif step == "contacts":
            room.contact()
        else:
            said = left[step].pop(0)
            room.hear(COMPLAINT, step, said)
            heard.add(said.type)
    sent += [((each.audience, each.about), set(heard)) for each in send(room)]
    return room, sent


@pytest.mark.parametrize(("name", "audience", "last"), LASTS)
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_the_last_mail_says_what_is_true(
    name: str, audience: str, last: str, data: st.DataObject
) -> None:
    """However streams and mails interleave, nobody's last mail but a receipt is out of date."""
    _, sent = play(STORIES[name], data.draw(orders(STORIES[name])))
    about = [each for (whom, each), _ in sent if whom in (audience, "agency")]
    assert [each for each in about if each != RECEIVED.type][-1] == last


@pytest.mark.parametrize("name", ["reply", "unrouted"])
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_nobody_is_told_that_a_withdrawn_report_goes_on(name: str, data: st.DataObject) -> None:
    """Once the withdrawal is heard, no mail says that somebody is at it, or wants something."""
    _, sent = play(STORIES[name], data.draw(orders(STORIES[name])))
    told = {about for (_, about), heard in sent if WITHDRAWN.type in heard}
    assert not told & SAYS_IT_GOES_ON


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_nobody_is_told_to_act_on_a_report_that_follows_another(data: st.DataObject) -> None:
    """Merged, it rests, whatever its agency did before it had heard so."""
    room, sent = play(JOINED, data.draw(orders(JOINED)))
    assert not {about for (_, about), heard in sent if MERGED.type in heard} & SAYS_IT_GOES_ON
    assert room.state().due_at is None


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_an_agency_that_has_it_no_more_is_asked_for_nothing(data: st.DataObject) -> None:
    """Handed on, its former agencies hear no more of what they owed."""
    _, sent = play(SENT_BACK, data.draw(orders(SENT_BACK)))
    moved = [each for each, heard in sent if DECLINED.type in heard]
    assert (X, "complaint.routed.v1") not in moved
    assert (X, "deadline.missed.v1") not in moved


@pytest.mark.parametrize("name", list(STORIES))
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_nothing_is_told_twice_and_what_happened_is_told(name: str, data: st.DataObject) -> None:
    """Each notice goes out once at most; receipt, answer, end and withdrawal always do."""
    story = STORIES[name]
    room, _ = play(story, data.draw(orders(story)))
    facts = [row["data"] for row in room.documents.kept[COMPLAINT].facts]
    notices = [each["notice"] for each in facts]
    assert len(notices) == len(set(notices))
    events = {RECEIVED.type, ANSWERED.type, ARCHIVED.type}
    events |= {WITHDRAWN.type} if ROUTED in story["dispositions"] else set()
    happened = {said.type for said_in in story.values() for said in said_in}
    assert happened & events <= {each["about"] for each in facts}


@pytest.mark.parametrize("name", list(STORIES))
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_what_waits_follows_from_what_was_heard_in_any_order(
    name: str, data: st.DataObject
) -> None:
    """Heard before anything could be sent, the same is to be sent, whatever came first."""
    story = STORIES[name]
    order = [step for step in data.draw(orders(story)) if step != "send"]
    plain = [stream for stream, facts in story.items() for _ in facts] + ["contacts"]
    found = []
    for each in (order, plain):
        room, sent = play(story, each)
        waiting = sorted((one.notice, one.about) for one in room.state().pending)
        found.append((sorted(one for one, _ in sent), waiting))
    assert found[0] == found[1]


def hearing(*said: tuple[str, Payload], **other: Any) -> Room:
    """Give a room that heard of a reachable reporter, and then this."""
    room = Room()
    room.receive(**other)
    room.contact(sealed=REPORTER_AT)
    for stream, each in said:
        room.hear(COMPLAINT, stream, each)
    return room


def waits(room: Room) -> list[Sent]:
    """Name what waits, beside the receipt."""
    left = (each for each in room.state().pending if each.about != RECEIVED.type)
    return [(each.audience, each.about) for each in left]


def test_a_reply_and_a_withdrawal_within_a_second_leave_one_mail() -> None:
    """Heard of the withdrawal first, "open again" is told neither to agency nor to reporter."""
    room = hearing(("dispositions", ROUTED), ("cases", OPENED), ("cases", ANSWERED))
    send(room)
    room.hear(COMPLAINT, "complaints", REPLIED, WITHDRAWN)
    assert [each.about for each in send(room)] == [REPLIED.type, WITHDRAWN.type]
    room.hear(COMPLAINT, "cases", REOPENED)
    assert send(room) == []
    assert room.state().pending == ()


def test_what_is_overtaken_while_it_is_tried_is_not_tried_again() -> None:
    """An attempt under way ends by itself; put off, it does not come back."""
    room = hearing(("dispositions", ROUTED), ("cases", REOPENED))
    document, claimed = room.ledger.claim_all(
        room.documents.kept[COMPLAINT], room.clock.under(), "p"
    )
    room.documents.kept[COMPLAINT] = document
    room.hear(COMPLAINT, "complaints", WITHDRAWN)
    assert {each.about for each in claimed} >= {each for _, each in waits(room)} - {WITHDRAWN.type}
    document = room.documents.kept[COMPLAINT]
    for each in claimed:
        kind = "sent" if each.audience == REPORTER else "retry"
        document = room.ledger.end(document, each, Outcome(kind), room.clock.under())
    room.documents.kept[COMPLAINT] = document
    assert waits(room) == [("agency", WITHDRAWN.type)]
    assert room.types(COMPLAINT).count("notice.sent.v1") == 3


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ([("cases", RESOLVED), ("cases", REOPENED)], {REOPENED.type}),
        ([("cases", REOPENED), ("cases", RESOLVED)], {RESOLVED.type}),
        ([("dispositions", DEFERRED), ("dispositions", RESUMED)], set()),
        ([("dispositions", DEFERRED), ("dispositions", DEFERRED)], {DEFERRED.type}),
        ([("dispositions", MERGED), ("dispositions", UNMERGED)], {UNMERGED.type}),
        ([("cases", LATE), ("cases", ANSWERED)], {ANSWERED.type}),
        (
            [("cases", REOPENED), ("cases", ANSWERED.model_copy(update={"interim": True}))],
            {REOPENED.type, ANSWERED.type},
        ),
        ([("cases", DRAFTED), ("cases", RESOLVED)], {RESOLVED.type}),
        ([("cases", RETURNED), ("cases", RESOLVED)], {RESOLVED.type}),
    ],
)
def test_what_waited_past_the_next_of_its_stream_is_dropped(
    said: list[tuple[str, Payload]], left: set[str]
) -> None:
    """An attempt that is put off, or a night, does not make the older one the last."""
    room = hearing(*said)
    assert {about for _, about in waits(room)} == left


@pytest.mark.parametrize(("before", "last"), [(0, "uncertain"), (MOST_ATTEMPTS - 1, "retry")])
def test_what_is_overtaken_while_it_is_tried_is_not_lost(before: int, last: str) -> None:
    """Nobody knows that "is closed" arrived: taken up again since, it is not sent once more."""
    room = hearing(("dispositions", ROUTED), ("cases", OPENED))
    send(room)
    room.hear(COMPLAINT, "cases", RESOLVED)
    for _ in range(before):
        send(room, "retry")
        room.clock.pass_by(timedelta(days=1))
    under = room.clock.under()
    document, claimed = room.ledger.claim_all(room.documents.kept[COMPLAINT], under, "p")
    assert [each.about for each in claimed] == [RESOLVED.type]
    room.documents.kept[COMPLAINT] = document
    room.hear(COMPLAINT, "cases", REOPENED)
    document = room.ledger.end(
        room.documents.kept[COMPLAINT], claimed[0], Outcome(last), room.clock.under()
    )
    document = room.ledger.replay(document, ("dead", "uncertain"), "op", room.clock.under())
    assert document.state.lost == ()
    assert {each.about for each in document.state.pending} == {REOPENED.type}


def test_who_is_to_help_is_not_asked_while_there_is_an_answer() -> None:
    """Its desk does not have the report by then; taken up again, it has, and is asked."""
    room = hearing(("dispositions", ROUTED), ("cases", OPENED), ("cases", ASKED))
    room.hear(COMPLAINT, "cases", ANSWERED)
    assert ASKED.type not in {each.about for each in send(room)}
    room.hear(COMPLAINT, "cases", RESOLVED)
    assert ASKED.type not in {each.about for each in send(room)}
    room.hear(COMPLAINT, "cases", REOPENED)
    assert ASKED.type in {each.about for each in send(room)}


def test_who_is_to_help_is_asked_though_the_answer_of_the_turn_before_stands() -> None:
    """A coordinator asks another agency beside the lead, whose answer waits for its reporter."""
    more = routing.ComplaintRouted(agency=X, turn=2)
    room = hearing(("dispositions", ROUTED), ("cases", OPENED), ("cases", ANSWERED))
    room.hear(COMPLAINT, "dispositions", more)
    room.hear(COMPLAINT, "cases", OPENED.model_copy(update={"turn": 2}))
    room.hear(COMPLAINT, "cases", ASKED.model_copy(update={"turn": 2}))
    assert ASKED.type in {each.about for each in send(room)}


def asked(room: Room) -> list[str]:
    """Name who is to be told that a contribution is needed, for the first time or again."""
    state = room.state()
    return [each.audience for each in (*state.pending, *state.lost) if each.about == ASKED.type]


@pytest.mark.parametrize("outcome", ["retry", "uncertain", None])
def test_who_has_helped_is_not_asked_to_help(outcome: str | None) -> None:
    """Nothing lies on its desk; who was asked beside it is told all the same."""
    other = ASKED.model_copy(update={"agency": "satpol-pp"})
    room = hearing(("dispositions", ROUTED), ("cases", OPENED), ("cases", ASKED), ("cases", other))
    if outcome is not None:
        send(room, outcome)
    assert asked(room) == [Y, "satpol-pp"]
    room.hear(COMPLAINT, "cases", GIVEN)
    assert asked(room) == ["satpol-pp"]


def test_who_has_helped_is_not_asked_again_in_its_leads_next_turn() -> None:
    """What was given stands where another is asked beside it, and not at another lead."""
    turn = {"turn": 2}
    room = hearing(("dispositions", ROUTED), ("cases", OPENED), ("cases", ASKED), ("cases", GIVEN))
    room.hear(COMPLAINT, "dispositions", ROUTED.model_copy(update=turn))
    room.hear(COMPLAINT, "cases", OPENED.model_copy(update=turn), ASKED.model_copy(update=turn))
    assert asked(room) == []
    turn, lead = {"turn": 3}, {"turn": 3, "agency": "dishub"}
    room.hear(COMPLAINT, "dispositions", ROUTED.model_copy(update=lead))
    room.hear(COMPLAINT, "cases", OPENED.model_copy(update=lead), ASKED.model_copy(update=turn))
    assert asked(room) == [Y]


def test_who_was_left_out_for_a_turn_is_asked_anew() -> None:
    """What it gave before stands no more: its desk has the report again."""
    room = hearing(("dispositions", ROUTED), ("cases", OPENED), ("cases", ASKED), ("cases", GIVEN))
    for nth in (2, 3):
        turn = {"turn": nth}
        room.hear(COMPLAINT, "dispositions", ROUTED.model_copy(update=turn))
        room.hear(COMPLAINT, "cases", OPENED.model_copy(update=turn))
    room.hear(COMPLAINT, "cases", ASKED.model_copy(update={"turn": 3}))
    assert asked(room) == [Y]


@pytest.mark.parametrize("outcome", ["retry", "uncertain"])
@pytest.mark.parametrize("order", ["cases first", "dispositions first"])
def test_a_closing_that_was_announced_before_a_merger_is_announced_once(
    outcome: str, order: str
) -> None:
    """Who follows another report could not answer: separated, it hears the new date alone."""
    room = hearing(("dispositions", ROUTED), ("cases", OPENED), ("cases", ANSWERED))
    send(room)
    said: list[tuple[str, Payload]] = [("cases", CLOSING), ("dispositions", MERGED)]
    for each in said if order == "cases first" else reversed(said):
        room.hear(COMPLAINT, *each)
        send(room, outcome)
    room.hear(COMPLAINT, "dispositions", UNMERGED)
    assert CLOSING.type not in {each for _, each in waits(room)}
    assert CLOSING.type not in {each.about for each in room.state().lost}
    room.hear(COMPLAINT, "cases", CLOSING_ANEW)
    assert [each for _, each in waits(room)].count(CLOSING.type) == 1


def test_of_two_announcements_of_a_closing_the_later_one_is_told() -> None:
    """Nobody is mailed a date, and another one with the same mail."""
    room = hearing(("cases", CLOSING), ("cases", CLOSING))
    assert waits(room) == [(REPORTER, CLOSING.type)]


def test_a_lost_announcement_of_a_closing_is_sent_again_as_what_it_was() -> None:
    """An operator's replay does not make one that a merger took back true again."""
    room = hearing(("dispositions", ROUTED), ("cases", OPENED))
    room.hear(COMPLAINT, "dispositions", MERGED, UNMERGED)
    room.hear(COMPLAINT, "cases", CLOSING_ANEW)
    send(room, "uncertain")
    document = room.documents.kept[COMPLAINT]
    document = room.ledger.replay(document, ("uncertain",), "op", room.clock.under())
    room.documents.kept[COMPLAINT] = document
    assert (REPORTER, CLOSING.type) in waits(room)
    room.hear(COMPLAINT, "dispositions", MERGED)
    assert (REPORTER, CLOSING.type) not in waits(room)


@pytest.mark.parametrize("said", [OBJECTED, UNDECIDED])
def test_a_leader_hears_of_an_objection_to_what_follows_another(said: Payload) -> None:
    """It waits on, and is decided all the same (decision 0044)."""
    room = hearing(("dispositions", ROUTED), ("cases", OPENED), ("cases", RESOLVED))
    room.hear(COMPLAINT, "cases", said)
    room.hear(COMPLAINT, "dispositions", MERGED)
    assert said.type in {each.about for each in send(room)}


@pytest.mark.parametrize("stream", ["complaints", "dispositions"])
def test_a_leader_hears_of_no_objection_that_is_moot(stream: str) -> None:
    """Withdrawn, or another agency's by now: nobody is to decide."""
    room = hearing(("dispositions", ROUTED), ("cases", OPENED), ("cases", RESOLVED))
    room.hear(COMPLAINT, "cases", OBJECTED)
    room.hear(COMPLAINT, stream, WITHDRAWN if stream == "complaints" else MOVED)
    assert OBJECTED.type not in {each.about for each in send(room)}


def test_a_dead_notice_that_was_overtaken_is_not_offered_to_be_sent_again() -> None:
    """What an operator would send again would be wrong by now."""
    room = hearing(("dispositions", ROUTED), ("cases", OPENED), ("cases", REOPENED))
    send(room, "uncertain")
    assert {each.about for each in room.state().lost} >= {ROUTED.type, REOPENED.type}
    room.hear(COMPLAINT, "complaints", WITHDRAWN)
    assert {each.about for each in room.state().lost} == {RECEIVED.type}


def test_a_letter_says_nothing_that_was_overtaken() -> None:
    """Who left no address is handed nothing either that is no longer so."""
    room = hearing(
        ("dispositions", ROUTED), ("cases", REOPENED), reachable=False, channel=Channel.WALK_IN
    )
    assert [each.about for each in room.state().letter] == [ROUTED.type, REOPENED.type]
    room.hear(COMPLAINT, "dispositions", MERGED)
    assert [each.about for each in room.state().letter] == [MERGED.type]
    room.hear(COMPLAINT, "complaints", WITHDRAWN)
    assert room.state().letter == ()
    assert room.state().letter_at is None


def test_what_rests_with_a_merged_report_does_not_keep_it_out_of_the_archive() -> None:
    """It may follow the other for ever: nothing is to be sent."""
    room = hearing(("dispositions", MERGED), ("cases", REOPENED))
    send(room)
    room.clock.pass_by(timedelta(days=1))
    assert waits(room)
    assert SHAPE.closed
    assert SHAPE.closed(room.state())
