"""Where a measurement takes place: the engines, a folder, topics, and sweeping up afterwards."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient
from pymongo import MongoClient

from deploy.engines import choose
from deploy.engines.engine import EngineAbsent
from deploy.engines.local import LocalEngine
from deploy.topics import create
from shared.contracts.topics import Stream
from shared.runtime.settings import Profile


@dataclass(frozen=True)
class Stage:
    """Engines that answer, and a folder for keys and logs."""

    engines: choose.Engines
    folder: Path

    @property
    def kafka(self) -> str:
        """Give the bootstrap address."""
        return self.engines.broker.address

    @property
    def mongo(self) -> str:
        """Give the store's URI."""
        return self.engines.store.address

    @property
    def profile(self) -> Profile:
        """Give the client settings for the broker."""
        return self.engines.broker.profile

    def processes(self) -> dict[str, int]:
        """Give the processes of engines that are ours, by name; each leads a family."""
        found = {}
        for engine in (self.engines.broker, self.engines.store):
            for process in engine.processes if isinstance(engine, LocalEngine) else ():
                if process._child is not None:
                    found[process.name.partition(" on ")[0]] = process._child.pid
        return found

    def make_topics(self, topics: Mapping[str, Stream]) -> None:
        """Create topics."""
        asyncio.run(create(self.kafka, topics))

    def count(self, databases: Mapping[str, str]) -> dict[str, int]:
        """Count the documents of each service; once, when all is over."""
        with MongoClient[dict[str, object]](self.mongo) as client:
            return {
                service: client[name]["complaints"].count_documents({})
                for service, name in databases.items()
            }

    def sweep(self, topics: Sequence[str], databases: Sequence[str]) -> None:
        """Remove what a round has left on the engines."""
        with MongoClient[dict[str, object]](self.mongo) as client:
            for name in databases:
                client.drop_database(name)
        admin = AdminClient({"bootstrap.servers": self.kafka, "log_level": 0})
        for done in admin.delete_topics(list(topics)).values():
            with suppress(KafkaException):
                done.result(20)


@contextmanager
def set_up(*, embedded: bool, kafka: str | None, mongo: str | None) -> Iterator[Stage]:
    """Start the engines that are wanted, or use given ones; end and remove what is ours."""
    environ = dict(os.environ)
    if kafka:
        environ["KENTONGAN_TEST_KAFKA"] = kafka
    if mongo:
        environ["KENTONGAN_TEST_MONGO"] = mongo
    folder = Path(tempfile.mkdtemp(prefix="kentongan-load-"))
    folder.chmod(0o755)  # PostgreSQL runs as nobody
    try:
        engines = (
            choose.embedded(folder / "engines")
            if embedded
            else choose.real(folder / "engines", environ=environ)
        )
        if engines is None:
            raise EngineAbsent(f"{choose.ABSENT}, or measure with --embedded")
        with engines:
            yield Stage(engines, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
