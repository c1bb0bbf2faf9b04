"""The real engines in containers, through testcontainers."""

from __future__ import annotations

import atexit
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.runtime.settings import Profile

from . import images
from .cache import Cache
from .daemon import OWNER, sweep
from .engine import EngineFailed
from .kafka import new_cluster_id
from .kafka import settings as kafka_settings
from .ports import free_port, kafka_answers, mongo_answers

PATIENCE = 240.0


@dataclass
class ContainerEngine:
    """One container, with the same port inside and outside, kept until it is closed."""

    name: str
    address: str
    image: str
    port: int
    answers: Callable[[], bool]
    environment: Mapping[str, str] = field(default_factory=dict)
    command: str = ""
    profile: Profile = "real"
    ours: bool = True
    _container: Any = field(default=None, init=False)

    def start(self) -> None:
        """Create the container the first time, start it again later; wait for an answer."""
        if self._container is None:
            self._container = self._create()
        elif not self.alive():
            self._container.start()
        deadline = time.monotonic() + PATIENCE
        while not self.answers():
            ended = not self.alive()
            if ended or time.monotonic() > deadline:
                said = self._container.logs(tail=12).decode(errors="replace")
                how = "ended" if ended else f"did not answer in {PATIENCE:g} s"
                self.close()
                raise EngineFailed(f"{self.name} {how}:\n{said}")
            time.sleep(0.1)

    def stop(self, grace: float = 10.0) -> None:
        """Ask it to end; Docker kills it after the grace."""
        if self.alive():
            self.resume()
            self._container.stop(timeout=round(grace))

    def kill(self) -> None:
        if self.alive():
            self._container.kill()
            self._container.wait()

    def pause(self) -> None:
        if self._status() == "running":
            self._container.pause()

    def resume(self) -> None:
        if self._status() == "paused":
            self._container.unpause()

    def alive(self) -> bool:
        return self._status() in ("running", "paused")

    def close(self) -> None:
        """Remove the container with its data."""
        if self._container is not None:
            atexit.unregister(self.close)
            self._container.remove(force=True, v=True)
            self._container.client.close()
            self._container = None

    def _create(self) -> Any:  # noqa: ANN401 - docker's own object, which carries no types
        from testcontainers.core.container import DockerContainer

        sweep()
        container = DockerContainer(self.image).with_bind_ports(self.port, self.port)
        for name, value in self.environment.items():
            container.with_env(name, value)
        if self.command:
            container.with_command(self.command)
        container.with_kwargs(labels={OWNER: str(os.getpid())})
        atexit.register(self.close)
        return container.start().get_wrapped_container()

    def _status(self) -> str:
        if self._container is None:
            return "absent"
        self._container.reload()
        return str(self._container.status)


def container_broker(cache: Cache, *, fetch: bool = False) -> ContainerEngine | None:
    """Give Kafka in a container, if its image is here or may be had."""
    image = images.kafka(cache, fetch=fetch)
    if image is None:
        return None
    port = free_port()
    told = kafka_settings(port, controller=free_port(), inside="0.0.0.0")  # noqa: S104 - of a container
    variables = {"KAFKA_" + key.upper().replace(".", "_"): value for key, value in told.items()}
    return ContainerEngine(
        name=f"Apache Kafka ({image} in Docker)",
        address=f"127.0.0.1:{port}",
        image=image,
        port=port,
        answers=lambda: kafka_answers("127.0.0.1", port),
        environment={"CLUSTER_ID": new_cluster_id(), **variables},
    )


def container_store(cache: Cache, *, fetch: bool = False) -> ContainerEngine | None:
    """Give MongoDB as a replica set, else FerretDB, if an image is here or may be had."""
    image = images.store(cache, fetch=fetch)
    if image is None:
        return None
    port = free_port()
    if image == images.MONGO:
        return ContainerEngine(
            name=f"MongoDB ({image} in Docker)",
            address=f"mongodb://127.0.0.1:{port}/?replicaSet=kentongan",
            image=image,
            port=port,
            answers=lambda: mongo_answers("127.0.0.1", port) and _leads(port),
            command=f"mongod --replSet kentongan --bind_ip_all --port {port}",
        )
    return ContainerEngine(
        name=f"FerretDB on PostgreSQL ({image} in Docker)",
        address=f"mongodb://127.0.0.1:{port}/",
        image=image,
        port=port,
        answers=lambda: mongo_answers("127.0.0.1", port),
        environment={"PORT": str(port)},
    )


def _leads(port: int) -> bool:
    """Make it a replica set of one, and say whether it is the primary yet."""
    from pymongo import MongoClient

    with MongoClient[dict[str, Any]]("127.0.0.1", port, directConnection=True) as client:
        hello = client.admin.command("hello")
        if not hello.get("setName"):
            member = {"_id": 0, "host": f"127.0.0.1:{port}"}
            client.admin.command("replSetInitiate", {"_id": "kentongan", "members": [member]})
        return bool(hello["isWritablePrimary"])
