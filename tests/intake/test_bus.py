"""Intake on a real bus: what was accepted without it is told, and a partner gets receipts."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from aiokafka import AIOKafkaConsumer

from deploy import topics
from deploy.engines.embedded import EmbeddedBroker
from services.intake.app import create_app
from tests.intake.conftest import Place
from tests.intake.doubles import PUBLISHER

EXAMPLE = Path(__file__).parents[2] / "deploy/examples/publisher/publish.py"
PATIENCE = 60.0


@pytest.fixture
async def door(place: Place) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client of a running intake whose bus is away."""
    app = create_app(place.settings)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://intake") as client,
    ):
        yield client


async def heard(address: str, *names: str, until: Callable[[dict[str, Any]], bool]) -> None:
    """Read topics until what was read, by topic and key, is enough."""
    consumer = AIOKafkaConsumer(*names, bootstrap_servers=address, auto_offset_reset="earliest")
    await consumer.start()
    found: dict[str, Any] = {}
    try:
        async with asyncio.timeout(PATIENCE):
            while not until(found):
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    for record in records:
                        found[f"{record.topic} {record.key.decode()}"] = orjson.loads(record.value)
    finally:
        await consumer.stop()


async def test_a_bus_that_comes_late_hears_everything(
    door: httpx.AsyncClient,
    place: Place,
    tmp_path: Path,
    engine_report: Callable[[str], None],
) -> None:
    """A complaint filed while it was away, its contact, and then what a partner sends."""
    body = {
        "title": "Jalan berlubang",
        "text": "Di depan pasar.",
        "area": "81.71.02",
        "reporter": {"email": "a@b.id"},
    }
    answer = await door.post("/api/v1/complaints", json=body)
    assert answer.status_code == 201
    complaint = answer.json()["complaint"]
    broker = EmbeddedBroker(tmp_path, place.bus_port)
    broker.start()
    engine_report(broker.name)
    try:
        await topics.create(broker.address, topics.wanted(["8171"], [PUBLISHER]))
        wanted = {f"kentongan.8171.{name}.v1 {complaint}" for name in ("complaints", "contacts")}
        await heard(
            broker.address,
            "kentongan.8171.complaints.v1",
            "kentongan.8171.contacts.v1",
            until=lambda found: wanted <= found.keys(),
        )
        example = await asyncio.create_subprocess_exec(
            sys.executable,
            str(EXAMPLE),
            broker.address,
            PUBLISHER,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await asyncio.wait_for(example.communicate(), PATIENCE * 2)
    finally:
        broker.close()
    assert example.returncode == 0, said.decode()
    lines = said.decode().splitlines()
    assert [line.split()[0] for line in lines[:2]] == ["sent"] * 2
    assert any(line.startswith("rejected") and "area: " in line for line in lines[2:])
    accepted, again = [line for line in lines[2:] if line.startswith("accepted")]
    assert "8171-" in accepted
    assert lines.index(accepted) < lines.index(lines[0], 1), "sent again when it had its receipt"
    assert again == accepted, "the same receipt"
