"""The five services of one node under a supervisor: ``python3 -m deploy node 8171``."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from deploy.chosen import passed_over
from deploy.console import Exit, note, say
from deploy.engines.choose import Engines
from deploy.engines.embedded import EmbeddedBroker, EmbeddedStore
from deploy.engines.engine import Engine
from deploy.engines.given import given_broker, given_store
from deploy.folder import Folder
from deploy.node import Node, Ports
from deploy.running import run, start_engines, timed
from deploy.supervisor import Supervisor
from shared.contracts.topics import SERVICES


@dataclass(frozen=True)
class RunningNode:
    """What a person chose."""

    code: str
    folder: Folder
    register: Path
    port: int
    kafka: str | None
    mongo: str | None
    issuer: str
    smtp: str
    sms: str = ""
    chat: str = ""
    publishers: Sequence[str] = ()
    environ: Mapping[str, str] = field(default_factory=dict)
    """The command's own: services are told what they read of it."""

    def run(self, workers: int = 1) -> Exit:
        """Run until stopped."""
        say(f"Kentongan: node {self.code} on this computer\n")
        for sentence in passed_over(self.environ):
            note(sentence)
        remedy = f"Try: python3 -m deploy node {self.code} --help"
        return run(self.folder, partial(self._work, workers), remedy)

    def ports(self) -> Ports:
        """Give who listens where: the services, after them an embedded bus."""
        return Ports(self.port, note, SERVICES if self.kafka else (*SERVICES, "bus"))

    def engines(self, ports: Ports) -> Engines:
        """Give the engines: those that are named, else embedded ones."""
        store: Engine = (
            given_store(self.mongo) if self.mongo else EmbeddedStore(self.folder.engines)
        )
        return Engines(self._broker(ports), store)

    def _broker(self, ports: Ports) -> Engine:
        """Give the broker; an embedded one at the port after the services', at each start."""
        if self.kafka:
            return given_broker(self.kafka)
        return EmbeddedBroker(self.folder.engines, ports.of("bus"))

    async def _work(self, workers: int, supervisor: Supervisor) -> None:
        ports = self.ports()
        engines = self.engines(ports)
        publishers = partial(self.folder.publishers, self.publishers)
        await start_engines(supervisor, engines, self.code, publishers)
        node = Node(
            code=self.code,
            kafka=engines.broker.address,
            mongo=engines.store.address,
            profile=engines.broker.profile,
            folder=self.folder,
            register=self.register,
            ports=ports,
            issuer=self.issuer,
            smtp=self.smtp,
            sms=self.sms,
            chat=self.chat,
            publishers=self.publishers,
            workers=workers,
            environ=self.environ,
        )
        done = timed("Services")
        await supervisor.start(node.programs())
        done(" ".join(SERVICES))
        self.folder.write_state(self._state(engines, ports))
        if not self.issuer:
            note("no OpenID provider is named (--issuer): officers cannot sign in")
        for service in SERVICES:
            print(f"  {service:<14}{ports.url(service)}/docs", flush=True)
        await asyncio.Event().wait()

    def _state(self, engines: Engines, ports: Ports) -> dict[str, Any]:
        return {
            "kind": "node",
            "node": self.code,
            "kafka": engines.broker.address,
            "mongo": engines.store.address,
            "profile": engines.broker.profile,
            "publishers": list(self.publishers),
            "addresses": {service: ports.url(service) for service in SERVICES},
        }
