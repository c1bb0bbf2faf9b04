"""What a real store does and none in memory: rows that are written while they are read."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import AsyncIterator
from typing import NamedTuple

import pytest
from msgspec.structs import replace

from deploy.engines.choose import Engines
from services.intake.domain.complaint import Complaint
from services.intake.store import SHAPE
from shared.runtime.document import Document
from shared.runtime.ports import Change
from shared.runtime.store import MongoDocuments, MongoStore
from tests.intake.doubles import a_record, taken

pytestmark = [pytest.mark.connected, pytest.mark.slow, pytest.mark.usefixtures("demanded")]
ROUNDS = 25


class Shelf(NamedTuple):
    """Documents in a store of their own."""

    documents: MongoDocuments[Complaint]
    kept: list[Document[Complaint]]

    async def now(self, some: list[Document[Complaint]]) -> list[Document[Complaint]]:
        """Give documents as they are stored now, in the same order."""
        found = await self.documents.load([each.id for each in some])
        return [found[each.id] for each in some]


@pytest.fixture
async def shelf(engines: Engines) -> AsyncIterator[Shelf]:
    """Give two hundred documents that wait to be told."""
    store = MongoStore(engines.store.address, f"t{uuid.uuid4().hex[:8]}", "intake")
    documents = store.documents("complaints", SHAPE)
    await documents.prepare()
    kept = [
        replace(taken(a_record(b"{" * (nth + 1), headers=())), id=f"{nth:03}", untold=1)
        for nth in range(200)
    ]
    assert (await documents.write([Change(each, 0) for each in kept])).complete
    try:
        yield Shelf(documents, kept)
    finally:
        await store.client.drop_database(store.database.name)
        store.close()


async def test_writers_that_meet_in_many_rows_do_not_wait_for_each_other(shelf: Shelf) -> None:
    """Marks of the same documents, set and taken in any order at once, all get through."""

    async def work(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(ROUNDS):
            some = await shelf.now(chance.sample(shelf.kept, 150))
            await shelf.documents.mark(some, 1)
            await shelf.documents.unmark([replace(each, untold=1) for each in some])

    await asyncio.gather(*(work(seed) for seed in range(4)))
    assert not await shelf.documents.untold(2, 10)


async def test_what_is_rewritten_while_it_is_read_in_full_is_read_once(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No document comes twice because it moved in the store, and none is passed over."""
    monkeypatch.setattr("shared.runtime.store.driver.READ_TOGETHER", 50)
    seen = 0
    async for page in shelf.documents.states("untold", 1):
        seen += len(page)
        for at in (2, 1):
            await shelf.documents.mark(await shelf.now(shelf.kept), at)
    assert seen == len(shelf.kept)


async def test_what_was_computed_again_loses_its_mark_unless_it_changed(shelf: Shelf) -> None:
    """Those that changed together are cleaned together, and who changed meanwhile is not."""

    def dirty(each: Document[Complaint], version: int, at: int) -> Change[Complaint]:
        return Change(replace(each, version=version, dirty=("m",), changed_at=at), version - 1)

    together, alone = shelf.kept[:100], shelf.kept[100]
    first = [*(dirty(each, 2, 5) for each in together), dirty(alone, 2, 6)]
    assert (await shelf.documents.write(first)).complete
    found = await shelf.documents.dirty(0, 9, 500)
    assert (await shelf.documents.write([dirty(together[7], 3, 8)])).complete
    await shelf.documents.clean(found)
    assert [each.id for each in await shelf.documents.dirty(0, 9, 500)] == [together[7].id]
