"""Topics are made from the register, once, and never altered."""

from __future__ import annotations

import asyncio

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy import topics
from deploy.engines.embedded import EmbeddedBroker
from shared.contracts.topics import PUBLISHER_STREAMS, STREAMS, topic


def test_every_stream_of_a_node_and_a_publisher_is_wanted() -> None:
    """Nothing of the register is left out."""
    found = topics.wanted(["8171", "81"], ["kampus"])
    assert len(found) == 2 * len(STREAMS) + len(PUBLISHER_STREAMS)
    assert "kentongan.81.complaints.v1" in found
    assert "kentongan.ext.kampus.receipts.v1" in found


def test_copies_follow_the_brokers() -> None:
    """One broker keeps one copy, many keep three."""
    assert [topics.copies(count) for count in (0, 1, 2, 3, 9)] == [1, 1, 2, 3, 3]


async def test_topics_are_created_once(broker: EmbeddedBroker) -> None:
    """The second time everything is there and nothing is wrong, also when two come at once."""
    needed = topics.wanted(["8171"], ["kampus"])
    first, _ = await asyncio.gather(
        topics.create(broker.address, needed), topics.create(broker.address, needed)
    )
    assert set(first.created) | set(first.present) == set(needed)
    again = await topics.create(broker.address, needed)
    assert again.created == []
    assert set(again.present) == set(needed)
    assert again.wrong == []


async def test_a_wrong_partition_count_is_told_and_left(broker: EmbeddedBroker) -> None:
    """A topic with another count stays as it is, and is named with both counts."""
    name = topic("8171", "complaints")
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.address)
    await admin.start()
    await admin.create_topics([NewTopic(name, 7, 1)])
    await admin.close()
    needed = topics.wanted(["8171"])
    for _ in range(2):
        outcome = await topics.create(broker.address, needed)
        assert [(each.topic, each.wanted, each.found) for each in outcome.wrong] == [(name, 3, 7)]


async def test_a_bus_that_is_away_is_named(
    monkeypatch: pytest.MonkeyPatch, unused_address: str
) -> None:
    """The sentence says which address does not answer."""
    monkeypatch.setattr(topics, "PATIENCE", 1.0)
    with pytest.raises(topics.BusAbsent, match=unused_address):
        await topics.create(unused_address, topics.wanted(["8171"]))
