"""The embedded engines as fixtures; a folder's ``conftest.py`` says which it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from deploy.engines.embedded import EmbeddedBroker, EmbeddedStore
from deploy.engines.engine import Engine

Run = TypeVar("Run", bound=Engine)


def running(engine: Run, engine_report: Callable[[str], None]) -> Iterator[Run]:
    """Run an engine and name it in the report."""
    engine.start()
    engine_report(engine.name)
    yield engine
    engine.close()


@pytest.fixture
def broker(tmp_path: Path, engine_report: Callable[[str], None]) -> Iterator[EmbeddedBroker]:
    """Give a running embedded broker."""
    yield from running(EmbeddedBroker(tmp_path), engine_report)


@pytest.fixture
def store(tmp_path: Path, engine_report: Callable[[str], None]) -> Iterator[EmbeddedStore]:
    """Give a running embedded store."""
    yield from running(EmbeddedStore(tmp_path), engine_report)


@pytest.fixture(scope="module")
def lasting_store(
    tmp_path_factory: pytest.TempPathFactory, engine_report: Callable[[str], None]
) -> Iterator[EmbeddedStore]:
    """Give one running embedded store to all tests of a module."""
    yield from running(EmbeddedStore(tmp_path_factory.mktemp("store")), engine_report)
