"""The demo from the first process to the last address."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from deploy.console import Exit, fail, note, progress, say
from deploy.demo.banner import banner, remedy
from deploy.demo.doors import Doors, DoorShut
from deploy.demo.people import People, Samples, load
from deploy.engines.choose import Engines
from deploy.folder import Folder
from deploy.node import AUDIENCE, Node, Ports
from deploy.parts import Launch, Program, get
from deploy.running import run, start_engines, timed
from deploy.supervisor import Supervisor
from shared.contracts.topics import SERVICES

PLACES = {"8171": "Kota Ambon"}
PUBLISHERS = ("kampus",)
"""The outside publishers of every demo; more are added by command."""


@dataclass(frozen=True)
class Demo:
    """What a person chose."""

    node: str
    folder: Folder
    engines: Engines
    port: int
    rate: float
    """New complaints a second; 0 for none."""
    fresh: bool = False
    json: bool = False

    def run(self) -> Exit:
        """Run until stopped."""
        try:
            samples = Samples.of(self.node)
        except FileNotFoundError as missing:
            fail(str(missing), Exit.WRONG_USE)
        say(
            f"Kentongan: {PLACES.get(self.node, self.node)} on this computer; no account, "
            "no network, no container needed\n"
        )
        over = f"{remedy(self.folder)}  (starts over with empty data)"
        return run(self.folder, partial(self._work, samples), over)

    async def _work(self, samples: Samples, supervisor: Supervisor) -> None:
        if self.fresh:
            self.folder.empty()
        ports, publishers = Ports(self.port, note), self.folder.publishers(PUBLISHERS)
        for name in (*SERVICES, "identity", "mailbox", "smtp"):
            ports.of(name)
        await start_engines(supervisor, self.engines, self.node, publishers)
        done = timed("Sign-in and mail")
        await supervisor.start([self._identity(ports, samples), self._mailbox(ports)])
        done("sample accounts, a mailbox that sends nothing on")
        node = self._node(ports, samples)
        done = timed("Services")
        await supervisor.start(node.programs())
        done(" ".join(SERVICES))
        names = (*SERVICES, "identity", "mailbox")
        addresses = {name: ports.url(name) for name in names}
        async with Doors(addresses, samples.accounts.password) as doors:
            filed = await self._load(doors, samples)
            self.folder.write_state(self._state(addresses, ports))
            await self._live(doors, samples, addresses, filed)

    async def _load(self, doors: Doors, samples: Samples) -> Mapping[str, Any]:
        done = timed("Sample complaints")
        try:
            secret = self.folder.secret("samples")
            filed = await load(doors, samples.complaints, secret)
        except DoorShut as shut:
            progress("!!", "Sample complaints", str(shut))
            return {}
        done(f"{len(filed)} filed through the public interface")
        return dict(filed[0])

    async def _live(
        self,
        doors: Doors,
        samples: Samples,
        addresses: Mapping[str, str],
        filed: Mapping[str, Any],
    ) -> None:
        people = People(doors, samples, note)
        moving = [asyncio.create_task(people.answer())]
        if self.rate > 0:
            moving.append(asyncio.create_task(people.report(self.rate)))
            progress("ok", "Live traffic", f"{self.rate:g} new complaints a second, and officers")
        else:
            progress("--", "Live traffic", "no new complaints; officers answer all the same")
        if self.json:
            print(json.dumps({"addresses": dict(addresses), "sample": dict(filed)}), flush=True)
        else:
            shown = {**addresses, "bus": self.engines.broker.address}
            print(banner(shown, filed, samples.accounts, self.folder), flush=True)
        sys.stdout.flush()
        try:
            await asyncio.gather(*moving)
        finally:
            for task in moving:
                task.cancel()

    def _node(self, ports: Ports, samples: Samples) -> Node:
        return Node(
            code=self.node,
            kafka=self.engines.broker.address,
            mongo=self.engines.store.address,
            profile=self.engines.broker.profile,
            folder=self.folder,
            register=samples.register,
            ports=ports,
            issuer=ports.url("identity"),
            smtp=f"127.0.0.1:{ports.of('smtp')}",
            sms=ports.url("mailbox", "/api/v1/texts"),
            publishers=self.folder.publishers(PUBLISHERS),
            demo=True,
            overrides={
                "KENTONGAN_PLACE": PLACES.get(self.node, self.node),
                "KENTONGAN_QUIET_HOURS": "",  # nobody sleeps here
            },
        )

    def _identity(self, ports: Ports, samples: Samples) -> Program:
        port = ports.of("identity")
        arguments = (
            "--demo",
            *("--port", str(port)),
            *("--audience", AUDIENCE),
            *("--key", str(self.folder.keys / "identity.pem")),
            *("--accounts", str(samples.folder / "accounts.json")),
        )
        return Program(
            "identity",
            self.folder.log("identity"),
            lambda: Launch("deploy.identity", arguments),
            lambda: get(port, "/health/ready") == 200,
        )

    def _mailbox(self, ports: Ports) -> Program:
        http, smtp = ports.of("mailbox"), ports.of("smtp")
        arguments = ("--http", str(http), "--smtp", str(smtp), "--node", self.node)
        return Program(
            "mailbox",
            self.folder.log("mailbox"),
            lambda: Launch("deploy.demo.mailbox", arguments),
            lambda: get(http, "/health/ready") == 200,
        )

    def _state(self, addresses: Mapping[str, str], ports: Ports) -> dict[str, Any]:
        return {
            "kind": "demo",
            "node": self.node,
            "kafka": self.engines.broker.address,
            "mongo": self.engines.store.address,
            "profile": self.engines.broker.profile,
            "publishers": list(self.folder.publishers(PUBLISHERS)),
            "addresses": dict(addresses),
            "ports": dict(ports.given),
        }
