"""Topics are made from the register, once, and never altered."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from typer.testing import CliRunner

from deploy import topics
from deploy.cli import app
from deploy.console import Exit
from deploy.engines.choose import Engines
from deploy.engines.embedded import EmbeddedBroker
from deploy.engines.given import GivenEngine
from deploy.engines.ports import free_port
from deploy.folder import Folder
from deploy.running import start_engines
from deploy.supervisor import Supervisor
from shared.contracts.topics import PUBLISHER_STREAMS, STREAMS, topic
from shared.runtime.bus import KafkaWatch


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
    watch = KafkaWatch(broker.address)
    assert await watch.incarnation()
    said = await watch.lacks({name: 3})
    await watch.stop()
    assert said == [str(wrong) for wrong in outcome.wrong]
    assert "While nothing is in it, delete it" in said[0]


async def test_a_topic_that_was_made_meanwhile_is_counted_too(
    broker: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody may make one between the look and the making: it is present, and may be wrong."""
    name, make = topic("8171", "register"), AIOKafkaAdminClient.create_topics

    async def second(admin: AIOKafkaAdminClient, new: list[NewTopic]) -> object:
        await make(admin, [NewTopic(name, 4, 1)])
        return await make(admin, new)

    monkeypatch.setattr(AIOKafkaAdminClient, "create_topics", second)
    outcome = await topics.create(broker.address, topics.wanted(["8171"]))
    assert [(each.topic, each.wanted, each.found) for each in outcome.wrong] == [(name, 1, 4)]
    assert name in outcome.present
    assert len(outcome.created) == len(STREAMS) - 1


async def test_a_broker_that_died_gets_the_topics_of_all_who_were_added(
    broker: EmbeddedBroker, tmp_path: Path
) -> None:
    """Also of a publisher added since the start: the embedded broker has forgotten them all."""
    folder, supervisor = Folder(tmp_path / "node"), Supervisor(print)
    folder.path.mkdir()
    engines = Engines(broker, GivenEngine("store", "s:1", lambda _address: "1"))
    added = topics.wanted([], ["sigap"])
    try:
        await start_engines(supervisor, engines, "8171", folder.publishers)
        folder.add_publisher("sigap")
        broker.kill()
        async with asyncio.timeout(20):
            while set(supervisor.states().values()) == {"up"}:  # noqa: ASYNC110 - seen by a thread
                await asyncio.sleep(0.02)
            while set(supervisor.states().values()) != {"up"}:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        assert (await topics.create(broker.address, added)).created == []
    finally:
        await supervisor.stop()


def test_topics_of_a_running_node_are_those_of_all_who_were_added(
    broker: EmbeddedBroker, tmp_path: Path
) -> None:
    """The command names what its folder knows now, not what it knew when it was started."""
    folder = Folder(tmp_path)
    state = {"node": "8171", "mongo": "m", "kafka": broker.address, "publishers": ["kampus"]}
    folder.write_state(state)
    folder.add_publisher("sigap")
    done = CliRunner().invoke(app, ["topics", "--data", str(tmp_path)])
    assert done.exit_code == Exit.CLEAN, done.output
    made = {line.split()[1] for line in done.stdout.splitlines()}
    assert made == set(topics.wanted(["8171"], ["kampus", "sigap"]))


async def test_a_bus_that_is_away_is_named(
    monkeypatch: pytest.MonkeyPatch, unused_address: str
) -> None:
    """The sentence says which address does not answer."""
    monkeypatch.setattr(topics, "PATIENCE", 1.0)
    with pytest.raises(topics.BusAbsent, match=unused_address):
        await topics.create(unused_address, topics.wanted(["8171"]))


def test_a_bus_that_is_away_is_told_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A command says it once; what the client says at each of its tries is nobody's to read."""
    monkeypatch.setattr(topics, "PATIENCE", 0)
    logging.getLogger("aiokafka").setLevel(logging.NOTSET)
    address = f"127.0.0.1:{free_port()}"
    done = CliRunner().invoke(app, ["topics", "--node", "8171", "--kafka", address])
    assert done.exit_code == Exit.ENVIRONMENT
    assert done.stderr.count(address) == 1
    assert not [each for each in caplog.records if each.name.startswith("aiokafka")]
