"""The fixtures of journeys and storms; a folder's ``conftest.py`` says on which engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from deploy.engines.choose import ABSENT, Engines, embedded, real, real_demanded
from tests.harness.world import World


@pytest.fixture(scope="session")
def embedded_engines(
    tmp_path_factory: pytest.TempPathFactory, engine_report: Callable[[str], None]
) -> Iterator[Engines]:
    """Give the engines that come with pip; one pair per worker, each world with its own node."""
    yield from running(embedded(tmp_path_factory.mktemp("engines")), engine_report)


@pytest.fixture(scope="session")
def real_engines(
    tmp_path_factory: pytest.TempPathFactory, engine_report: Callable[[str], None]
) -> Iterator[Engines]:
    """Give real ones as this machine has them; say aloud where it has none."""
    engines = real(tmp_path_factory.mktemp("engines"))
    if engines is None:
        assert not real_demanded(), ABSENT
        pytest.skip(ABSENT)
    yield from running(engines, engine_report)


def running(engines: Engines, engine_report: Callable[[str], None]) -> Iterator[Engines]:
    """Run engines and name them in the report."""
    with engines:
        engine_report(engines.broker.name)
        engine_report(engines.store.name)
        yield engines


@pytest.fixture
def breakable(engines: Engines) -> Engines:
    """Give engines that are ours to kill; somebody else's are only used."""
    for engine in (engines.broker, engines.store):
        if not engine.ours:
            pytest.skip(f"{engine.name} is not ours to break")
    return engines


@pytest.fixture(scope="module")
def world(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Give a node with one process of each service, shared by the tests of a module."""
    with World(engines, tmp_path_factory.mktemp("world")) as running:
        yield running


@pytest.fixture
def quoted(world: World) -> Iterator[World]:
    """Give the world, and print its last words where a test fails (pytest shows them then)."""
    yield world
    print(world.last_words())
