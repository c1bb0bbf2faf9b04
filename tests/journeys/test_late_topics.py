"""A service that is started before its topics are made."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy import topics
from deploy.engines.choose import Engines
from tests.harness.members import Member
from tests.harness.world import World


@pytest.mark.parametrize("service", ["routing", "followup"])
def test_a_service_waits_for_its_topics(engines: Engines, tmp_path: Path, service: str) -> None:
    """It says which one is missing, makes none by asking, and hears them as soon as they are.

    Also one that keeps the register in memory does not ask for it before.
    """
    world = World(engines, tmp_path)
    member = world.of(service)[0]
    try:
        member.start(wait=False)
        lacking = f"The bus has no topic kentongan.{world.code}."
        world.wait(lambda: lacking in _reasons(member), "it says what is missing")
        if service != "routing":
            world.wait(lambda: "register_" in member.log.read_text(), "it looked for the register")
        wanted = topics.wanted([world.code], [world.publisher_name])
        outcome = asyncio.run(topics.create(engines.broker.address, wanted))
        assert len(outcome.created) == len(wanted)
        assert not outcome.wrong
        world.wait(member.ready, "it is ready", patience=60)
    finally:
        world.close()


def test_a_service_does_not_work_on_a_topic_of_another_size(
    engines: Engines, tmp_path: Path
) -> None:
    """Complaints would lie where nobody looks for them; it says which topic, and what to do."""
    world = World(engines, tmp_path)
    member = world.of("routing")[0]
    name = f"kentongan.{world.code}.cases.v1"
    asyncio.run(_make(engines.broker.address, name, partitions=4))
    try:
        world.create_topics()
        member.start(wait=False)
        wrong = f"The topic {name} has 4 partitions and the register says 3"
        world.wait(lambda: wrong in _reasons(member), "it says which is wrong")
    finally:
        world.close()


async def _make(address: str, name: str, *, partitions: int) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, partitions, 1)])
    finally:
        await admin.close()


def _reasons(member: Member) -> str:
    try:
        return str(httpx.get(f"{member.url}/health/ready", timeout=5).json()["reasons"])
    except httpx.HTTPError:
        return ""
