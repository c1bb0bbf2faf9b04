"""Who reads a bus beside the services goes on at a record that cannot be decoded."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import orjson
import pytest

from deploy import tour as touring
from deploy.audit.finding import NO_DIFFERENCE, Kind
from deploy.audit.reading import Stores
from deploy.audit.report import text
from deploy.audit.run import Audit
from deploy.engines.embedded import EmbeddedBroker, EmbeddedStore
from deploy.found import Found
from deploy.topics import create, wanted
from deploy.tour import Tour, _listening
from shared.contracts.envelope import Envelope
from shared.contracts.fact import Pair, instant
from shared.contracts.topics import STREAMS, topic
from shared.runtime.folding import Told
from shared.runtime.ports import Away, Tally
from shared.runtime.restoring import adopt_own
from tests.harness.raw import BAD, NOT_UTF8, batch_of, send
from tests.runtime.drums import NOW

NODE, STREAM, PARTITION = "8171", "cases", 2
TOPIC = topic(NODE, STREAM)
FACT = {
    "id": "f",
    "type": "case.resolved.v1",
    "at": instant(NOW),
    "data": {"agency": "dinas-pu"},
    "by": None,
    "cause": "",
}


def history(complaint: str) -> bytes:
    """Write a batch of a whole message between two that cannot be decoded."""
    envelope = Envelope(
        type=STREAMS[STREAM].message,
        source=f"/node/{NODE}/followup",
        subject=complaint,
        sequence=Pair(0, 1),
        id="an id",
        time=instant(NOW),
    )
    body = orjson.dumps({"complaint": complaint, "facts": [{**FACT, "pair": [0, 1]}]})
    bad = (b"bad", b"bad", [(NOT_UTF8, b"1")])
    return batch_of(bad, (complaint.encode(), body, envelope.headers()), bad)


@pytest.fixture
async def bus(broker: EmbeddedBroker) -> str:
    """Give the address of a bus with the topics of a node, and nothing on them."""
    await create(broker.address, wanted([NODE], ()))
    return broker.address


async def test_an_audit_lists_it_and_goes_on(bus: str, lasting_store: EmbeddedStore) -> None:
    """By its place; what stands behind it is compared as ever, and it makes no difference."""
    await send(bus, TOPIC, [(PARTITION, BAD), (PARTITION, history("c-1")), (0, history("c-2"))])
    stores = Stores(lasting_store.address, NODE)
    try:
        report = await Audit(stores, NODE, bus, settled=True).run()
    finally:
        stores.close()
    listed = report.listed[Kind.UNDECODABLE]
    places = {(2, 0), (2, 1), (2, 3), (0, 0), (0, 2)}
    assert {each.sentence.partition(": ")[0] for each in listed} == {
        f"{TOPIC}, partition {partition}, offset {offset}" for partition, offset in places
    }
    assert {each.service for each in listed} == {"followup"}
    assert Kind.UNDECODABLE in NO_DIFFERENCE
    assert f"offset 3: {listed[0].sentence.partition(': ')[2]}" in text(report)
    assert {each.complaint for each in report.listed[Kind.BUS]} == {"c-1", "c-2"}


async def test_a_tour_goes_on(bus: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It shows its own complaint's facts, whatever else comes in."""
    monkeypatch.setattr(touring, "LAST_WAIT", 0.0)
    lines: list[str] = []
    tour = Tour(Found(NODE, kafka=bus), lines.append, complaint="c-1")
    async with _listening(tour.found) as consumer:
        await send(bus, TOPIC, [(PARTITION, BAD), (PARTITION, history("c-1"))])
        await tour._follow(consumer)
    assert [line.split()[2:5] for line in lines] == [[TOPIC, "followup", FACT["type"]]]


async def test_a_restored_service_adopts_what_stands_behind_it(bus: str) -> None:
    """What cannot be read is counted, and the service becomes ready."""
    no_envelope = batch_of((b"c-3", b"{}", ()))
    whole = [(PARTITION, BAD), (PARTITION, history("c-1")), (0, history("c-2")), (0, no_envelope)]
    await send(bus, TOPIC, whole)
    adopted: list[str] = []
    notes: dict[str, Any] = {"store": {"epoch": 7, "adopted": False}}

    class Relay:
        async def adopt(self, histories: list[Told], *, snapshot: bool) -> None:
            assert not snapshot
            adopted.extend(each.complaint for each in histories)

    class Notes:
        async def read(self, name: str) -> Any:
            return notes[name]

        async def write(self, name: str, note: Any) -> None:
            notes[name] = note

    process = SimpleNamespace(
        name="followup",
        node=NODE,
        settings=SimpleNamespace(kafka=bus),
        relay=Relay(),
        tally=Tally(),
        store=SimpleNamespace(notes=Notes()),
    )
    await adopt_own(cast("Any", process))
    assert sorted(adopted) == ["c-1", "c-2"]
    assert process.tally.unadopted == 6
    assert notes["store"] == {"epoch": 7, "adopted": True}


async def test_an_audit_of_a_bus_without_topics_says_which_is_missing(
    broker: EmbeddedBroker, lasting_store: EmbeddedStore
) -> None:
    """An empty bus is not taken for one on which nothing was told."""
    stores = Stores(lasting_store.address, NODE)
    try:
        with pytest.raises(Away, match=rf"the topic kentongan\.{NODE}\.\w+\.v1 is missing"):
            await Audit(stores, NODE, broker.address).run()
    finally:
        stores.close()
