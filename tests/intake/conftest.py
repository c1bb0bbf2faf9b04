"""A store, and intake over it with a bus that is away until a test starts one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from deploy.engines.embedded import EmbeddedStore
from deploy.engines.ports import free_port
from services.intake.app import create_app
from services.intake.settings import IntakeSettings
from shared.runtime.sealing import make_pair
from tests.engines.fixtures import lasting_store
from tests.intake.doubles import PUBLISHER, SECRET

__all__ = ["app", "door", "lasting_store", "place"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where intake runs: its settings, and the key that opens what it seals."""

    settings: IntakeSettings
    private: Path
    bus_port: int


@pytest.fixture(scope="module")
def place(lasting_store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Give settings of intake; nobody listens at the address of the bus."""
    public, private = make_pair(tmp_path_factory.mktemp("keys"))
    port = free_port()
    settings = IntakeSettings(
        node="8171",
        kafka=f"127.0.0.1:{port}",
        mongo=SecretStr(lasting_store.address),
        profile="embedded",
        pin_secret=SecretStr(SECRET.decode()),
        contact_key=public,
        publishers=(PUBLISHER,),
    )
    return Place(settings, private, port)


@pytest.fixture(scope="module")
def app(place: Place) -> FastAPI:
    """Give intake as it is composed."""
    return create_app(place.settings)


@pytest.fixture(scope="module")
async def door(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client of a running intake whose bus is away."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://intake") as client,
    ):
        yield client
