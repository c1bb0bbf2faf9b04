"""Five processes that are measured: our services, or the floor's."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.engines.ports import free_port
from deploy.engines.process import Process
from deploy.folder import Folder
from deploy.node import Node, Ports
from deploy.parts import environment, get
from shared.contracts.topics import (
    PUBLISHER_STREAMS,
    SERVICES,
    STREAMS,
    Stream,
    heard_by,
    publisher_topic,
    topic,
)
from tests.load import floor
from tests.load.complaints import REGISTER
from tests.load.stage import Stage

PATIENCE = 90.0


class NotReady(Exception):
    """A process ended or did not become ready; the message has its last words."""


@dataclass(frozen=True)
class Part:
    """One process: how to start it, and how to ask whether it is ready."""

    command: Sequence[str]
    told: Mapping[str, str]
    ready: Callable[[Path], bool]


@dataclass(frozen=True)
class Crew:
    """Five processes, and where they hear, tell and store."""

    kind: str
    parts: Mapping[str, Part]
    topics: Mapping[str, Stream]
    submissions: str
    streams: Mapping[str, str]
    """Topic by stream, for the streams that carry complaints."""
    hears: Mapping[str, Sequence[str]]
    """Topics by service; it is done when it has committed all of them to their ends."""
    group: Mapping[str, str]
    """By service, the name of its consumer group, or how that begins."""
    databases: Mapping[str, str]
    opened: bytes = b""
    """What a message of the cases topic has in it once the case is open."""
    exact: bool = False
    """Whether those are whole names."""
    http: int = 0
    """Port of intake's public door."""

    @contextmanager
    def running(self, folder: Path) -> Iterator[dict[str, int]]:
        """Run all of them; give their process ids once they are ready."""
        processes = {
            name: Process(
                name, folder / f"{self.kind}-{next(iter(self.databases.values()))}" / name
            )
            for name in self.parts
        }
        try:
            for name, process in processes.items():
                part = self.parts[name]
                process.start(part.command, lambda: True, environment(part.told))
            self._wait(processes)
            children = {name: process._child for name, process in processes.items()}
            yield {name: child.pid for name, child in children.items() if child}
        finally:
            for process in processes.values():
                if process._child is not None:
                    process._child.send_signal(process.ask)
            for process in processes.values():
                process.stop(20)

    def _wait(self, processes: Mapping[str, Process]) -> None:
        deadline = time.monotonic() + PATIENCE
        waiting = dict(processes)
        while waiting:
            for name, process in list(waiting.items()):
                if not process.alive():
                    raise NotReady(f"{self.kind}: {name} has ended.{process.last_words(30)}")
                if self.parts[name].ready(process.log):
                    del waiting[name]
            if time.monotonic() > deadline:
                words = next(iter(waiting.values())).last_words()
                raise NotReady(f"{self.kind}: {', '.join(waiting)} not ready.{words}")
            time.sleep(0.1)


def services(
    stage: Stage, node: str, wrap: Mapping[str, Sequence[str]], told: Mapping[str, str]
) -> Crew:
    """Give our five services for a node; ``wrap`` is put before a service's own command."""
    publisher = f"load-{node}"
    ports = {service: free_port() for service in SERVICES}
    house = Node(
        code=node,
        kafka=stage.kafka,
        mongo=stage.mongo,
        profile=stage.profile,
        folder=Folder(stage.folder),
        register=REGISTER,
        ports=Ports(0, print),
        publishers=(publisher,),
        overrides=told,
    )

    def part(service: str) -> Part:
        port = ports[service]
        return Part(
            [*wrap.get(service, (sys.executable,)), "-m", f"services.{service}"],
            {**house.told(service), "KENTONGAN_HTTP": f"127.0.0.1:{port}"},
            lambda _log: get(port, "/health/ready") == 200,
        )

    streams = {name: topic(node, name) for name, stream in STREAMS.items() if stream.facts}
    submissions = publisher_topic(publisher, "submissions")
    hears = {
        service: [streams[stream.name] for stream in heard_by(service)] for service in SERVICES
    }
    hears["intake"].append(submissions)
    return Crew(
        kind="services",
        parts={service: part(service) for service in SERVICES},
        topics={
            **{topic(node, name): stream for name, stream in STREAMS.items()},
            **{publisher_topic(publisher, name): s for name, s in PUBLISHER_STREAMS.items()},
        },
        submissions=submissions,
        streams=streams,
        hears=hears,
        group={service: f"kentongan.{node}.{service}." for service in SERVICES},
        databases={service: f"kentongan_{node}_{service}" for service in SERVICES},
        opened=b"case.opened.v1",
        http=ports["intake"],
    )


def bare(stage: Stage, node: str, batch: int, gather: float) -> Crew:
    """Give the five processes of the floor."""
    name = f"floor-{node}"
    names = {stream: f"{name}.{stream}" for stream in floor.STREAMS}

    def part(service: str) -> Part:
        setting = floor.Setting(
            service, stage.kafka, stage.mongo, stage.profile, name, batch, gather
        )
        return Part(
            [sys.executable, "-m", "tests.load.floor", json.dumps(setting._asdict())],
            {},
            lambda log: log.exists() and floor.READY in log.read_text(),
        )

    return Crew(
        kind="floor",
        parts={service: part(service) for service in SERVICES},
        topics={
            names[stream]: STREAMS.get(stream) or PUBLISHER_STREAMS[stream]
            for stream in floor.STREAMS
        },
        submissions=names["submissions"],
        streams={stream: each for stream, each in names.items() if stream != "submissions"},
        hears={service: [names[s] for s in floor.HEARS[service]] for service in SERVICES},
        group={service: f"{name}.{service}" for service in SERVICES},
        exact=True,
        databases={service: floor.database(name, service) for service in SERVICES},
    )
