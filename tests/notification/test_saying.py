"""What a mail to a reporter says of how an answer or an end came, and which date it names."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from services.notification.domain.audiences import REPORTER
from services.notification.domain.message import Message, Outcome
from services.notification.domain.patience import MOST_ATTEMPTS
from shared.contracts import followup, routing
from shared.contracts.fact import Payload
from shared.contracts.intake import Contact
from shared.contracts.lateness import AppealMissed, DueDateLifted, DueDateMoved
from shared.contracts.vocabulary import Clock
from tests.notification.doubles import ANSWER, COMPLAINT, WORDING, Room

X = "dinas-pu"
COMPLETE, REPLY, REOPEN, LATER = (date(2026, 4, day) for day in (1, 3, 8, 10))
OPENED = followup.CaseOpened(agency=X, turn=1, respond_by=COMPLETE, complete_by=COMPLETE)
INTERIM = followup.ResponseGiven(agency=X, text=ANSWER, interim=True)
ANSWERED = followup.ResponseGiven(agency=X, text=ANSWER, reply_by=REPLY)
ANNOUNCED = followup.ClosingAnnounced(agency=X, closes_on=REPLY)
CLOSED, LAPSED, CONFIRMED = (
    followup.CaseResolved(agency=X, how=how, reopen_by=by)
    for how, by in (("officer", REOPEN), ("lapsed", REOPEN), ("confirmed", None))
)


def told(*said: Payload, language: str = "id", room: Room | None = None) -> str:
    """Give the mail of the last of what an agency told, in one language."""
    room = room or Room()
    room.receive()
    contact = Contact(email="sina@warga.test", language=language)
    room.contact(sealed=contact.model_dump_json())
    room.route()
    room.hear(COMPLAINT, "cases", *said)
    return mail(room)


def mail(room: Room) -> str:
    """Word what waits last for the reporter."""
    state = room.state()
    *_, last = (each for each in state.pending if each.audience == REPORTER)
    message = room.notification.compose(state, last)
    assert isinstance(message, Message)
    return f"{message.subject}\n{message.body}"


@pytest.mark.parametrize(
    ("said", "language", "words"),
    [
        (
            [OPENED, INTERIM],
            "id",
            ("Tanggapan sementara", "menyusul paling lambat tanggal 1 April 2026"),
        ),
        (
            [OPENED, INTERIM],
            "en",
            ("Interim answer", "the final answer will follow by 1 April 2026"),
        ),
        (
            [OPENED, ANSWERED],
            "id",
            ("sudah ditanggapi", "balas paling lambat tanggal 3 April 2026:"),
        ),
        ([OPENED, ANSWERED], "en", ("has answered", "reply by 3 April 2026:")),
        (
            [OPENED, ANSWERED, ANNOUNCED],
            "id",
            ("akan ditutup", "paling lambat tanggal 3 April 2026"),
        ),
        ([OPENED, ANSWERED, ANNOUNCED], "en", ("will be closed", "PIN by 3 April 2026.")),
        ([OPENED, ANSWERED, CLOSED], "id", ("8 April 2026", "mengajukan keberatan", "membalas")),
        ([OPENED, ANSWERED, CLOSED], "en", ("until 8 April 2026", "or object", "a reply ends")),
        ([OPENED, ANSWERED, LAPSED], "id", ("karena Anda tidak membalas", "8 April 2026")),
        ([OPENED, ANSWERED, LAPSED], "en", ("as you did not reply", "8 April 2026")),
        ([OPENED, ANSWERED, CONFIRMED], "id", ("Anda menyatakan",)),
        ([OPENED, ANSWERED, CONFIRMED], "en", ("You said",)),
    ],
)
def test_a_mail_says_what_comes_next_and_until_when(
    said: list[Payload], language: str, words: tuple[str, ...]
) -> None:
    """An interim answer is followed by more; to a final one, and to an end, something can be said.

    To an end that the reporter found right nothing is left to be said.
    """
    text = told(*said, language=language)
    assert [each for each in words if each not in text] == []
    if said[-1] is CONFIRMED:
        assert "keberatan" not in text
        assert "object" not in text


@pytest.mark.parametrize(("language", "day"), [("id", "3 Mei 2026"), ("en", "3 May 2026")])
def test_a_mail_writes_a_date_as_the_page_does_and_an_sms_in_short(language: str, day: str) -> None:
    """One date has one form for who reads on: 03-05-2026 is also a day in March."""
    said = WORDING.say(
        language, REPORTER, ANSWERED.type, number="N", agency=None, until=date(2026, 5, 3)
    )
    assert day in said.body
    assert "03-05-2026" in said.short


def test_an_interim_answer_promises_no_day_that_has_passed() -> None:
    """Nor one that nobody knows."""
    room = Room()
    room.clock.now += timedelta(days=30)
    for text in (told(OPENED, INTERIM, room=room), told(INTERIM)):
        assert "tanggapan akhir menyusul. " in text
        assert "2026" not in text


def test_a_date_that_was_moved_while_a_mail_waits_is_told_moved() -> None:
    """Only by the clock that it is of; one that turns out not to run is told no more."""
    moved, other = (
        DueDateMoved(clock=clock, was=REPLY, due_on=LATER, because="calendar")
        for clock in ("reply", "complete")
    )
    assert "10 April 2026" in told(OPENED, ANSWERED, moved)
    assert "3 April 2026" in told(OPENED, ANSWERED, other)
    lifted = DueDateLifted(clock="complete", was=COMPLETE, because="kind")
    assert "2026" not in told(OPENED, INTERIM, lifted)


OBJECTED = followup.AppealFiled(agency=X, decide_by=LATER)
MOOT = followup.AppealRefused(about="e", because="moot", moot_by="reopened", agency=X)
REOPENED = followup.CaseReopened(agency=X, because="reply")


def waiting(room: Room) -> list[str]:
    """Name what is to be said to the reporter beside that the report was received."""
    said = [each.said for each in room.state().pending if each.audience == REPORTER]
    return [each for each in said if not each.startswith("complaint.")]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "id",
            ("sudah kami terima", "paling lambat tanggal 10 April 2026", "Anda tidak perlu membal"),
        ),
        ("en", ("received your objection", "decides by 10 April 2026", "You need not reply")),
    ],
)
def test_who_objects_gets_a_receipt(language: str, words: tuple[str, ...]) -> None:
    """It says by when it is decided, by whom, and that a reply would end it."""
    text = told(OPENED, CLOSED, OBJECTED, language=language)
    assert [each for each in words if each not in text] == []
    assert "appeal" not in text.lower()


def test_an_objection_that_a_reply_ends_is_told_by_one_mail() -> None:
    """The one that says that the case is open again; a reopening without objection says no more."""
    room = Room()
    text = told(OPENED, CLOSED, OBJECTED, MOOT, REOPENED, room=room)
    assert waiting(room) == ["case.reopened.v1/objected"]
    assert "Keberatan Anda berakhir" in text
    plain = Room()
    assert "Keberatan" not in told(OPENED, CLOSED, REOPENED, room=plain)
    assert waiting(plain) == ["case.reopened.v1"]


def test_an_objection_that_comes_after_the_reopening_is_answered_by_itself() -> None:
    """Nothing else would say it."""
    room = Room()
    text = told(OPENED, CLOSED, REOPENED, MOOT, room=room)
    assert waiting(room) == ["case.reopened.v1", "appeal.refused.v1/reopened"]
    assert "karena laporan itu sudah dibuka kembali" in text


AGENCY_MAILS: list[tuple[list[Payload], str, str]] = [
    ([OPENED], "ditindaklanjuti dalam batas waktu, paling lambat tanggal", "in time, by"),
    ([OPENED, followup.CaseAssigned(agency=X, unit="bina-marga")], "berlaku:", "it is due on"),
    ([OPENED, followup.ResponseDrafted(agency=X, text=ANSWER)], "sampai tanggal", "until"),
    ([OPENED, followup.DraftReturned(agency=X, reason=ANSWER)], "Batas waktunya", "It is due on"),
    (
        [OPENED, followup.DeadlineMissed(clock=Clock.RESPOND, due_on=COMPLETE, agency=X)],
        "melewati tenggat, tanggal",
        "past its deadline,",
    ),
    (
        [OPENED, followup.CompletionMissed(due_on=COMPLETE, agency=X)],
        "melewati tenggat penyelesaian, tanggal",
        "the deadline for completing it,",
    ),
    (
        [OPENED, followup.CaseEscalated(level="superior", due_on=COMPLETE, agency=X)],
        "dalam batas waktu, tanggal",
        "in time, by",
    ),
    (
        [OPENED, CLOSED, followup.CaseReopened(agency=X, because="reply", complete_by=COMPLETE)],
        "Batas waktunya",
        "It is due on",
    ),
    (
        [OPENED, CLOSED, followup.AppealFiled(agency=X, decide_by=COMPLETE)],
        "menangani laporan ini paling lambat tanggal",
        "no part in the report decides by",
    ),
    (
        [OPENED, CLOSED, AppealMissed(agency=X, due_on=COMPLETE)],
        "tenggatnya, tanggal",
        "The date for a decision,",
    ),
]


def of_agency(*said: Payload, between: Payload | None = None) -> list[str]:
    """Word what waits last for the agency, in each language."""
    room = Room()
    told(*said, room=room)
    if between is not None:
        room.hear(COMPLAINT, "cases", between)
    state = room.state()
    *_, last = (each for each in state.pending if each.audience != REPORTER)
    return [room.notification.words(state, last, language).body for language in ("id", "en")]


@pytest.mark.parametrize(
    ("said", "indonesian", "english"),
    AGENCY_MAILS,
    ids=[each[-1].type for each, _, _ in AGENCY_MAILS],
)
def test_a_mail_to_an_agency_names_the_date(
    said: list[Payload], indonesian: str, english: str
) -> None:
    """What it owes next is due then, or was; in the words of each language."""
    first, second = of_agency(*said)
    assert f"{indonesian} 1 April 2026" in first
    assert f"{english} 1 April 2026" in second


def test_a_mail_to_an_agency_names_the_date_of_now() -> None:
    """One that was moved, or lifted, while the mail waited."""
    moved = DueDateMoved(clock="respond", was=COMPLETE, due_on=LATER, because="calendar")
    assert "10 April 2026" in of_agency(OPENED, between=moved)[0]
    lifted = DueDateLifted(clock="respond", was=COMPLETE, because="kind")
    assert "2026" not in of_agency(OPENED, between=lifted)[0]
    moved = DueDateMoved(clock="appeal", was=COMPLETE, due_on=LATER, because="calendar")
    filed = followup.AppealFiled(agency=X, decide_by=COMPLETE)
    assert "10 April 2026" in of_agency(OPENED, CLOSED, filed, between=moved)[0]


def test_an_agency_hears_of_a_report_when_its_case_is_open() -> None:
    """Until then it could neither read it nor be told by when."""
    room = Room()
    room.receive()
    room.hear(COMPLAINT, "dispositions", routing.ComplaintRouted(agency=X, turn=1))
    assert room.state().due_at is None
    room.hear(COMPLAINT, "cases", OPENED)
    assert room.state().due_at == room.clock.now


UPHELD, DISMISSED = (
    followup.AppealDecided(agency=X, outcome=outcome, reason=ANSWER)
    for outcome in ("upheld", "dismissed")
)
RESUMED = followup.CaseReopened(agency=X, because="appeal", complete_by=LATER)


@pytest.mark.parametrize(
    ("said", "language", "words"),
    [
        ([UPHELD, RESUMED], "id", "dikabulkan, dan laporan dibuka kembali"),
        ([UPHELD, RESUMED], "en", "was upheld, and the report is open again"),
        ([DISMISSED], "id", "tidak dikabulkan, sehingga laporan tetap ditutup"),
        ([DISMISSED], "en", "was not upheld, so the report stays closed"),
    ],
)
def test_one_mail_says_how_an_objection_was_decided(
    said: list[Payload], language: str, words: str
) -> None:
    """To the reporter and to the agency; an agency that has it again is told by when."""
    room = Room()
    text = told(OPENED, CLOSED, *said, language=language, room=room)
    state = room.state()
    assert words in text
    [office] = [p for p in state.pending if p.agency and p.audience != REPORTER and p.turn]
    assert words in room.notification.words(state, office, language).body
    assert followup.CaseReopened.type not in {each.about for each in state.pending}
    assert ("10 April 2026" in room.notification.words(state, office, language).body) == (
        said[-1] is RESUMED
    )


@pytest.mark.parametrize("since", [ANSWERED, CLOSED])
def test_an_objection_that_ended_before_the_report_was_answered_again_is_told(
    since: Payload,
) -> None:
    """Nothing says by then that it is open; that nobody decides stays so, and is told once."""
    for ended in ([OBJECTED, MOOT, REOPENED], [REOPENED, MOOT]):
        room = Room()
        told(OPENED, CLOSED, *ended, since, room=room)
        assert sorted(waiting(room)) == sorted([MOOT.type, since.type])
        room.hear(COMPLAINT, "cases", CLOSED, REOPENED)
        assert REOPENED.type in waiting(room)


@pytest.mark.parametrize("outcome", ["dead", "uncertain"])
def test_a_later_reopening_ends_no_objection_that_ended_before(outcome: str) -> None:
    """The mail of that was lost: it is offered to be sent again, in words that are still so."""
    room = Room()
    told(OPENED, CLOSED, REOPENED, MOOT, room=room)
    lose(room, outcome)
    room.hear(COMPLAINT, "cases", CLOSED, REOPENED)
    assert waiting(room) == [REOPENED.type]
    assert (MOOT.type, None) in {(each.about, each.wording) for each in room.state().lost}


def test_indonesian_has_one_word_for_deciding() -> None:
    """``memutuskan``, decide; ``memutus`` is also to cut off."""
    said = [
        template.render(number="N", agency="A", main="M", pin="1", until="3 Mei 2026")
        for (language, _, _), parts in WORDING.templates.items()
        for template in parts.values()
        if language == "id"
    ]
    assert [each for each in said if re.search(r"\bdiputus\b", each)] == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("id", "Jika PIN hilang, mintalah PIN panjang dengan nomor laporan"),
        ("en", "If you lose the PIN, ask for a long one with the report's number"),
    ],
)
def test_the_receipt_says_what_to_do_about_a_lost_pin(language: str, words: str) -> None:
    """Who reads it again in a month has perhaps nothing else."""
    said = WORDING.say(language, REPORTER, "complaint.received.v1", number="N", agency=None)
    assert words in said.body


def test_no_english_mail_calls_an_objection_an_appeal() -> None:
    """One word for one thing, to reporters and to agencies."""
    for language, recipient, about in WORDING.templates:
        if language == "en":
            said = WORDING.say("en", recipient, about, number="N", agency=None, pin="1", main="M")
            assert "appeal" not in f"{said.subject} {said.short} {said.body}".lower()


def lose(room: Room, outcome: str) -> None:
    """Try all that waits until nobody knows of it that it arrived."""
    kind = "retry" if outcome == "dead" else outcome
    for _ in range(MOST_ATTEMPTS):
        room.clock.now += timedelta(hours=12)
        document, under = room.documents.kept[COMPLAINT], room.clock.under()
        document, claimed = room.ledger.claim_all(document, under, "postman")
        for each in claimed:
            document = room.ledger.end(document, each, Outcome(kind), under)
        room.documents.kept[COMPLAINT] = document
    assert {each.outcome for each in room.state().lost} == {outcome}


def replay(room: Room, outcome: str) -> None:
    """Have what was lost sent again."""
    document = room.documents.kept[COMPLAINT]
    document = room.ledger.replay(document, [outcome], "operator", room.clock.under())
    room.documents.kept[COMPLAINT] = document


@pytest.mark.parametrize("outcome", ["dead", "uncertain"])
def test_what_is_sent_again_says_what_was_to_be_said(outcome: str) -> None:
    """A lost notice keeps its words and its date."""
    room = Room()
    before = told(OPENED, INTERIM, room=room)
    lose(room, outcome)
    replay(room, outcome)
    assert mail(room) == before


@pytest.mark.parametrize("outcome", ["dead", "uncertain"])
def test_an_objection_that_ended_is_told_though_the_mail_of_it_was_lost(outcome: str) -> None:
    """The mail that the report is open again says it, and what was lost is not sent again."""
    room = Room()
    told(OPENED, CLOSED, OBJECTED, MOOT, room=room)
    lose(room, outcome)
    room.hear(COMPLAINT, "cases", REOPENED)
    assert waiting(room) == ["case.reopened.v1/objected"]
    assert MOOT.type not in {each.about for each in room.state().lost}


@pytest.mark.parametrize("outcome", ["dead", "uncertain"])
def test_what_is_sent_again_after_its_date_was_moved_tells_the_date_of_now(outcome: str) -> None:
    """A date may be moved while nobody knows of a mail that it arrived; or not run any more."""
    moved = DueDateMoved(clock="reply", was=REPLY, due_on=LATER, because="outage")
    lifted = DueDateLifted(clock="reply", was=REPLY, because="kind")
    for said, date_of_now in ((moved, "10 April 2026"), (lifted, None)):
        room = Room()
        told(OPENED, ANSWERED, room=room)
        lose(room, outcome)
        room.hear(COMPLAINT, "cases", said)
        replay(room, outcome)
        text = mail(room)
        assert "3 April 2026" not in text
        assert date_of_now in text if date_of_now else "2026" not in text
