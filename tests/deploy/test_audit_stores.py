"""The audit, and what mends, on the embedded store."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from deploy.audit.finding import Kind, Report
from deploy.audit.reading import Stores
from deploy.audit.run import Audit
from deploy.engines.embedded import EmbeddedStore
from deploy.mending import Marker
from deploy.quarantine import NotGivenUp, discard, listed, release
from deploy.restore import StillRunning, restore
from deploy.shapes import documents_of
from shared.contracts.fact import Pair
from shared.contracts.topics import SERVICES
from shared.runtime.document import Held
from shared.runtime.folding import Told
from shared.runtime.ports import Change
from shared.runtime.store import MongoDocuments, MongoStore
from tests.deploy.nodes import World

_codes = itertools.count(1)


@pytest.fixture
def node() -> str:
    """Give the code of a node that no other test uses."""
    return f"{next(_codes):02d}"


@pytest.fixture
async def stores(lasting_store: EmbeddedStore, node: str) -> AsyncIterator[dict[str, MongoStore]]:
    """Give the five databases of a node; all nodes share one server."""
    found = {service: MongoStore(lasting_store.address, node, service) for service in SERVICES}
    yield found
    for store in found.values():
        store.close()


async def _put(stores: dict[str, MongoStore], node: str, world: World) -> None:
    for service, known in world.known.items():
        documents = documents_of(service, stores[service], node)
        await documents.prepare()
        changes = [Change(document, 0) for document in known.values()]
        if changes:
            assert (await documents.write(changes)).complete


async def _audit(lasting_store: EmbeddedStore, node: str, mender: Marker | None = None) -> Report:
    reading = Stores(lasting_store.address, node)
    try:
        return await Audit(reading, node, settled=True, mender=mender).run()
    finally:
        reading.close()


def _world(count: int) -> tuple[World, list[str]]:
    world = World()
    complaints = [world.file() for _ in range(count)]
    for complaint in complaints:
        world.spread(complaint)
    return world, complaints


async def test_a_planted_hole_is_found_and_mended(
    lasting_store: EmbeddedStore, node: str, stores: dict[str, MongoStore]
) -> None:
    """The one complaint that one service lacks is found, and its teller is asked to tell again."""
    world, complaints = _world(8)
    del world.known["followup"][complaints[3]]
    await _put(stores, node, world)
    report = await _audit(lasting_store, node)
    assert {each.complaint for each in report.listed[Kind.MISSING]} == {complaints[3]}
    # the others have heard what followup had told of it before it was taken away
    assert set(report.kinds) == {Kind.MISSING, Kind.AHEAD}
    assert report.complaints["intake"] == 8
    assert report.complaints["followup"] == 7
    marker = Marker(lasting_store.address, node)
    assert (await _audit(lasting_store, node, marker)).mended == 2
    marker.close()
    intake = documents_of("intake", stores["intake"], node)
    assert [each.id for each in await intake.untold(2**62, 10)] == [complaints[3]]


async def test_a_hole_behind_many_of_one_moment_is_found(
    lasting_store: EmbeddedStore,
    node: str,
    stores: dict[str, MongoStore],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """More than a page may have changed together: the walk goes on behind them."""
    monkeypatch.setattr("deploy.audit.reading.PAGE", 2)
    world, complaints = _world(6)
    for known in world.known.values():
        known |= {each: replace(document, changed_at=7) for each, document in known.items()}
    del world.known["followup"][complaints[5]]
    await _put(stores, node, world)
    report = await _audit(lasting_store, node)
    assert report.complaints["intake"] == 6
    assert {each.complaint for each in report.listed[Kind.MISSING]} == {complaints[5]}


async def test_one_number_for_two_complaints_is_found(
    lasting_store: EmbeddedStore, node: str, stores: dict[str, MongoStore]
) -> None:
    """Two complaints with one tracking number are both named."""
    world, (one, two) = _world(2)
    number = world.known["intake"][one].state.tracking_number
    document = world.known["intake"][two]
    state = replace(document.state, tracking_number=number)
    world.known["intake"][two] = replace(document, state=state)
    for service, known in world.known.items():
        documents = documents_of(service, stores[service], node)
        for each in known.values():
            await documents.write([Change(each, 0)])
    report = await _audit(lasting_store, node)
    assert {each.complaint for each in report.listed[Kind.NUMBER]} == {one, two}


async def test_what_changed_since_is_told_again(
    lasting_store: EmbeddedStore, node: str, stores: dict[str, MongoStore]
) -> None:
    """A retelling marks every document changed since, and none that changed before."""
    world, complaints = _world(5)
    await _put(stores, node, world)
    documents = world.known["intake"]
    third = datetime.fromtimestamp(documents[complaints[2]].changed_at / 1e6, UTC)
    marker = Marker(lasting_store.address, node)
    assert await marker.since("intake", third) == 3
    assert await marker.since("intake", third + timedelta(days=9)) == 0
    marker.close()


@pytest.mark.parametrize("first", ["read", "mark"])
async def test_a_mark_stays_though_its_document_changes_meanwhile(
    lasting_store: EmbeddedStore,
    node: str,
    stores: dict[str, MongoStore],
    monkeypatch: pytest.MonkeyPatch,
    first: str,
) -> None:
    """Whoever hears what leaves nothing to tell tells nothing; nor may the write take the mark."""
    world, complaints = _world(3)
    await _put(stores, node, world)
    kept = documents_of("intake", stores["intake"], node)
    before = (await kept.load(complaints[:1]))[complaints[0]]
    heard = replace(before, version=before.version + 1, changed_at=2**52)
    mark, written = MongoDocuments.mark, list[bool]()

    async def meeting(documents: Any, some: Any, at: int) -> int:
        if first == "mark":
            marked = await mark(documents, some, at)
        if not written:
            outcome = await kept.write([Change(heard, before.version)])
            written.append(outcome.complete)
        return marked if first == "mark" else await mark(documents, some, at)

    monkeypatch.setattr(MongoDocuments, "mark", meeting)
    marker = Marker(lasting_store.address, node)
    assert await marker.since("intake", datetime.fromtimestamp(0, UTC)) == 3
    marker.close()
    assert written == [first == "read"]
    assert sorted(each.id for each in await kept.untold(2**62, 10)) == sorted(complaints)


async def test_a_store_is_declared_restored_only_while_its_service_is_stopped(
    lasting_store: EmbeddedStore, node: str, stores: dict[str, MongoStore]
) -> None:
    """A living lease refuses; an expired one gives a new epoch, above any earlier one."""
    notes = stores["routing"].notes
    now = time.time_ns() // 1000
    assert await notes.lease("lease", "somebody", now, now + 60_000_000)
    with pytest.raises(StillRunning, match="routing runs"):
        await restore(lasting_store.address, node, "routing")
    assert await notes.read("store") is None
    assert await notes.lease("lease", "somebody", now, now - 1)
    first = await restore(lasting_store.address, node, "routing")
    second = await restore(lasting_store.address, node, "routing")
    assert second > first > 1_700_000_000_000
    assert await notes.read("store") == {"epoch": second, "adopted": False}


async def _holding(stores: dict[str, MongoStore], node: str) -> str:
    """Store one complaint everywhere, of which routing holds what followup told."""
    world, (complaint,) = _world(1)
    routing = world.known["routing"][complaint]
    held = {"cases": Held(Pair(0, 4), "poison")}
    world.known["routing"][complaint] = replace(routing, held=held)
    await _put(stores, node, world)
    return complaint


async def test_what_waits_is_listed_and_given_up(
    lasting_store: EmbeddedStore, node: str, stores: dict[str, MongoStore]
) -> None:
    """A held history is listed with its reason; discarded, its facts count as heard."""
    complaint = await _holding(stores, node)
    quarantine = stores["routing"].quarantine
    await quarantine.keep([(Told("cases", complaint, Pair(0, 4), b"{}"), "poison")])
    rows = await listed(lasting_store.address, node)
    assert [(row["service"], row["stream"], row["reason"]) for row in rows] == [
        ("routing", "cases", "poison")
    ]
    pair = await discard(lasting_store.address, node, "routing", complaint, "cases")
    assert pair == Pair(0, 4)
    found = (await documents_of("routing", stores["routing"], node).load([complaint]))[complaint]
    assert not found.held
    assert found.heard["cases"].pair == Pair(0, 4)
    assert await listed(lasting_store.address, node) == []
    with pytest.raises(NotGivenUp, match="Nothing of cases waits"):
        await discard(lasting_store.address, node, "routing", complaint, "cases")
    await release(lasting_store.address, node)
    assert await stores["routing"].notes.read("release") is not None


async def test_what_waits_for_a_newer_release_is_not_given_up(
    lasting_store: EmbeddedStore, node: str, stores: dict[str, MongoStore]
) -> None:
    """This one cannot write what a newer one has stored; it says so, and what waits stays."""
    complaint = await _holding(stores, node)
    rows = stores["routing"].database["complaints"]
    await rows.update_one({"_id": complaint}, {"$set": {"schema": 99}})
    before = await rows.find_one({"_id": complaint})
    async with asyncio.timeout(20):
        with pytest.raises(NotGivenUp, match="stored by a newer release"):
            await discard(lasting_store.address, node, "routing", complaint, "cases")
    assert await rows.find_one({"_id": complaint}) == before
