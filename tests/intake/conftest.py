"""A store, and intake over it with a bus that is away until a test starts one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from deploy.engines.embedded import EmbeddedStore
from deploy.engines.ports import free_port
from services.intake.settings import IntakeSettings
from shared.runtime.sealing import make_pair
from tests.intake.doubles import PUBLISHER, SECRET


@pytest.fixture(scope="module")
def store(
    tmp_path_factory: pytest.TempPathFactory, engine_report: Callable[[str], None]
) -> Iterator[EmbeddedStore]:
    """Give a running embedded store."""
    engine = EmbeddedStore(tmp_path_factory.mktemp("store"))
    engine.start()
    engine_report(engine.name)
    yield engine
    engine.close()


@dataclass(frozen=True, slots=True)
class Place:
    """Where intake runs: its settings, and the key that opens what it seals."""

    settings: IntakeSettings
    private: Path
    bus_port: int


@pytest.fixture(scope="module")
def place(store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Give settings of intake; nobody listens at the address of the bus."""
    public, private = make_pair(tmp_path_factory.mktemp("keys"))
    port = free_port()
    settings = IntakeSettings(
        node="8171",
        kafka=f"127.0.0.1:{port}",
        mongo=SecretStr(store.address),
        profile="embedded",
        pin_secret=SecretStr(SECRET.decode()),
        contact_key=public,
        publishers=(PUBLISHER,),
    )
    return Place(settings, private, port)
