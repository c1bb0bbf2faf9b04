"""What the quota of a publisher is worth: its flood is slowed by the broker, and nobody else is."""

from __future__ import annotations

import asyncio
import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from types import TracebackType
from typing import Self

import pytest
from confluent_kafka import Producer, ThrottleEvent

from deploy.engines.choose import ABSENT, Engines, real_demanded, real_store
from deploy.engines.kafka import Kafka
from deploy.publishers.adding import Added, add
from tests.connected.guarded import signed_in
from tests.harness.promises import await_receipts, receipts
from tests.harness.publisher import Publisher, binary
from tests.harness.waiting import until
from tests.harness.world import World

pytestmark = [pytest.mark.connected, pytest.mark.slow, pytest.mark.usefixtures("demanded")]
QUOTA = 32 * 1024
"""Bytes in a second that the flooding publisher may write."""
USUAL = 256 * 1024
FLOODED = 20.0
"""Seconds of being slowed that are measured."""
LOOKS = 10
"""Records whose receipts are waited for, before and at least while there is a flood."""
PATIENCE = 30.0
TEXT = "Banjir di jalan. " * 200


class Flood:
    """Sends one record after another, as fast as the bus takes them, until the block is left."""

    def __init__(self, publisher: Publisher) -> None:
        """Flood as a publisher, through a connection of its own."""
        self._publisher = publisher
        self._producer = Producer(
            {
                **publisher.settings,
                "acks": "all",
                "queue.buffering.max.messages": 50,
                "throttle_cb": self._slowed,
            }
        )
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._pour, daemon=True)
        self.slowed: list[float] = []
        """Seconds that the broker said an answer was kept back, each time."""
        self.taken: list[tuple[float, int]] = []
        """When a record was acknowledged, and its bytes."""
        self.refused: list[str] = []
        self.submitted: dict[str, str] = {}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _at: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()
        self._producer.flush(PATIENCE * 4)

    def rate(self, since: float, until: float) -> float:
        """Give the bytes in a second that were acknowledged between two moments."""
        return sum(size for at, size in self.taken if since <= at < until) / (until - since)

    def _pour(self) -> None:
        while not self._stop.is_set():
            reference, event = f"F-{uuid.uuid4()}", str(uuid.uuid4())
            body = {"reference": reference, "title": "Banjir", "text": TEXT, "area": "81.71.02"}
            try:
                self._send(reference, event, json.dumps(body).encode())
            except BufferError:
                self._producer.poll(0.1)
            self._producer.poll(0)

    def _send(self, reference: str, event: str, value: bytes) -> None:
        def done(error: object, _message: object) -> None:
            if error is not None:
                self.refused.append(str(error))
            else:
                self.taken.append((time.monotonic(), len(value)))
                self.submitted[reference] = event

        headers: dict[str, str | bytes | None] = {**binary(event, self._publisher.name)}
        topic = self._publisher.topic("submissions")
        self._producer.produce(topic, value, key=reference, headers=headers, on_delivery=done)

    def _slowed(self, event: ThrottleEvent) -> None:
        if event.throttle_time > 0:
            self.slowed.append(event.throttle_time)


@pytest.fixture
def town(
    guarded: tuple[Kafka, str], tmp_path: Path, engine_report: Callable[[str], None]
) -> Iterator[tuple[World, Publisher, Publisher]]:
    """Give a node on that Kafka, a publisher that will flood, and one that says little."""
    kafka, address = guarded
    store = real_store(tmp_path)
    if store is None:
        assert not real_demanded(), ABSENT
        pytest.skip(ABSENT)
    names = {"banjir": QUOTA, "tenang": USUAL}
    told = {"KENTONGAN_PUBLISHERS": ",".join(names)}
    store.start()
    engine_report(store.name)
    try:
        made = {name: asyncio.run(add(kafka.address, name, most)) for name, most in names.items()}
        floods, quiet = (_as_partner(address, name, each) for name, each in made.items())
        with World(Engines(kafka, store), tmp_path / "world", told=told) as world:
            yield world, floods, quiet
    finally:
        store.close()


def _as_partner(address: str, name: str, added: Added) -> Publisher:
    assert added.password, added.lacks
    return Publisher(name, address, settings=signed_in(address, name, added.password))


def _wait_for_receipt(publisher: Publisher) -> float:
    """Submit one record; give the seconds until its publisher can read the receipt."""
    began = time.monotonic()
    event = publisher.submit(f"T-{uuid.uuid4()}")
    until(lambda: event not in receipts(publisher), patience=PATIENCE, every=0.1)
    return time.monotonic() - began


def test_a_flood_slows_only_its_publisher(town: tuple[World, Publisher, Publisher]) -> None:
    """Its broker holds it at its quota, the other has receipts as ever, and nothing is lost."""
    _, floods, quiet = town
    before = [_wait_for_receipt(quiet) for _ in range(LOOKS)]
    during: list[float] = []
    with Flood(floods) as flood:
        until(lambda: not flood.slowed, patience=PATIENCE)
        began = time.monotonic()
        while len(during) < LOOKS or time.monotonic() - began < FLOODED:
            during.append(_wait_for_receipt(quiet))
        rate = flood.rate(began, time.monotonic())
    print(
        f"quota {QUOTA} B/s, taken {rate:.0f} B/s over {FLOODED:g} s, slowed "
        f"{len(flood.slowed)} times by up to {max(flood.slowed):.1f} s; the other's receipt came "
        f"after {median(before):.2f} s before and {median(during):.2f} s meanwhile, "
        f"at worst {max(before):.2f} and {max(during):.2f} s"
    )
    assert flood.refused == []
    assert QUOTA / 4 < rate < QUOTA * 1.5
    assert median(during) < median(before) + 1, "it waits for its turn at intake, and no longer"
    told = await_receipts(floods, flood.submitted)
    assert all(receipt["outcome"] == "accepted" for receipt in told.values())
