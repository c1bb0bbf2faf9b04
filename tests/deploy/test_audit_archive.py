"""The audit of complaints that are long closed: counted, compared and told again as the others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from deploy.audit.finding import Kind
from deploy.audit.reading import Stores
from deploy.audit.report import text
from deploy.audit.run import Audit
from deploy.engines.embedded import EmbeddedStore
from deploy.mending import Marker
from deploy.shapes import documents_of
from shared.contracts.topics import SERVICES
from shared.runtime.archiving import Archive, Live
from shared.runtime.ports import Change
from shared.runtime.store import MongoArchived, MongoStore
from shared.runtime.systemtime import SystemTime
from tests.deploy.nodes import World

KEEPERS = ("intake", "routing", "followup", "notification")
"""Services that have an archive."""
NODES = count(60)


@pytest.fixture
def node() -> str:
    """Give the code of a node that no other test uses."""
    return f"{next(NODES)}"


@pytest.fixture
async def world(lasting_store: EmbeddedStore, node: str) -> AsyncIterator[World]:
    """Store three complaints at a node, and move the first to every archive."""
    world, stores = World(), {}
    first, *_ = complaints = [world.file() for _ in range(3)]
    for complaint in complaints:
        world.spread(complaint)
    for service in SERVICES:
        store = stores[service] = MongoStore(lasting_store.address, node, service)
        documents = documents_of(service, store, node)
        await documents.prepare()
        known = world.known[service]
        assert (await documents.write([Change(each, 0) for each in known.values()])).complete
        if isinstance(documents, MongoArchived):
            both = documents.archivist(timedelta(days=1), SystemTime()).documents
            live: Live[Any] = both.live
            archive: Archive[Any] = both.archive
            await archive.put([known[first]], 1)
            if service != "routing":  # whoever moved it there died between the two steps
                await live.remove([known[first]])
    yield world
    for store in stores.values():
        store.close()


async def test_the_archive_is_counted_and_compared(
    lasting_store: EmbeddedStore, node: str, world: World
) -> None:
    """Each complaint is counted once, wherever it lies, and in however many places."""
    reading = Stores(lasting_store.address, node)
    report = await Audit(reading, node, settled=True).run()
    reading.close()
    assert report.differences == 0
    assert dict(report.complaints) == dict.fromkeys(SERVICES, 3)
    assert +report.archived == {"intake": 1, "followup": 1, "notification": 1}
    assert "  archived     intake 1" in text(report)


async def test_what_only_the_archive_has_is_missed_elsewhere(
    lasting_store: EmbeddedStore, node: str, world: World
) -> None:
    """A hole behind an archived complaint is found as any other, and its teller tells it again."""
    first = next(iter(world.known["intake"]))
    store = MongoStore(lasting_store.address, node, "routing")
    await store.database["complaints"].delete_one({"_id": first})
    await store.database["archive"].delete_one({"_id": first})
    store.close()
    reading, marker = Stores(lasting_store.address, node), Marker(lasting_store.address, node)
    report = await Audit(reading, node, settled=True, mender=marker).run()
    assert {each.complaint for each in report.listed[Kind.MISSING]} == {first}
    reading.close()
    marker.close()
    store = MongoStore(lasting_store.address, node, "intake")
    marked = await documents_of("intake", store, node).untold(2**62, 10)
    assert [each.id for each in marked] == [first]
    store.close()


async def test_a_retelling_by_command_has_the_archive(
    lasting_store: EmbeddedStore, node: str, world: World
) -> None:
    """What is archived comes back to be told; asked for what changed later, it stays."""
    marker = Marker(lasting_store.address, node)
    assert await marker.since("intake", datetime.now(UTC) + timedelta(days=9)) == 0
    assert await marker.since("intake", datetime(2000, 1, 1, tzinfo=UTC)) == 3
    marker.close()
