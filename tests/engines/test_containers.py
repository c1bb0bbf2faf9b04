"""The real engines in containers, through testcontainers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from deploy.engines.cache import Cache
from deploy.engines.choose import real_demanded
from deploy.engines.containers import ContainerEngine, container_broker, container_store
from deploy.engines.daemon import docker_answers
from tests.engines import conversation

pytestmark = [pytest.mark.docker, pytest.mark.slow]


@pytest.fixture
def broker(engine_report: Callable[[str], None]) -> Iterator[ContainerEngine]:
    """Give Kafka in a running container."""
    for engine in _run(container_broker):
        engine_report(engine.name)
        yield engine


@pytest.fixture
def store(engine_report: Callable[[str], None]) -> Iterator[ContainerEngine]:
    """Give a store in a running container."""
    for engine in _run(container_store):
        engine_report(engine.name)
        yield engine


def _run(get: Callable[..., ContainerEngine | None]) -> Iterator[ContainerEngine]:
    if not docker_answers():
        pytest.skip("no Docker daemon answers")
    engine = get(Cache.of(), fetch=real_demanded())
    if engine is None:
        pytest.skip("Docker has no image of it: run `make test-real`")
    engine.start()
    yield engine
    engine.close()


def test_kafka_in_a_container_keeps_its_log(broker: ContainerEngine) -> None:
    """Started through testcontainers, killed and started again, it still has the record."""
    conversation.create_topic(broker, "kept")
    conversation.produce(broker, "kept", b"tok")
    broker.kill()
    assert not broker.alive()
    broker.start()
    assert conversation.consume(broker, "kept") == b"tok"


def test_a_store_in_a_container_keeps_its_documents(store: ContainerEngine) -> None:
    """Started through testcontainers, killed and started again, it still has the document."""
    conversation.insert(store, {"_id": "kept"})
    store.kill()
    assert not store.alive()
    store.start()
    assert conversation.find(store, "kept") == {"_id": "kept"}


def test_a_container_can_be_paused_and_stopped(store: ContainerEngine) -> None:
    """A paused container is alive, a stopped one is not, and it comes back."""
    store.pause()
    assert store.alive()
    store.stop()
    assert not store.alive()
    store.start()
    assert store.alive()
