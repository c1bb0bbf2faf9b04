"""The engines that come with pip."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deploy.engines.embedded import EmbeddedBroker, EmbeddedStore
from deploy.engines.engine import EngineFailed
from deploy.engines.ports import kafka_answers
from tests.engines import conversation


def test_a_record_comes_through_the_broker(broker: EmbeddedBroker) -> None:
    """What is produced can be consumed by a group."""
    conversation.create_topic(broker, "heard")
    conversation.produce(broker, "heard", b"tok tok tok")
    assert conversation.consume(broker, "heard") == b"tok tok tok"


def test_a_killed_broker_comes_back_as_another(broker: EmbeddedBroker) -> None:
    """After a kill the same address answers with another cluster id, and knows no topic."""
    before = conversation.cluster_id(broker)
    broker.kill()
    assert not broker.alive()
    broker.start()
    assert conversation.cluster_id(broker) not in ("", before)


def test_a_killed_store_keeps_its_documents(store: EmbeddedStore) -> None:
    """What was acknowledged as journaled is there after a kill, at the same address."""
    conversation.insert(store, {"_id": "one", "said": "tok"})
    store.kill()
    assert not store.alive()
    store.start()
    assert conversation.find(store, "one") == {"_id": "one", "said": "tok"}


def test_a_stopped_store_keeps_its_documents(store: EmbeddedStore) -> None:
    """A stop is as harmless as a kill."""
    conversation.insert(store, {"_id": "one"})
    store.stop()
    store.start()
    assert conversation.find(store, "one") == {"_id": "one"}


def test_a_paused_engine_is_silent_but_alive(broker: EmbeddedBroker) -> None:
    """A frozen broker accepts connections and answers nothing until it is resumed."""
    broker.pause()
    assert broker.alive()
    assert not kafka_answers("127.0.0.1", broker.port)
    broker.resume()
    assert kafka_answers("127.0.0.1", broker.port)


def test_a_paused_engine_can_be_stopped(broker: EmbeddedBroker) -> None:
    """Stopping does not wait out its grace for a frozen process: that is let go on to end."""
    broker.pause()
    began, grace = time.monotonic(), 30.0
    broker.stop(grace)
    assert not broker.alive()
    assert time.monotonic() - began < grace


def test_an_engine_that_dies_at_once_says_why(tmp_path: Path, broker: EmbeddedBroker) -> None:
    """The error names the engine and quotes what it said: here, that the port is taken."""
    with pytest.raises(EngineFailed, match=r"(?s)SecantusDB .* ended while starting.*in use"):
        EmbeddedStore(tmp_path / "other", port=broker.port).start()


def test_no_engine_outlives_a_killed_owner(tmp_path: Path) -> None:
    """When the process that started an engine is killed, the engine goes too."""
    program = (
        "import pathlib, sys, time\n"
        "from deploy.engines.embedded import EmbeddedBroker\n"
        "broker = EmbeddedBroker(pathlib.Path(sys.argv[1]))\n"
        "broker.start()\n"
        "print(broker.port, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout is not None
        port = int(owner.stdout.readline())
        assert kafka_answers("127.0.0.1", port)
        os.kill(owner.pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while kafka_answers("127.0.0.1", port) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not kafka_answers("127.0.0.1", port)
