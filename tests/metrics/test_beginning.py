"""How metrics begins."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from pydantic import SecretStr

from deploy.engines.embedded import EmbeddedStore
from deploy.engines.ports import free_port
from services.metrics.app import create_app
from services.metrics.settings import MetricsSettings
from shared.runtime import alongside
from shared.runtime.store import MongoDocuments


async def test_what_is_counted_is_prepared_though_that_failed_once(
    lasting_store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its index each look would read all there is, and nobody would know why."""
    monkeypatch.setattr(alongside, "AGAIN", 0)
    tried, done, prepared = Counter[str](), Counter[str](), asyncio.Event()
    really = MongoDocuments.prepare

    async def prepare(self: MongoDocuments[object]) -> None:
        name = self._rows.name
        tried[name] += 1
        if tried[name] == 1:
            raise AttributeError("the driver lost its server")
        await really(self)
        done[name] += 1
        if {"figures", "performance"} <= done.keys():
            prepared.set()

    monkeypatch.setattr(MongoDocuments, "prepare", prepare)
    app = create_app(
        MetricsSettings(
            node="8171",
            kafka=f"127.0.0.1:{free_port()}",
            mongo=SecretStr(lasting_store.address),
            profile="embedded",
        )
    )
    async with app.router.lifespan_context(app), asyncio.timeout(20):
        await prepared.wait()
    assert min(tried["figures"], tried["performance"]) > 1
