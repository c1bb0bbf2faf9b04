"""What a real store does and none in memory: two writers that meet in the same rows."""

from __future__ import annotations

import asyncio
import random
import uuid

import pytest
from msgspec.structs import replace

from deploy.engines.choose import Engines
from services.intake.store import SHAPE
from shared.runtime.ports import Change
from shared.runtime.store import MongoStore
from tests.intake.doubles import a_record, taken

pytestmark = [pytest.mark.connected, pytest.mark.slow, pytest.mark.usefixtures("demanded")]
ROUNDS = 25


async def test_writers_that_meet_in_many_rows_do_not_wait_for_each_other(engines: Engines) -> None:
    """Marks of the same documents, set and taken in any order at once, all get through."""
    store = MongoStore(engines.store.address, f"t{uuid.uuid4().hex[:8]}", "intake")
    documents = store.documents("complaints", SHAPE)
    await documents.prepare()
    kept = [
        replace(taken(a_record(b"{" * (nth + 1), headers=())), id=f"{nth:03}", untold=1)
        for nth in range(200)
    ]
    assert (await documents.write([Change(each, 0) for each in kept])).complete

    async def work(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(ROUNDS):
            some = chance.sample(kept, 150)
            await documents.mark(some, 1)
            await documents.unmark(some)

    try:
        await asyncio.gather(*(work(seed) for seed in range(4)))
        assert not await documents.untold(2, 10)
    finally:
        await store.client.drop_database(store.database.name)
        store.close()
