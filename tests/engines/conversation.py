"""One record through a broker and one document through a store, told from outside."""

from __future__ import annotations

import asyncio
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from motor.motor_asyncio import AsyncIOMotorClient

from deploy.engines.engine import Engine
from shared.runtime.bus import MEMBERSHIPS

PATIENCE = 30.0


def create_topic(broker: Engine, topic: str) -> None:
    """Create a topic with one partition."""

    async def create() -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=broker.address)
        await admin.start()
        try:
            await admin.create_topics([NewTopic(topic, 1, 1)])
        finally:
            await admin.close()

    asyncio.run(asyncio.wait_for(create(), PATIENCE))


def produce(broker: Engine, topic: str, value: bytes) -> None:
    """Send one record and wait for the acknowledgement."""

    async def send() -> None:
        producer = AIOKafkaProducer(
            bootstrap_servers=broker.address,
            acks="all",
            enable_idempotence=broker.profile == "real",
        )
        await producer.start()
        try:
            await producer.send_and_wait(topic, value)
        finally:
            await producer.stop()

    asyncio.run(asyncio.wait_for(send(), PATIENCE))


def consume(broker: Engine, topic: str) -> bytes | None:
    """Read the first record of a topic as a member of a group."""

    async def read() -> bytes | None:
        member = MEMBERSHIPS[broker.profile]
        consumer = AIOKafkaConsumer(
            topic,
            bootstrap_servers=broker.address,
            group_id=f"{topic}-readers",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            session_timeout_ms=member.session,
            heartbeat_interval_ms=member.heartbeat,
            rebalance_timeout_ms=member.rebalance,
        )
        await consumer.start()
        try:
            value: bytes | None = (await consumer.getone()).value
            return value
        finally:
            await consumer.stop()

    return asyncio.run(asyncio.wait_for(read(), PATIENCE))


def cluster_id(broker: Engine) -> str:
    """Ask the broker which incarnation it is."""

    async def ask() -> str:
        admin = AIOKafkaAdminClient(bootstrap_servers=broker.address)
        await admin.start()
        try:
            return str((await admin.describe_cluster())["cluster_id"])
        finally:
            await admin.close()

    return asyncio.run(asyncio.wait_for(ask(), PATIENCE))


def insert(store: Engine, document: dict[str, Any]) -> None:
    """Insert one document, acknowledged as durable."""

    async def write() -> None:
        client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(store.address)
        try:
            await client.kentongan_probe.things.insert_one(document)
        finally:
            client.close()

    asyncio.run(asyncio.wait_for(write(), PATIENCE))


def find(store: Engine, identity: str) -> dict[str, Any] | None:
    """Find one document by its identity."""

    async def read() -> dict[str, Any] | None:
        client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(store.address)
        try:
            return await client.kentongan_probe.things.find_one({"_id": identity})
        finally:
            client.close()

    return asyncio.run(asyncio.wait_for(read(), PATIENCE))
