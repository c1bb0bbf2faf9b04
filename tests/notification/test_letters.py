"""Who came to the counter and left no address is told by a letter that a clerk prints."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notification.domain.audiences import REPORTER
from services.notification.domain.notice import LETTER
from services.notification.wording.paper import WIDTH
from shared.contracts import followup, intake, routing
from shared.contracts.fact import Payload
from shared.contracts.routing import Gap
from shared.contracts.vocabulary import Channel
from tests.desk import client, headers
from tests.notification.doubles import ANSWER, COMPLAINT, LOOK_AT, SENT, TEXT, TITLE, Room
from tests.notification.mail import MailHost

LETTERS = "/api/v1/letters"
ONE = f"{LETTERS}/{COMPLAINT}"
PURPOSE = {"kentongan-purpose": "hand over a letter"}


def walk_in(**other: Any) -> Room:
    """Give a room that heard of somebody at the counter, and that an agency answered."""
    room = Room()
    room.receive(reachable=False, channel=Channel.WALK_IN, **other)
    room.route()
    room.answer()
    return room


def defer(room: Room) -> None:
    """Hear that the complaint is incomplete."""
    gaps = (Gap(code="where", words="RT berapa?"), Gap(code="evidence"), Gap(code="later_code"))
    said = routing.ComplaintDeferred(missing=gaps, complete_by=date(2026, 3, 27))
    room.hear(COMPLAINT, "dispositions", said)


def deferred(order: str, **other: Any) -> Room:
    """Give a room that heard, in this order, of somebody at the counter and of what is missing."""
    room = Room()
    for step in order.split():
        if step == "receive":
            room.receive(reachable=False, channel=Channel.WALK_IN, **other)
        else:
            defer(room)
    return room


async def get(room: Room, path: str) -> httpx.Response:
    """Read as a clerk."""
    async with client(room.app) as http:
        return await http.get(path, headers={**headers("clerk"), **PURPOSE})


async def printed(room: Room, notices: list[str]) -> httpx.Response:
    """Say as a clerk what was printed."""
    async with client(room.app) as http:
        given = headers("clerk", key="printed-just-now-once")
        return await http.post(f"{ONE}/printed", json={"notices": notices}, headers=given)


async def test_36_who_left_no_address_gets_one_letter_of_all_that_waits() -> None:
    """Statement 36: it says in both languages what happened, and nothing that the report says."""
    room = walk_in()
    listed = (await get(room, LETTERS)).json()["items"]
    assert [(each["complaint"], each["notices"]) for each in listed] == [(COMPLAINT, 2)]
    letter = (await get(room, ONE)).json()
    text = letter["text"]
    assert "Dinas Pekerjaan Umum sudah menanggapi laporan Anda" in " ".join(text.split())
    assert "has answered your report" in " ".join(text.split())
    assert letter["tracking_number"] in text
    assert "Tanggal / Date : 17 Maret 2026 / 17 March 2026\n" in text
    assert text.count(f"Alamat/Address : {LOOK_AT}\n") == text.count(LOOK_AT) == 1
    assert not [line for line in text.splitlines() if len(line) > WIDTH]
    assert TITLE not in text
    assert TEXT not in text


async def test_every_letter_that_waits_is_on_one_page() -> None:
    """However many wait, and many of them since one moment, each is listed once, in its turn."""
    room, expected = Room(), []
    for moment, many in enumerate((1, 5, 2)):
        room.clock.pass_by(timedelta(minutes=1))
        for nth in reversed(range(many)):
            room.receive(f"c{moment}{nth}", reachable=False, channel=Channel.WALK_IN)
            room.answer(f"c{moment}{nth}")
        expected += [f"c{moment}{nth}" for nth in range(many)]
    for limit in (1, 2, 3, len(expected), 100):
        found, more, pages = [], "", 0
        while more is not None:
            page = (await get(room, f"{LETTERS}?limit={limit}{more}")).json()
            found += [each["complaint"] for each in page["items"]]
            more = page["next"] and f"&after={page['next']}"
            pages += 1
        assert found == expected
        assert pages == len(expected) // limit + 1


async def test_a_page_of_letters_begins_where_one_ended() -> None:
    """What no page gave as its next one is refused, in words."""
    refused = await get(walk_in(), f"{LETTERS}?after=yesterday")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "after")
    assert "Send what the page before gives as next" in refused.text


def told(room: Room, stream: str, said: Payload, order: str = "receive told", **other: Any) -> Room:
    """Have somebody at the counter heard of, and what an officer said, in this order."""
    for step in order.split():
        if step == "receive":
            room.receive(**{"reachable": False, "channel": Channel.WALK_IN, **other})
        else:
            room.hear(COMPLAINT, stream, said)
    return room


ANSWERED = followup.ResponseGiven(agency="dinas-pu", text="Sudah ditambal.\n\n- RT 1\n- RT  2\n")
RULED = followup.AppealDecided(agency="dinas-pu", outcome="dismissed", reason="Sudah menyala.")
ENDED = followup.CaseResolved(agency="dinas-pu", note="Lampu sudah diganti.")
ARCHIVED = routing.ComplaintArchived(reason="out_of_scope", words="Ini urusan pengadilan.")


@pytest.mark.parametrize("order", ["receive told", "told receive"])
@pytest.mark.parametrize(
    ("stream", "said", "words"),
    [
        ("cases", ANSWERED, "Yang ditulis petugas:\n\nSudah ditambal.\n\n- RT 1\n\n- RT 2\n\n"),
        ("cases", ENDED, "Yang ditulis petugas:\n\nLampu sudah diganti.\n\n"),
        ("cases", RULED, "Yang ditulis petugas:\n\nSudah menyala.\n\n"),
        ("dispositions", ARCHIVED, "Yang ditulis petugas:\n\nIni urusan pengadilan.\n\n"),
    ],
    ids=["answer", "end", "ruling", "archive"],
)
async def test_36_a_letter_says_what_an_officer_wrote_to_the_reporter(
    stream: str, said: Payload, words: str, order: str
) -> None:
    """Statement 36: who cannot look it up reads the answer itself, once, and where it stands."""
    room = told(Room(), stream, said, order)
    letter = (await get(room, ONE)).json()
    assert letter["text"].count(words) == 1
    assert letter["text"].count("What the officer wrote stands above, unchanged.") == 1
    await printed(room, letter["notices"])
    assert [each.words for each in room.state().pending if each.words] == []


@pytest.mark.parametrize("order", ["receive told", "told receive"])
async def test_39_a_letter_says_nothing_that_was_written_of_a_confidential_report(
    order: str,
) -> None:
    """Statement 39: of a rahasia report no answer is printed, or even kept; nobody looked."""
    room = told(Room(), "cases", ANSWERED, order, confidential=True)
    assert "ditambal" not in (await get(room, ONE)).text
    assert [each.words for each in room.state().pending] == [None]
    assert room.looks.kept == []


@pytest.mark.parametrize("order", ["receive told", "told receive"])
def test_an_answer_is_kept_for_nobody_who_gets_no_letter(order: str) -> None:
    """Who reported by themselves reads it with number and PIN; what is for the agency has none."""
    room = told(Room(), "cases", RULED, order, channel=Channel.WEB, reachable=True)
    assert len(room.state().pending) == 3
    assert not [each.words for each in room.state().pending if each.words]
    room.hear(COMPLAINT, "cases", ANSWERED)
    assert not [each.words for each in room.state().pending if each.words]


def test_an_answer_that_waits_for_a_letter_goes_with_the_person() -> None:
    """Erased, no word of it stays."""
    room = told(Room(), "cases", ANSWERED)
    assert room.state().letter[0].words
    room.hear(COMPLAINT, "complaints", intake.ReporterErased(redactions=()))
    room.hear(COMPLAINT, "cases", RULED)
    assert not [each.words for each in room.state().pending if each.words]


async def test_who_prints_an_answer_is_on_record() -> None:
    """A clerk handles no case: what an officer wrote is shown once the look is written down."""
    room = told(Room(), "cases", ANSWERED)
    await get(room, ONE)
    [look] = room.looks.kept
    assert (look.by, look.about, look.purpose) == ("clerk-1", "words", "hand over a letter")


async def test_who_prints_what_a_report_lacks_is_on_record() -> None:
    """The gaps are an officer's words, too."""
    room = deferred("receive defer")
    await get(room, ONE)
    assert [look.about for look in room.looks.kept] == ["words"]


async def test_37_what_was_printed_is_told_once() -> None:
    """Statement 37: printed, each notice ends as sent by letter, by the clerk; again, nothing."""
    room = walk_in()
    notices = (await get(room, ONE)).json()["notices"]
    for _ in range(2):
        answer = await printed(room, notices)
        assert answer.json() == {"complaint": COMPLAINT, "printed": 2, "notices": 0}
    facts = room.documents.kept[COMPLAINT].facts
    said = [(row["type"], row["data"]["channel"], row["by"]) for row in facts]
    assert said == [(SENT, LETTER, "clerk-1")] * 2
    assert (await get(room, LETTERS)).json()["items"] == []
    assert (await get(room, ONE)).json()["code"] == "no_letter"


async def test_what_comes_after_the_letter_waits_for_the_next() -> None:
    """What happened between reading the letter and printing it is not in it."""
    room = walk_in()
    notices = (await get(room, ONE)).json()["notices"]
    room.answer()
    assert (await printed(room, notices)).json()["notices"] == 1
    assert room.state().letter_at == room.clock.now


@settings(deadline=None)
@given(st.permutations(["receive", "route", "answer"]))
def test_letters_do_not_hang_on_the_order_of_what_is_heard(order: list[str]) -> None:
    """Heard before the report itself, a notice becomes a letter once the counter is known."""
    room = Room()
    for step in order:
        if step == "receive":
            room.receive(reachable=False, channel=Channel.LETTER)
        else:
            getattr(room, step)()
    about = {"complaint.routed.v1", "response.given.v1"}
    assert {each.about for each in room.state().letter} == about
    assert {each.audience for each in room.state().letter} == {REPORTER}
    assert all(each.audience != REPORTER for each in room.state().pending if not each.channel)


@pytest.mark.parametrize("order", [("route", "answer"), ("answer", "route")])
def test_a_letter_tells_what_happened_in_its_order(order: tuple[str, str]) -> None:
    """Passed on comes before answered, whichever stream was heard first."""
    room = Room()
    room.receive(reachable=False, channel=Channel.LETTER)
    for step in order:
        getattr(room, step)()
    about = [each.about for each in room.state().letter]
    assert about == ["complaint.routed.v1", "response.given.v1"]


async def test_39_a_letter_about_a_confidential_report_says_only_that_there_is_news() -> None:
    """Statement 39: neither agency nor event, and that once however much happened."""
    text = (await get(walk_in(confidential=True), ONE)).json()["text"]
    assert "Pekerjaan Umum" not in text
    assert " ".join(text.split()).count("Ada kabar tentang laporan Anda") == 1


async def test_who_reported_by_themselves_gets_no_letter() -> None:
    """Of whom nobody knows where to hand it over, no letter waits."""
    room = Room()
    room.receive(reachable=False)
    room.answer()
    assert (await get(room, LETTERS)).json()["items"] == []
    assert (await get(room, ONE)).status_code == 404
    assert (await printed(room, ["n"])).status_code == 404


async def test_36_who_left_only_a_name_at_the_counter_is_told_by_letter(
    host: MailHost,
) -> None:
    """Statement 36: a name is no address; found out when it is opened, nothing has failed."""
    room = Room()
    room.receive(channel=Channel.WALK_IN)
    room.contact(sealed=intake.Contact(name="Ibu Sina").model_dump_json())
    room.answer()
    assert await room.rounds_to(host).send_page() == 2
    letter = (await get(room, ONE)).json()
    assert "sudah menanggapi laporan Anda" in " ".join(letter["text"].split())
    assert ANSWER in letter["text"]
    assert "Sina" not in letter["text"]
    assert room.state().due_at is None
    assert (await printed(room, letter["notices"])).json()["notices"] == 0
    facts = room.documents.kept[COMPLAINT].facts
    assert [(row["type"], row["data"]["channel"]) for row in facts] == [(SENT, LETTER)]


@pytest.mark.parametrize("first", ["complaint", "contact"])
async def test_36_who_left_only_a_name_is_told_by_letter_without_any_channel(first: str) -> None:
    """Statement 36: intake has said that it is no address; nothing has to be opened or tried."""
    room = Room()
    sealed = intake.Contact(name="Ibu Sina").model_dump_json()
    if first == "contact":
        room.contact(sealed=sealed)
    room.receive(channel=Channel.WALK_IN, reachable=False)
    if first == "complaint":
        room.contact(sealed=sealed)
    room.answer()
    letter = (await get(room, ONE)).json()
    assert "sudah menanggapi laporan Anda" in " ".join(letter["text"].split())
    assert room.state().due_at is None


async def test_a_clerk_reads_for_whom_a_letter_is_and_the_look_is_on_record() -> None:
    """Without a purpose nothing is shown; the name is not in the list, and not on the paper."""
    room = walk_in()
    room.contact(sealed=intake.Contact(name="Ibu Sina").model_dump_json())
    async with client(room.app) as http:
        answer = await http.get(ONE, headers=headers("clerk"))
    assert (answer.status_code, room.looks.kept) == (400, [])
    letter = (await get(room, ONE)).json()
    assert letter["addressee"] == "Ibu Sina"
    assert "Sina" not in letter["text"] + (await get(room, LETTERS)).text
    async with client(room.app) as http:
        seen = await http.get(f"{ONE}/looks", headers=headers("overseer"))
    (look,) = seen.json()["items"]
    assert (look["by"], look["purpose"]) == ("clerk-1", "hand over a letter")


@pytest.mark.parametrize("sealed", [None, "wrong"])
async def test_a_letter_without_a_readable_name_is_no_look(sealed: str | None) -> None:
    """Nobody left a name, or no key opens it: the letter is printed all the same."""
    room = Room()
    room.receive(reachable=False, channel=Channel.WALK_IN)
    room.route()
    if sealed:
        room.contact(sealed=sealed)
    assert (await get(room, ONE)).json()["addressee"] is None
    assert room.looks.kept == []


@pytest.mark.parametrize("order", ["receive defer", "defer receive"])
async def test_a_letter_says_what_is_missing_and_until_when(order: str) -> None:
    """Who has no telephone cannot look it up; a code that is not known stands as it is."""
    room = deferred(order)
    text = " ".join((await get(room, ONE)).json()["text"].split())
    assert "Simpul / Node : Kota Ambon (8171)" in text
    gaps = "di mana (RT berapa?); bukti pendukung; later_code"
    assert f"Yang kurang: {gaps}. Mohon dilengkapi paling lambat tanggal 27 Maret 2026." in text
    gaps = "where (RT berapa?); evidence; later_code"
    assert f"What is missing: {gaps}. Please complete it by 27 March 2026." in text
    await printed(room, (await get(room, ONE)).json()["notices"])
    assert room.state().lacking is None


@pytest.mark.parametrize("order", ["receive defer", "defer receive"])
async def test_39_a_letter_says_nothing_of_what_a_confidential_report_lacks(order: str) -> None:
    """Statement 39: of a rahasia report it is not even kept."""
    room = deferred(order, confidential=True)
    text = (await get(room, ONE)).json()["text"]
    assert "RT berapa" not in text
    assert "27 Maret 2026" not in text
    assert room.state().lacking is None


@pytest.mark.parametrize("end", [intake.ReporterErased(redactions=()), routing.ComplaintResumed()])
def test_what_is_missing_is_kept_only_while_it_is_to_be_said(end: Payload) -> None:
    """Erased, or completed meanwhile: no word of it stays."""
    room = deferred("receive defer")
    stream = "complaints" if isinstance(end, intake.ReporterErased) else "dispositions"
    room.hear(COMPLAINT, stream, end)
    assert room.state().lacking is None
    if stream == "complaints":
        defer(room)
        assert room.state().lacking is None


def test_what_is_missing_is_not_kept_for_who_gets_no_letter() -> None:
    """Who reported by themselves and left no address is told nothing, so nothing is kept."""
    room = Room()
    room.receive(reachable=False)
    defer(room)
    assert room.state().lacking is None


async def test_a_pin_is_never_told_by_letter() -> None:
    """Asked for where no address was left, it is forgotten."""
    room = walk_in()
    room.hear(COMPLAINT, "complaints", intake.PinRequested(sealed="447193"))
    assert room.state().pin is None
    assert "447193" not in (await get(room, ONE)).json()["text"]


async def test_what_stood_in_no_letter_was_not_printed() -> None:
    """A notice that no letter tells of is named, and nothing is noted, the others included."""
    room = walk_in()
    notices = (await get(room, ONE)).json()["notices"]
    answer = await printed(room, [*notices, "no-such-notice"])
    assert (answer.status_code, answer.json()["code"]) == (404, "no_letter")
    assert "no-such-notice" in answer.json()["detail"]
    assert len(room.state().letter) == 2


async def test_an_erased_reporter_gets_no_letter() -> None:
    """Once the person is erased, nothing waits to be printed."""
    room = walk_in()
    room.hear(COMPLAINT, "complaints", intake.ReporterErased(redactions=()))
    assert room.state().letter == ()
    assert (await get(room, ONE)).status_code == 404
