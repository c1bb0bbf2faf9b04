"""Files that a publisher names: promised with the record, fetched after it, given up in words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from hashlib import sha256
from typing import Any

import pytest
from msgspec.structs import replace as changed

from services.intake.api.messages import TrackedOut
from services.intake.domain.acts import withdraw
from services.intake.domain.attachments import Limits
from services.intake.domain.complaint import Complaint
from services.intake.domain.erasing import erase
from services.intake.domain.hosts import Host, Mendable, NotNow
from services.intake.domain.promises import MOST_TRIES, PAUSES, Place, promised, refuse_file
from services.intake.handlers import Promises, derive_for
from services.intake.handlers.promises import PAGE
from services.intake.store import SHAPE
from shared.contracts.fact import MOST_FACTS
from shared.contracts.intake import ReporterErased
from shared.contracts.publishing import Progress
from shared.runtime.document import Cause, Circumstances, Document, Refused
from tests.desk import client, headers
from tests.intake.doubles import (
    COMPLAINTS,
    HEADERS,
    NODE,
    NOW,
    PUBLISHER,
    UNDER,
    a_record,
    a_submission,
    an_intake,
    taken,
)
from tests.intake.folders import Folder, erasing_of, office, pieces
from tests.intake.pictures import HTML, PDF, a_photo, notes_of

AT = "https://berkas.sigap.example"
PHOTO = a_photo()
Answer = bytes | Exception


def named(content: bytes, url: str = f"{AT}/a", **said: Any) -> dict[str, Any]:
    """Name a file as its publisher does."""
    digest = sha256(content).hexdigest()
    usual = {"url": url, "sha256": digest, "media_type": "image/jpeg", "size": len(content)}
    return {**usual, **said}


def submitted(*files: dict[str, Any], record: str = "r-1", **said: Any) -> Document[Complaint]:
    """Take a submission that names files."""
    headers = tuple({**dict(HEADERS), "ce_id": record.encode()}.items())
    return taken(a_record(a_submission(attachments=files, **said), headers=headers))


class Yard(Folder):
    """A folder of files, and what lies at publishers."""

    def __init__(self, *files: dict[str, Any], limits: Limits | None = None) -> None:
        super().__init__(limits)
        self.lies: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.given = asyncio.Event()
        self.silent: dict[str, asyncio.Event] = {}
        self.meanwhile: list[Coroutine[Any, Any, None]] = []
        self.put(submitted(*files))
        self.promises = Promises(
            complaints=COMPLAINTS,
            kept=self.kept,
            ask=self.kept.ask,
            attachments=self.attachments,
            hosts={PUBLISHER: frozenset({Host("berkas.sigap.example")})},
            fetch=self.give,
            now=lambda: self.clock.now,
        )

    def put(self, document: Document[Complaint]) -> None:
        self.id = document.id
        self.kept.documents[document.id] = document

    @asynccontextmanager
    async def give(self, url: str, host: Host) -> AsyncIterator[AsyncIterator[bytes]]:
        assert host.name in url
        self.asked.append(url)
        lies = self.lies.get(url, NotNow("its host answers 404"))
        if url in self.silent:
            await self.silent[url].wait()
        if self.meanwhile:
            await self.meanwhile.pop()
        if isinstance(lies, Exception):
            raise lies
        yield pieces(lies)
        self.given.set()

    async def pass_round(self, after: timedelta = timedelta()) -> None:
        """Let time pass, and everything that is due then be fetched."""
        self.clock.pass_by(after)
        self.kept.now = Circumstances(self.clock.now)
        await self.promises.fetch_page(PUBLISHER)

    @property
    def ends(self) -> list[tuple[str, str | None]]:
        """Give what its publisher is told of each file."""
        return [(each.outcome, each.reason) for each in progress(self.document).attachments or ()]


def progress(document: Document[Complaint]) -> Progress:
    """Give the progress that is told of a document."""
    said = derive_for(NODE, [PUBLISHER])(document)
    [found] = [each for each in said if each.type == Progress.type]
    return Progress.model_validate_json(found.body() or b"")


async def test_a_named_file_is_kept_as_an_uploaded_one_is() -> None:
    """By its content, without what the camera noted, under a key; who sent it stands beside."""
    yard = Yard(named(PHOTO, media_type="application/pdf"))
    assert yard.ends == [("awaited", None)]
    yard.lies[f"{AT}/a"] = PHOTO
    await yard.pass_round()
    [kept] = yard.document.state.attachments
    assert kept.media_type == "image/jpeg"
    assert kept.key is not None
    assert notes_of(PHOTO)
    assert not notes_of(await yard.fetch(kept.id))
    row = yard.document.facts[-1]
    assert (row["by"], row["request"], row["data"]["named"]) == (PUBLISHER, None, 1)
    assert row["trace"] == yard.document.facts[0]["trace"]
    assert yard.ends == [("kept", None)]
    assert not yard.files.marks


def test_where_files_lie_is_told_to_nobody() -> None:
    """An address may open the file to whoever reads it: the facts only say how many there are."""
    document = submitted(named(PHOTO), named(PDF, f"{AT}/b"))
    assert document.facts[0]["data"]["files"] == 2
    assert AT not in str(document.facts)
    assert [each.url for each in document.state.promised] == [f"{AT}/a", f"{AT}/b"]


def test_a_record_without_files_promises_none() -> None:
    """Its facts and its progress are as they were before files could be named."""
    for document in (submitted(), taken(a_record())):
        assert "files" not in document.facts[0]["data"]
        assert document.state.fetch is None
        assert progress(document).attachments is None


@pytest.mark.parametrize(
    ("file", "lies", "reason"),
    [
        (named(PDF), PDF + b" ", "wrong_digest"),
        (named(PDF), PDF[:-1], "wrong_digest"),
        (named(PDF, sha256="0" * 64), PDF, "wrong_digest"),
        (named(HTML), HTML, "wrong_type"),
        (named(PDF, size=20_000_000), PDF, "too_large"),
        (named(PHOTO[:900]), PHOTO[:900], "broken_file"),
    ],
)
async def test_a_file_that_cannot_be_kept_is_refused_in_words(
    file: dict[str, Any], lies: Answer, reason: str
) -> None:
    """Statement 9 holds for files by reference, too; the complaint itself is taken all the same."""
    yard = Yard(file)
    yard.lies[file["url"]] = lies
    await yard.pass_round()
    assert yard.ends == [("refused", reason)]
    assert yard.document.state.status == "received"
    row = yard.document.facts[-1]
    assert row["type"] == "attachment.refused.v1"
    assert row["data"]["words"].endswith(".")
    assert AT not in str(row)
    assert not yard.document.state.promised
    assert not yard.files.parts


@pytest.mark.parametrize(
    ("url", "lies", "reason"),
    [
        ("https://other.example/a", PDF, "wrong_host"),
        (f"{AT}/a", Mendable(403, "wrong_address", "It is not public."), "wrong_address"),
        (f"{AT}/a", Mendable(422, "redirected", "It leads on."), "redirected"),
    ],
)
async def test_what_an_operator_or_a_host_can_mend_is_refused_at_the_last_try(
    url: str, lies: Answer, reason: str
) -> None:
    """A host agreed on a moment too late, a name or a redirection set wrongly for an hour."""
    yard = Yard(named(PDF, url))
    yard.lies[url] = lies
    await yard.pass_round()
    for pause in PAUSES:
        assert yard.ends == [("awaited", None)]
        await yard.pass_round(pause)
    assert yard.ends == [("refused", reason)]


async def test_nobody_is_asked_where_no_host_was_agreed_on() -> None:
    """The record is taken; its files wait for a start of intake that knows the host."""
    yard = Yard(named(PDF), named(PDF, f"{AT}/b"))
    yard.lies = {f"{AT}/a": PDF, f"{AT}/b": PDF}
    hosts = yard.promises.hosts
    yard.promises = replace(yard.promises, hosts={})
    await yard.pass_round()
    assert (yard.ends, yard.asked) == ([("awaited", None)] * 2, [])
    yard.promises = replace(yard.promises, hosts=hosts)
    await yard.pass_round(PAUSES[0])
    assert yard.ends == [("kept", None)] * 2


async def test_where_fetching_was_ended_what_waits_is_refused() -> None:
    """At once, for an operator has said so, with words that its publisher reads."""
    yard = Yard(named(PDF), named(PHOTO, f"{AT}/b"))
    await yard.pass_round()
    yard.promises = replace(yard.promises, hosts={PUBLISHER: frozenset()})
    await yard.pass_round(PAUSES[0])
    assert yard.ends == [("refused", "wrong_host")] * 2
    assert "ended" in yard.document.facts[-1]["data"]["words"]


async def test_a_host_that_is_away_is_asked_again_with_growing_pauses() -> None:
    """Not before its time, and not for ever: then it is said what the last try met."""
    yard = Yard(named(PDF))
    await yard.pass_round()
    for nth, pause in enumerate(PAUSES, 1):
        await yard.pass_round(pause - timedelta(seconds=1))
        assert len(yard.asked) == nth
        assert yard.ends == [("awaited", None)]
        await yard.pass_round(timedelta(seconds=1))
    assert len(yard.asked) == MOST_TRIES
    assert yard.ends == [("refused", "not_fetched")]
    assert "its host answers 404" in yard.document.facts[-1]["data"]["words"]
    assert list(PAUSES) == sorted(PAUSES)


async def test_a_file_on_which_a_process_dies_is_given_up() -> None:
    """A try is counted before it is made, so that none is made again and again."""
    yard = Yard(named(PDF))
    yard.lies[f"{AT}/a"] = RuntimeError("the process ends here")
    for pause in (*PAUSES, PAUSES[-1], PAUSES[-1]):
        await yard.pass_round(pause)
    assert len(yard.asked) == MOST_TRIES
    assert yard.ends == [("refused", "not_fetched")]


async def test_two_that_fetch_one_file_keep_it_once() -> None:
    """Whoever comes second finds it there, and leaves nothing of its own."""
    yard = Yard(named(PDF))
    yard.lies[f"{AT}/a"] = PDF

    async def another() -> None:
        yard.pass_by(minutes=2)
        yard.kept.now = Circumstances(yard.clock.now)
        [seen] = yard.document.state.promised
        await yard.promises.keep(yard.document, seen)

    yard.meanwhile.append(another())
    await yard.pass_round()
    assert yard.ends == [("kept", None)]
    assert (len(yard.asked), len(yard.files.parts), len(yard.document.facts)) == (2, 1, 2)
    assert not yard.files.marks


async def test_of_two_that_see_one_promise_one_makes_the_try() -> None:
    """The other is told that nothing is due."""
    yard = Yard(named(PDF))
    before = yard.document
    [seen] = before.state.promised
    await yard.promises.keep(before, seen)
    with pytest.raises(Refused, match="not to be fetched now"):
        await yard.promises.keep(before, seen)
    assert len(yard.asked) == 1


async def test_equal_files_are_one_attachment() -> None:
    """Named twice, or put there by the reporter before: each is kept, and they are one."""
    yard = Yard(named(PDF), named(PDF, f"{AT}/b"))
    await yard.add(PDF)
    yard.lies = {f"{AT}/a": PDF, f"{AT}/b": PDF}
    await yard.pass_round()
    assert yard.ends == [("kept", None)] * 2
    assert len(yard.document.state.attachments) == 1
    assert await yard.fetch(yard.document.state.attachments[0].id) == PDF
    assert len(yard.files.parts) == 1


async def test_a_repeated_record_promises_nothing_more() -> None:
    """Whatever it names then, an id stands for one record."""
    document = submitted(named(PDF))
    again = taken(a_record(a_submission(attachments=[named(PHOTO, f"{AT}/b")])), document)
    assert again is document


async def test_an_address_lost_with_the_store_comes_back_with_its_record() -> None:
    """What is rebuilt from the facts knows how many files there are, and hears where they lie."""
    yard = Yard(named(PDF))
    whole = yard.document
    yard.put(changed(whole, state=changed(whole.state, promised=promised(1, yard.clock.now))))
    yard.lies[f"{AT}/a"] = PDF
    await yard.pass_round()
    assert (yard.ends, yard.asked) == ([("awaited", None)], [])
    yard.put(taken(a_record(a_submission(attachments=[named(PDF)])), yard.document))
    await yard.pass_round(PAUSES[0])
    assert yard.ends == [("kept", None)]


async def test_an_erasure_drops_what_is_promised() -> None:
    """Also what is being fetched at that moment; nothing of it is left, nor where it lay."""
    yard = Yard(named(PDF), named(PHOTO, f"{AT}/b"))
    yard.lies = {f"{AT}/a": PDF, f"{AT}/b": PHOTO}

    async def forget() -> None:
        said = ReporterErased(redactions=())
        await yard.kept.ask(
            yard.id, lambda one, under, _: erase(COMPLAINTS, one, said, Cause("e", "e"), under)
        )

    yard.meanwhile.append(forget())
    await yard.pass_round()
    assert yard.ends == [("dropped", None)] * 2
    assert AT not in str(yard.document)
    assert not yard.files.parts
    assert len(yard.asked) == 1


async def test_a_withdrawn_report_takes_no_more_files() -> None:
    """Each is refused, and nobody is asked for it."""
    yard = Yard(named(PDF))
    await yard.kept.ask(
        yard.id, lambda one, under, _: withdraw(COMPLAINTS, one, None, Cause("w", "w"), under)
    )
    await yard.pass_round()
    assert yard.ends == [("refused", "withdrawn")]
    assert yard.asked == []


async def test_a_complaint_with_promises_is_not_archived() -> None:
    """Closed or not, it stays until each file is kept or refused: nobody looks in the archive."""
    assert SHAPE.closed is not None
    document = submitted(named(PDF))
    over = withdraw(COMPLAINTS, document, None, Cause("w", "w"), UNDER)
    assert not SHAPE.closed(over.state)
    why = Refused(403, "wrong_host", "No.")
    after = refuse_file(COMPLAINTS, over, Place(1), why, Cause("f"), UNDER)
    assert SHAPE.closed(after.state)
    assert refuse_file(COMPLAINTS, after, Place(1), why, Cause("f"), UNDER) is after


def test_a_file_that_nothing_more_can_be_told_of_is_given_up_all_the_same() -> None:
    """A full history must not keep a promise for ever."""
    document = submitted(named(PDF))
    [received] = document.facts
    rows = tuple({**received, "pair": [0, nth]} for nth in range(1, MOST_FACTS + 1))
    full = changed(document, facts=rows)
    after = refuse_file(COMPLAINTS, full, Place(1), Refused(403, "no", "No."), Cause("f"), UNDER)
    assert (after.state.promised, after.facts) == ((), rows)


async def test_a_long_queue_of_one_publisher_keeps_no_other_waiting() -> None:
    """Each has a lane; a host that is silent holds its own alone."""
    yard = Yard(named(PDF))
    yard.lies[f"{AT}/a"] = PDF
    for nth in range(2 * PAGE):
        other = submitted(named(PDF, f"{AT}/slow"), record=f"s-{nth}")
        state = changed(other.state, publisher="a-slow-one")
        yard.kept.documents[other.id] = changed(other, state=state)
    yard.promises = replace(
        yard.promises, hosts={**yard.promises.hosts, "a-slow-one": yard.promises.hosts[PUBLISHER]}
    )
    yard.silent[f"{AT}/slow"] = asyncio.Event()
    async with yard.promises.running(), asyncio.timeout(10):
        await yard.promises.look()
        await yard.given.wait()
        await yard.promises.look()
        await asyncio.sleep(0)
    assert yard.ends == [("kept", None)]
    assert yard.asked.count(f"{AT}/slow") == 1


async def test_a_node_that_is_busy_says_so_in_the_end() -> None:
    """What is about this moment is no fault of the file; it is tried again, as often as any."""
    yard = Yard(named(PDF))
    yard.lies[f"{AT}/a"] = Refused(503, "busy", "Send it again in a moment.")
    await yard.pass_round()
    assert yard.ends == [("awaited", None)]
    for pause in PAUSES:
        await yard.pass_round(pause)
    assert yard.ends == [("refused", "not_fetched")]
    assert "no room" in yard.document.facts[-1]["data"]["words"]


async def test_the_reporter_sees_what_is_awaited_and_why_nothing_comes() -> None:
    """In the history, with the words that the publisher reads."""
    yard = Yard(named(PDF), named(PHOTO, f"{AT}/b"))
    yard.lies[f"{AT}/b"] = PDF
    await yard.pass_round()
    shown = TrackedOut.of(yard.document, {}, NOW.date())
    assert (shown.files_awaited, shown.attachments) == (1, [])
    step = shown.history[-1]
    assert (step.what, step.outcome) == ("attachment.refused.v1", "wrong_digest")
    assert step.text == yard.document.facts[-1]["data"]["words"]


async def test_officers_see_how_many_files_may_still_come() -> None:
    """As the reporter does, so that nobody decides on a report whose evidence is on its way."""
    yard = Yard(named(PDF), named(PHOTO, f"{AT}/b"))
    yard.lies[f"{AT}/a"] = PDF
    await yard.pass_round()
    intake = an_intake(yard.kept)
    async with client(office(yard, intake, erasing_of(yard, intake))) as http:
        shown = await http.get(f"/api/v1/attachments/{yard.id}", headers=headers("coordinator"))
    listed = shown.json()
    assert (len(listed["items"]), listed["files_awaited"]) == (1, 1)


async def test_a_slow_file_is_tried_again() -> None:
    """So long as its host says nothing, it is not said to be wrong."""
    yard = Yard(named(PDF))
    yard.promises = replace(yard.promises, in_time=partial(asyncio.timeout, 0.01))
    yard.silent[f"{AT}/a"] = asyncio.Event()
    await yard.pass_round()
    assert yard.ends == [("awaited", None)]


async def test_the_progress_is_told_again_when_a_file_has_ended() -> None:
    """Under another id and a higher sequence, so that its publisher sees the newest."""
    yard = Yard(named(PDF))
    yard.lies[f"{AT}/a"] = PDF
    derive = derive_for(NODE, [PUBLISHER])
    before = [each for each in derive(yard.document) if each.type == Progress.type]
    await yard.pass_round()
    after = [each for each in derive(yard.document) if each.type == Progress.type]
    assert before[0].mark != after[0].mark
    assert before[0].pair < after[0].pair
