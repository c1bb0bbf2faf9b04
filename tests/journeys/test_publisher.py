"""An outside system that publishes complaints to the bus, written on another Kafka client."""

from __future__ import annotations

import uuid

import pytest

from tests.harness.promises import accepted, await_receipts
from tests.harness.publisher import Publisher, binary
from tests.harness.waiting import until
from tests.harness.world import World


def test_a_record_becomes_a_complaint(quoted: World) -> None:
    """A submitted record gets a receipt that names its complaint, and progress follows."""
    world = quoted
    publisher, reference = world.publisher(), f"A-{uuid.uuid4()}"
    event = publisher.submit(reference, category="jalan")
    receipt = await_receipts(publisher, {reference: event})[event]
    assert receipt["outcome"] == "accepted"
    assert receipt["reference"] == reference
    world.accepted |= accepted([receipt])
    until(lambda: None if "in_progress" in _statuses(publisher, reference) else "progress")

    officer = world.liaison("dinas-pupr")
    answered = officer.change(str(receipt["complaint"]), "responses", text="Baik.")
    assert answered.status_code == 200, answered.text
    until(lambda: None if "answered" in _statuses(publisher, reference) else "its answer")
    world.prove()


def test_what_a_reporter_takes_back_is_taken_back(quoted: World) -> None:
    """A record about a complaint names it by the record that submitted it, and gets a receipt."""
    world = quoted
    publisher, reference = world.publisher(), f"W-{uuid.uuid4()}"
    event, wrong = publisher.submit(reference), str(uuid.uuid4())
    done = {kind: publisher.say(kind, event, reference) for kind in ("replied", "withdrawn")}
    publisher.say("replied", str(uuid.uuid4()), "no-such", event=wrong)
    events = {reference: event, "no-such": wrong, **done}
    told = await_receipts(publisher, events)
    assert [told[each]["outcome"] for each in done.values()] == ["accepted"] * 2
    assert told[wrong]["outcome"] == "rejected"
    until(lambda: None if "withdrawn" in _statuses(publisher, reference) else "progress")
    world.accepted |= accepted([told[event]])
    world.prove()


@pytest.mark.parametrize("compression", ["gzip", "lz4", "snappy", "zstd"])
def test_a_record_is_read_however_it_is_compressed(quoted: World, compression: str) -> None:
    """The publisher's client chooses the codec; the receipt comes all the same."""
    world = quoted
    publisher = Publisher(world.publisher_name, world.engines.broker.address, compression)
    reference = f"Z-{uuid.uuid4()}"
    event = publisher.submit(reference, text="Lampu jalan padam. " * 50)
    receipt = await_receipts(publisher, {reference: event})[event]
    assert receipt["outcome"] == "accepted"
    world.accepted |= accepted([receipt])


def test_the_same_record_twice_is_one_complaint(quoted: World) -> None:
    """Sent again, a record gets the same receipt, whatever became of it the first time."""
    world = quoted
    publisher, reference = world.publisher(), f"B-{uuid.uuid4()}"
    event = publisher.submit(reference)
    first = await_receipts(publisher, {reference: event})[event]
    told = len(publisher.told("receipts"))
    publisher.submit(reference, event=event)
    until(lambda: None if len(publisher.told("receipts")) > told else "a second receipt")
    assert await_receipts(publisher, {reference: event})[event] == first
    ids = {name for name, said in publisher.told("receipts") if said.get("record") == event}
    assert len(ids) == 1, ids
    world.accepted |= accepted([first])
    world.prove()


def test_a_broken_record_gets_a_receipt_that_says_why(quoted: World) -> None:
    """What is no submission is refused in words, and its neighbours go on."""
    world = quoted
    publisher = world.publisher()
    broken, right = str(uuid.uuid4()), f"C-{uuid.uuid4()}"
    assert publisher.send(b'{"reference": "C-1"}', key="C-1", headers=binary(broken, "mitra"))
    event = publisher.submit(right)
    told = await_receipts(publisher, {"C-1": broken, right: event})
    assert told[broken]["outcome"] == "rejected"
    assert any("title" in error for error in told[broken]["errors"])
    assert told[event]["outcome"] == "accepted"
    world.accepted |= accepted([told[event]])
    world.prove()


def _statuses(publisher: Publisher, reference: str) -> list[str]:
    return [
        str(said["status"])
        for _, said in publisher.told("progress")
        if said["reference"] == reference
    ]
