"""What is said, for every line of the table and under every flag; and that nothing else is."""

from __future__ import annotations

import re
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from services.notification.domain.audiences import (
    AGENCY,
    BY_EVENT,
    CHAT,
    EMAIL,
    PIN,
    REPORTER,
    SMS,
    TABLE,
    VARIANTS,
    Concern,
)
from services.notification.domain.message import Message
from services.notification.domain.notice import Pending
from services.notification.wording import NotWorded, Wording
from services.notification.wording.paper import GAPS, WIDTH, Letterhead, letter
from shared.contracts.intake import Contact
from shared.contracts.routing import Missing
from shared.contracts.topics import heard_by
from shared.ui.speech import LANGUAGES
from tests.notification.doubles import ANSWER, COMPLAINT, TEXT, TITLE, WORDING, Room

NUMBER = "8171-7K3M-9QXT-2"
NAME, PHONE, MAIL = "Budi Santoso", "+6281234567890", "budi@warga.test"
OFFICE = "Dinas Pekerjaan Umum"
FLAGS = tuple(product((False, True), repeat=2))
SAID_BY_PEOPLE = (TITLE, TEXT, ANSWER, NAME, MAIL, PHONE)
GSM = re.compile(r"[A-Za-z0-9 @!\"#$%&'()*+,./:;<=>?_-]*")
"""What an SMS of 160 characters may be made of, as far as we use it."""


def composed(
    line: Concern,
    *,
    anonymous: bool,
    confidential: bool,
    language: str | None,
    channel: str,
    wording: str | None = None,
    until: date | None = None,
) -> Message:
    """Word one line of the table for a complaint with these flags."""
    room = Room(channels=(channel,))
    contact = Contact(
        name=NAME,
        email=MAIL if channel == EMAIL else None,
        phone=None if channel == EMAIL else PHONE,
        language=language,
    )
    room.receive(anonymous=anonymous, confidential=confidential)
    room.contact(sealed=contact.model_dump_json())
    room.route()
    whom = REPORTER if line.recipient == REPORTER else "dinas-pu"
    pending = Pending(
        notice="n",
        about=line.about,
        audience=whom,
        agency="dinas-pu",
        wording=wording,
        until=until,
    )
    message = room.notification.compose(room.state(COMPLAINT), pending)
    assert isinstance(message, Message)
    return message


SAID = [
    (line, wording)
    for line in TABLE
    for wording in (None, *(each for whom, each in VARIANTS if whom == line.recipient))
    if wording is None or wording.startswith(f"{line.about}/")
]
"""Every line, and what else may be said of it."""


@pytest.mark.parametrize("until", [None, date(2026, 3, 25)], ids=["no date", "date"])
@pytest.mark.parametrize(
    ("line", "wording"), SAID, ids=[f"{line.recipient}-{said or line.about}" for line, said in SAID]
)
def test_39_every_event_under_every_flag_says_no_content(
    line: Concern, wording: str | None, until: date | None
) -> None:
    """Statements 35, 39: on each channel, in each language, anonim or not, rahasia or not."""
    for channel, (anonymous, confidential), language in product(
        line.channels, FLAGS, (*LANGUAGES, None, "jv")
    ):
        message = composed(
            line,
            anonymous=anonymous,
            confidential=confidential,
            language=language,
            channel=channel,
            wording=wording,
            until=until,
        )
        whole = f"{message.subject}\n{message.body}"
        assert NUMBER in message.body
        assert (NUMBER in message.subject) == (channel == EMAIL)
        assert not any(words in whole for words in SAID_BY_PEOPLE)
        assert not re.search(r"[{}%]|None", whole)
        assert not (confidential and OFFICE in whole)
        if channel != EMAIL:
            assert len(message.body) <= 160
            assert GSM.fullmatch(message.body)


@pytest.mark.parametrize("recipient", [REPORTER, AGENCY])
def test_39_of_a_confidential_complaint_all_news_is_the_same(recipient: str) -> None:
    """Statement 39: from outside nobody can tell which event a rahasia notice is about.

    The PIN is no event of the complaint: it is said to whoever left the contact, when asked for.
    """
    for channel, language in product((EMAIL, SMS, CHAT), LANGUAGES):
        said = {
            (message.subject, message.body)
            for line in TABLE
            if line.recipient == recipient and channel in line.channels and line.about != PIN
            for message in [
                composed(
                    line, anonymous=False, confidential=True, language=language, channel=channel
                )
            ]
        }
        assert len(said) <= 1


def test_35_the_reporter_hears_of_every_step() -> None:
    """Statement 35: received, disposed, tunda, answered, returned, closed and reopened."""
    heard = {line.about for line in TABLE if line.recipient == REPORTER}
    assert heard >= {
        "complaint.received.v1",
        "complaint.routed.v1",
        "complaint.deferred.v1",
        "response.given.v1",
        "disposition.declined.v1",
        "case.resolved.v1",
        "case.reopened.v1",
    }


@pytest.mark.parametrize(("language", "word"), [("id", "Laporan Anda"), ("en", "our report")])
def test_a_reporter_hears_in_the_chosen_language(language: str, word: str) -> None:
    """Who has chosen a language is written to in it alone."""
    line = BY_EVENT["complaint.received.v1"][0]
    said = composed(line, anonymous=False, confidential=False, language=language, channel=EMAIL)
    assert (word in said.body, said.languages) == (True, (language,))
    assert "---" not in said.body


def test_who_chose_no_language_hears_in_both() -> None:
    """A mail says it in Indonesian first, then in English; an SMS has room for Indonesian."""
    line = BY_EVENT["complaint.received.v1"][0]
    mail = composed(line, anonymous=False, confidential=False, language=None, channel=EMAIL)
    first, _, second = mail.body.partition("---")
    assert "aporan" in first
    assert "eport" in second
    short = composed(line, anonymous=False, confidential=False, language=None, channel=SMS)
    assert short.languages == ("id",)


def test_every_known_line_is_about_something_that_is_told() -> None:
    """Each fact that notification hears of and that has a line is spelled as it is told."""
    known = {kind for stream in heard_by("notification") for kind in stream.facts}
    assert len(known & BY_EVENT.keys()) >= 6
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+\.v1", about) for about in BY_EVENT)


def test_there_are_no_words_for_nothing() -> None:
    """Words nobody would ever be sent are not kept."""
    lines = {(line.recipient, line.about) for line in TABLE}
    spare = {(recipient, about) for _, recipient, about in WORDING.templates} - lines
    veils = {(REPORTER, "rahasia"), (AGENCY, "rahasia")}
    assert spare == veils | {*VARIANTS}


def test_missing_words_are_found_at_the_start(tmp_path: Path) -> None:
    """A process whose files lack a section does not begin to send."""
    for language, recipient in product(LANGUAGES, (REPORTER, AGENCY)):
        (tmp_path / language).mkdir(exist_ok=True)
        text = "== rahasia\nsubject: {{ number }}\nshort: {{ number }}\n\n{{ number }}\n"
        (tmp_path / language / f"{recipient}.txt").write_text(text)
    with pytest.raises(NotWorded, match=r"complaint\.received\.v1"):
        Wording(tmp_path)


@pytest.mark.parametrize("text", ["== rahasia\nsubject: only\n", "== rahasia\n\nonly a body\n"])
def test_a_section_of_another_form_is_found_at_the_start(tmp_path: Path, text: str) -> None:
    """A file somebody broke is named."""
    (tmp_path / "id").mkdir()
    (tmp_path / "id" / "reporter.txt").write_text(text)
    with pytest.raises(NotWorded, match=r"reporter\.txt: section rahasia"):
        Wording(tmp_path)


def test_a_letter_has_words_for_each_thing_that_can_be_missing() -> None:
    """In both languages; and what does not fit the line goes on below it."""
    assert all(GAPS[language].keys() == set(Missing) for language in LANGUAGES)
    head = Letterhead("Kabupaten " + "Kepulauan " * 7 + "(8171)", NUMBER, date(2026, 3, 17))
    assert max(map(len, letter(head, [["a"], ["b"]]).splitlines())) <= WIDTH


def test_an_agency_that_is_not_known_is_worded_around() -> None:
    """Without its name the agency is still spoken of, in each language."""
    for language, somebody in (("id", "instansi"), ("en", "agency")):
        said = WORDING.say(language, REPORTER, "response.given.v1", number="N", agency=None)
        assert somebody in said.body.lower()
