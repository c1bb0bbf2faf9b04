"""Complaints that are long closed, in a real store: found wherever they lie."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from msgspec.structs import replace

from deploy.engines.embedded import EmbeddedStore
from services.intake.domain.complaint import Complaint
from services.intake.store import SHAPE
from shared.contracts import followup
from shared.runtime.archiving import LEFT_ALONE, Archivist
from shared.runtime.document import Document
from shared.runtime.ports import Change
from shared.runtime.store import MongoArchived, MongoStore
from shared.runtime.timing import micros
from tests.desk import Clock
from tests.intake.doubles import COMPLAINTS, a_fact, a_record, taken

DAY = timedelta(days=1)
NODES = count()
"""Each test has a node of its own."""


class Shelf:
    """A store with its archive, and a clock."""

    def __init__(self, opened: MongoStore) -> None:
        self.clock = Clock()
        found = opened.documents("complaints", SHAPE)
        assert isinstance(found, MongoArchived)
        self.documents: MongoArchived[Complaint] = found
        self.live, self.archive = opened.database["complaints"], opened.database["archive"]
        self.archivist: Archivist[Complaint] = found.archivist(DAY, self.clock)

    async def places(self) -> tuple[list[str], list[str]]:
        """Give what is live, and what is archived."""
        live, archived = [
            [row["_id"] for row in await one.find({}, {"_id": 1}).sort("_id", 1).to_list(None)]
            for one in (self.live, self.archive)
        ]
        return live, archived

    async def add(self, complaint: str, *, closed: bool, number: str | None = None) -> Any:
        """Store a complaint now."""
        document = _a_complaint(complaint, number or f"8171-{complaint}", closed=closed)
        document = replace(document, changed_at=micros(self.clock.now))
        assert (await self.documents.write([Change(document, 0)])).complete
        return document


@pytest.fixture
async def shelf(lasting_store: EmbeddedStore) -> AsyncIterator[Shelf]:
    """Give a store in which a closed complaint has moved and an open one has not."""
    opened = MongoStore(lasting_store.address, f"83{next(NODES):02}", "intake")
    shelf = Shelf(opened)
    await shelf.documents.prepare()
    await shelf.add("closed", closed=True)
    await shelf.add("open", closed=False)
    shelf.clock.pass_by(DAY + LEFT_ALONE)
    await shelf.archivist.look()
    yield shelf
    opened.close()


def _a_complaint(complaint: str, number: str, *, closed: bool) -> Document[Complaint]:
    document = taken(a_record())
    state = document.state
    if closed:
        state = COMPLAINTS.fold(state, a_fact(followup.CaseResolved(agency="dinas-pu")))
    return replace(
        document, id=complaint, state=replace(state, tracking_number=number), untold=None, version=1
    )


async def test_a_closed_complaint_moves_and_is_found(shelf: Shelf) -> None:
    """By its id and by its number, beside those that are live."""
    assert await shelf.places() == (["open"], ["closed"])
    found = await shelf.documents.load(["closed", "open", "none"])
    assert {key: each.archived for key, each in found.items()} == {"closed": True, "open": False}
    by_number = await shelf.documents.matching("tracking_number", "8171-closed", 1)
    assert [(each.id, each.archived) for each in by_number] == [("closed", True)]
    assert shelf.archivist.tally.archived == 1


async def test_51_its_number_is_given_to_nobody_else(shelf: Shelf) -> None:
    """Statement 51: whoever draws it draws again, while neighbours are accepted."""
    other = _a_complaint("other", "8171-closed", closed=False)
    third = _a_complaint("third", "8171-third", closed=False)
    outcome = await shelf.documents.write([Change(other, 0), Change(third, 0)])
    assert not outcome.complete
    assert list(outcome.refused) == ["other"]
    assert (await shelf.places())[0] == ["open", "third"]


async def test_what_changes_comes_back_and_its_copy_goes(shelf: Shelf) -> None:
    """Under the guard of its version; the copy goes an hour later."""
    old = (await shelf.documents.load(["closed"]))["closed"]
    later = micros(shelf.clock.now)
    new = replace(old, version=2, state=replace(old.state, replies=1), archived=False)
    new = replace(new, changed_at=later)
    assert (await shelf.documents.write([Change(new, old.expected)])).complete
    assert not (await shelf.documents.write([Change(new, old.expected)])).complete
    assert await shelf.places() == (["closed", "open"], ["closed"])
    assert (await shelf.documents.load(["closed"]))["closed"].state.replies == 1
    assert [each.id for each in await shelf.documents.archived(0, later + 1, 10)] == ["closed"]
    shelf.clock.pass_by(LEFT_ALONE + timedelta(seconds=1))
    await shelf.archivist.resolve()
    assert (await shelf.places())[1] == []


async def test_a_mark_set_meanwhile_keeps_it_live(shelf: Shelf) -> None:
    """What an operator wants told is told before it moves."""
    document = await shelf.add("marked", closed=True)
    shelf.clock.pass_by(DAY + timedelta(seconds=1))
    assert await shelf.documents.mark([document], 5) == 1
    await shelf.archivist.move([document])
    assert "marked" in (await shelf.places())[0]


async def test_an_archived_complaint_is_told_again_when_it_is_asked_for(shelf: Shelf) -> None:
    """It comes back with its mark, which the running service finds."""
    archived = list((await shelf.documents.load(["closed"])).values())
    assert await shelf.documents.mark(archived, 7) == 1
    assert [each.id for each in await shelf.documents.untold(10, 10)] == ["closed"]


async def test_a_move_is_repeated_by_who_comes_after(shelf: Shelf) -> None:
    """One that died before it deleted here has left a copy there, which is put again."""
    document = await shelf.add("moving", closed=True)
    archive = shelf.archivist.documents.archive
    await archive.put([document], 1)
    await archive.put([document], 2)
    shelf.clock.pass_by(DAY + timedelta(seconds=1))
    await shelf.archivist.look()
    assert "moving" not in (await shelf.places())[0]
    assert [each.id for each in await archive.loose(10**16, 10)] == ["moving"]
