"""A process alone: what it says of itself while nothing answers it."""

from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace

import pytest
from pydantic import SecretStr

from deploy.engines.ports import free_port
from shared.runtime.blueprint import Blueprint
from shared.runtime.process import Process
from shared.runtime.settings import Settings
from shared.runtime.store import Shape
from tests.runtime.drums import Drums, Sound

PATIENCE = 10.0


def alone() -> Process[Sound]:
    """Give a process whose store and bus are away."""
    kafka, mongo = (f"127.0.0.1:{free_port()}" for _ in range(2))
    settings = Settings(node="8171", kafka=kafka, mongo=SecretStr(f"mongodb://{mongo}"))
    return Process(settings, Blueprint("followup", Drums(), Shape(Sound)))


async def test_it_lives_while_its_store_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its loop turns: started again, it would have to wait from the beginning."""
    process = alone()
    async with process.running():
        later = time.monotonic() + 60
        clock = SimpleNamespace(monotonic=lambda: later)
        monkeypatch.setattr("shared.runtime.process.time", clock)
        assert not process.alive()
        async with asyncio.timeout(PATIENCE):
            while not process.alive():  # noqa: ASYNC110  # flips in another task
                await asyncio.sleep(0.05)
    assert process.reasons()[0] == "The store does not answer."
