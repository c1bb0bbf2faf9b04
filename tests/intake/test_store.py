"""Complaints in a real store."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from deploy.engines.embedded import EmbeddedStore
from services.intake.domain.attachments import Mark
from services.intake.domain.complaint import Complaint
from services.intake.domain.promises import in_order
from services.intake.domain.tries import AT_ONCE, MOST_WRONG, PACE, WINDOW, Count, Line, Wrong
from services.intake.handlers.tries import Tries
from services.intake.store import SHAPE, Counts, Files
from shared.contracts import followup, routing
from shared.contracts.vocabulary import Clock
from shared.runtime.document import Document
from shared.runtime.ports import Change
from shared.runtime.store import MongoDocuments, MongoStore
from tests.intake.doubles import COMPLAINTS, HEADERS, NOW, a_fact, a_record, taken
from tests.intake.pictures import PDF
from tests.intake.test_promises import named, submitted
from tests.intake.test_tries import wait


@pytest.fixture(scope="module")
async def documents(lasting_store: EmbeddedStore) -> AsyncIterator[MongoDocuments[Complaint]]:
    """Give complaints of a node of its own."""
    opened = MongoStore(lasting_store.address, "8101", "intake")
    found = opened.documents("complaints", SHAPE)
    await found.prepare()
    yield found
    opened.close()


def a_full_one() -> Document[Complaint]:
    """Build a complaint that everybody has told something about."""
    document = taken(a_record())
    state = document.state
    for fact in (
        routing.ComplaintRouted(agency="dinas-pu", turn=1),
        followup.DeadlineMissed(clock=Clock.VERIFY, due_on=date(2026, 3, 5)),
        followup.CaseOpened(agency="dinas-pu", turn=1, respond_by=date(2026, 3, 9)),
        followup.ResponseGiven(agency="dinas-pu", text="Segera."),
    ):
        state = COMPLAINTS.fold(state, a_fact(fact))
    return replace(document, state=replace(state, sealed="JWE", contact_version=1))


async def test_a_complaint_comes_back_as_it_went(documents: MongoDocuments[Complaint]) -> None:
    """Dates, times, answers and all; it is found by its number."""
    document = a_full_one()
    assert (await documents.write([Change(document, 0)])).complete
    assert (await documents.load([document.id]))[document.id] == document
    found = await documents.matching("tracking_number", document.state.tracking_number, 2)
    assert [each.id for each in found] == [document.id]
    assert found[0].state.answers[0].at == NOW


async def test_what_is_to_be_fetched_is_found_by_publisher_and_time(
    documents: MongoDocuments[Complaint],
) -> None:
    """Each publisher has a queue, oldest first; one look finds who is next in the alphabet."""
    first, later = (submitted(named(PDF), record=f"queue-{nth}") for nth in range(2))
    promises = tuple(
        replace(each, fetch_at=NOW + timedelta(hours=1)) for each in later.state.promised
    )
    later = replace(later, state=replace(later.state, promised=promises))
    other = submitted(named(PDF), record="queue-other")
    other = replace(other, state=replace(other.state, publisher="a-first"))
    plain = taken(a_record(headers=(*HEADERS[:1], ("ce_id", b"plain"), *HEADERS[2:])))
    changes = [Change(each, 0) for each in (later, plain, first, other)]
    assert (await documents.write(changes)).complete
    found = await documents.window("fetch", "sigap/", "sigap0", 10)
    assert found == [first, later]
    until = in_order("sigap", NOW + timedelta(minutes=1))
    assert [each.id for each in await documents.window("fetch", "sigap/", until, 10)] == [first.id]
    assert [each.id for each in await documents.window("fetch", "a", "~", 1)] == [other.id]
    assert await documents.window("fetch", "sigap0", "~", 1) == []


async def test_refused_records_have_no_number(documents: MongoDocuments[Complaint]) -> None:
    """Many without a number live beside each other under the unique index."""
    refused = [taken(a_record(b"{" * n, headers=())) for n in (1, 2, 3)]
    assert (await documents.write([Change(each, 0) for each in refused])).complete
    assert len(await documents.load([each.id for each in refused])) == 3


async def test_a_taken_number_is_refused(documents: MongoDocuments[Complaint]) -> None:
    """The store names the document that must draw again."""
    first = a_full_one()
    second = replace(first, id="another")
    await documents.write([Change(first, 0)])
    outcome = await documents.write([Change(second, 0)])
    assert set(outcome.refused) == {"another"}


async def test_an_index_of_an_older_version_is_made_anew(lasting_store: EmbeddedStore) -> None:
    """A store that an older version made does not keep a newer one from starting."""
    opened = MongoStore(lasting_store.address, "8102", "intake")
    rows = opened.database["complaints"]
    await rows.create_index([("untold", 1)], sparse=True)
    await opened.documents("complaints", SHAPE).prepare()
    made = (await rows.index_information())["untold_1"]
    assert made["partialFilterExpression"] == {"untold": {"$gte": 0}}
    assert not made.get("sparse")
    opened.close()


async def test_wrong_pins_are_counted_by_all_at_once(lasting_store: EmbeddedStore) -> None:
    """Ten at one moment, by two processes, are ten; over the window they begin anew, and go."""
    opened = MongoStore(lasting_store.address, "8103", "intake")
    rows, began = opened.database["pin_tries"], float(int(time.time()))
    await Counts(rows).prepare()
    assert (await rows.index_information())["until_1"]["expireAfterSeconds"] == 0
    counts = [Counts(rows), Counts(rows)]
    none = Count()
    wrong = [Wrong("near", none, began, WINDOW / 5), Wrong("line", none, began, PACE, "near")]
    await asyncio.gather(*(counts[nth % 2].add(wrong) for nth in range(10)))
    found = await counts[0].read(["near", "line", "unknown"], "near")
    assert found == {"near": Count(10, began), "line": Count(10, began)}
    later = began + 3 * WINDOW
    await asyncio.gather(
        *(each.add([Wrong("near", found["near"], later, 180.0)]) for each in counts)
    )
    assert (await counts[0].read(["near"], "x"))["near"] == Count(2, later)
    opened.close()


async def test_one_turn_is_given_at_a_time(lasting_store: EmbeddedStore) -> None:
    """Who was behind another asks again; a wrong PIN takes its turn away, and no other."""
    opened = MongoStore(lasting_store.address, "8103", "intake")
    counts, began = Counts(opened.database["pin_tries"]), float(int(time.time()))
    await counts.prepare()
    assert await counts.line("number") is None
    await counts.add([Wrong("number", Count(), began, PACE, "a")])
    seen = await counts.line("number")
    assert seen == Line(1, began, 0, {})
    given = [await counts.give("number", seen, {each: began + PACE}, began) for each in "ab"]
    assert given == [True, False]
    mine = (await counts.read(["number"], "a"))["number"]
    assert mine == Count(1, began, began + PACE)
    seen = await counts.line("number")
    assert seen is not None
    turns = seen.given("b", began + 2 * PACE, began)
    await counts.add([Wrong("number", mine, began, PACE, "a")])
    assert not await counts.give("number", seen, turns, began)
    assert await counts.line("number") == Line(2, began, 1, {})
    opened.close()


async def test_two_processes_over_one_store_stop_who_guesses(lasting_store: EmbeddedStore) -> None:
    """Five wrong PINs close a number to an address, and sixty have everybody wait for a turn."""
    opened = MongoStore(lasting_store.address, "8103", "intake")
    began = time.time()
    first, second = (
        Tries(Counts(opened.database["pin_tries"]), str, lambda: began) for _ in range(2)
    )
    for nth in range(MOST_WRONG + 1):
        closed = await wait((first, second)[nth % 2], "8171", "a")
        assert (closed is None) == (nth < MOST_WRONG)
    for nth in range(AT_ONCE - MOST_WRONG):
        assert await wait((first, second)[nth % 2], "8171", f"b-{nth // MOST_WRONG}") is None
    both = await asyncio.gather(*(wait(each, "8171", "mine") for each in (first, second)))
    assert both == [PACE + 1, PACE + 1]
    assert await wait(first, "8171", "yours") == 2 * PACE + 1
    opened.close()


async def test_who_is_done_with_a_file_leaves_a_later_mark(lasting_store: EmbeddedStore) -> None:
    """A file that was given up meanwhile is still found by who sweeps."""
    opened = MongoStore(lasting_store.address, "8102", "intake")
    files = Files(opened.database["file_parts"], opened.database["file_marks"])
    await files.prepare()
    for at in (1, 2):
        await files.mark(Mark("f", "c", at, 1))
    await files.unmark("f", 1)
    assert await files.marked(3, 10) == [Mark("f", "c", 2, 1)]
    await files.unmark("f", 2)
    assert not await files.marked(3, 10)
    opened.close()
