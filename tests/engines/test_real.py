"""Apache Kafka and a real store, as this machine has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.engines.choose import ABSENT, real_broker, real_demanded, real_store
from deploy.engines.engine import Engine
from tests.engines import conversation

pytestmark = [pytest.mark.connected, pytest.mark.slow]


@pytest.fixture(scope="module")
def broker(
    tmp_path_factory: pytest.TempPathFactory, engine_report: Callable[[str], None]
) -> Iterator[Engine]:
    """Give a running Kafka."""
    for engine in _run(real_broker(tmp_path_factory.mktemp("broker"))):
        engine_report(engine.name)
        yield engine


@pytest.fixture(scope="module")
def store(
    tmp_path_factory: pytest.TempPathFactory, engine_report: Callable[[str], None]
) -> Iterator[Engine]:
    """Give a running store."""
    for engine in _run(real_store(tmp_path_factory.mktemp("store"))):
        engine_report(engine.name)
        yield engine


def _run(engine: Engine | None) -> Iterator[Engine]:
    if engine is None:
        assert not real_demanded(), ABSENT
        pytest.skip(ABSENT)
    engine.start()
    yield engine
    engine.close()


def _breakable(engine: Engine) -> Engine:
    if not engine.ours:
        pytest.skip(f"{engine.name} is not ours to break")
    return engine


def test_a_record_comes_through_kafka(broker: Engine) -> None:
    """What an idempotent producer sends can be consumed by a group."""
    conversation.create_topic(broker, "heard")
    conversation.produce(broker, "heard", b"tok tok tok")
    assert conversation.consume(broker, "heard") == b"tok tok tok"


def test_a_killed_kafka_comes_back_with_its_log(broker: Engine) -> None:
    """After a kill the same address answers with the same cluster id, and has the record."""
    before = conversation.cluster_id(_breakable(broker))
    conversation.create_topic(broker, "kept")
    conversation.produce(broker, "kept", b"tok")
    broker.kill()
    assert not broker.alive()
    broker.start()
    assert conversation.cluster_id(broker) == before
    assert conversation.consume(broker, "kept") == b"tok"


def test_a_stopped_kafka_comes_back_with_its_log(broker: Engine) -> None:
    """A stop is as harmless as a kill."""
    conversation.create_topic(_breakable(broker), "stopped")
    conversation.produce(broker, "stopped", b"tok")
    broker.stop()
    broker.start()
    assert conversation.consume(broker, "stopped") == b"tok"


def test_a_killed_store_keeps_its_documents(store: Engine) -> None:
    """What was acknowledged is there after a kill, at the same address."""
    conversation.insert(_breakable(store), {"_id": "killed", "said": "tok"})
    store.kill()
    assert not store.alive()
    store.start()
    assert conversation.find(store, "killed") == {"_id": "killed", "said": "tok"}


def test_a_stopped_store_keeps_its_documents(store: Engine) -> None:
    """A stop is as harmless as a kill."""
    conversation.insert(_breakable(store), {"_id": "stopped"})
    store.stop()
    store.start()
    assert conversation.find(store, "stopped") == {"_id": "stopped"}


@pytest.mark.parametrize("kind", ["broker", "store"])
def test_a_paused_engine_goes_on_where_it_was(kind: str, request: pytest.FixtureRequest) -> None:
    """A frozen engine is alive, and answers again when it is resumed."""
    engine: Engine = _breakable(request.getfixturevalue(kind))
    engine.pause()
    assert engine.alive()
    engine.resume()
    if kind == "broker":
        assert conversation.cluster_id(engine)
    else:
        assert conversation.find(engine, "nobody") is None


def test_two_stores_stand_side_by_side(store: Engine, tmp_path: Path) -> None:
    """A second store from the same cache shares nothing with the first."""
    _breakable(store)
    for other in _run(real_store(tmp_path)):
        conversation.insert(other, {"_id": "other"})
        assert conversation.find(other, "other")
        assert conversation.find(store, "other") is None
