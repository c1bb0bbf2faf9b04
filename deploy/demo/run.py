"""The demo from the first process to the last address."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import Any

from deploy.console import Exit, fail, note, progress, say
from deploy.demo.banner import banner, remedy
from deploy.demo.doors import Doors, DoorShut
from deploy.demo.people import People, Samples, count_new, filed_sentence, load
from deploy.engines.choose import Engines, embedded
from deploy.folder import Folder
from deploy.node import AUDIENCE, Node, Ports, name_of
from deploy.notices import digest
from deploy.parts import Launch, Program, get
from deploy.running import run, start_engines, timed
from deploy.supervisor import Supervisor
from shared.contracts.topics import SERVICES
from shared.runtime.ports import Away

PUBLISHERS = ("kampus",)
"""The outside publishers of every demo; more are added by command."""


@dataclass(frozen=True)
class Demo:
    """What a person chose."""

    node: str
    folder: Folder
    port: int
    rate: float
    """New complaints a second; 0 for none."""
    officers: bool = True
    """Whether the sample officers work, or leave everything to who tries it."""
    fresh: bool = False
    json: bool = False

    @cached_property
    def ports(self) -> Ports:
        """Give who listens where, chosen when it is first asked for: the bus has the last port."""
        ports = Ports(self.port, note, (*SERVICES, "identity", "mailbox", "smtp", "bus"))
        for name in ports.places:
            ports.of(name)
        return ports

    @cached_property
    def engines(self) -> Engines:
        """Give the embedded engines; who knows the bus finds it there at the next start, too."""
        return embedded(self.folder.engines, self.ports.of("bus"))

    def run(self) -> Exit:
        """Run until stopped."""
        try:
            samples = Samples.of(self.node)
        except FileNotFoundError as missing:
            fail(str(missing), Exit.WRONG_USE)
        say(
            f"Kentongan: {name_of(self.node) or self.node} on this computer; no account, "
            "no network, no container needed\n"
        )
        over = (
            "Put right what that names, and start again; data stays. Where the data is what is "
            f"wrong: {remedy(self.folder)}  (starts over with empty data)"
        )
        return run(self.folder, partial(self._work, samples), over)

    async def _work(self, samples: Samples, supervisor: Supervisor) -> None:
        if self.fresh:
            self.folder.empty()
        publishers = partial(self.folder.publishers, PUBLISHERS)
        await start_engines(supervisor, self.engines, self.node, publishers)
        done = timed("Sign-in and mail")
        await supervisor.start([self._identity(samples), self._mailbox()])
        done("sample accounts, a mailbox that sends nothing on")
        node = self.services(samples)
        done = timed("Services")
        await supervisor.start(node.programs())
        done(" ".join(SERVICES))
        names = (*SERVICES, "identity", "mailbox")
        addresses = {name: self.ports.url(name) for name in names}
        async with Doors(addresses, samples.accounts.password) as doors:
            filed = await self._load(doors, samples)
            self.folder.write_state(self._state(addresses))
            await self._live(doors, samples, addresses, filed)

    async def _load(self, doors: Doors, samples: Samples) -> Mapping[str, Any]:
        done = timed("Sample complaints")
        try:
            secret = self.folder.secret("samples")
            began = datetime.now(UTC)
            filed = await load(doors, samples.complaints, secret)
            new = await count_new(doors, filed, began)
            await digest(self.engines.store.address, self.node)  # of what is routed by then
        except (DoorShut, Away) as shut:
            progress("!!", "Sample complaints", str(shut))
            return {}
        done(filed_sentence(new, len(filed) - new))
        return dict(filed[0])

    async def _live(
        self,
        doors: Doors,
        samples: Samples,
        addresses: Mapping[str, str],
        filed: Mapping[str, Any],
    ) -> None:
        people = People(doors, samples, note)
        forever = asyncio.Event().wait()
        moving: list[asyncio.Task[Any]] = [asyncio.create_task(forever)]
        if self.officers:
            moving.append(asyncio.create_task(people.answer()))
        if self.rate > 0:
            moving.append(asyncio.create_task(people.report(self.rate)))
        progress("ok" if len(moving) > 1 else "--", "Live traffic", self._traffic())
        if self.json:
            print(json.dumps({"addresses": dict(addresses), "sample": dict(filed)}), flush=True)
        else:
            shown = {**addresses, "bus": self.engines.broker.address}
            said = banner(shown, filed, samples.accounts, self.folder, officers=self.officers)
            print(said, flush=True)
        sys.stdout.flush()
        try:
            await asyncio.gather(*moving)
        finally:
            for task in moving:
                task.cancel()

    def _traffic(self) -> str:
        new = f"{self.rate:g} new complaints a second" if self.rate else "no new complaints"
        if 0 < self.rate < 1:
            new = f"a new complaint every {1 / self.rate:.0f} seconds or so"
        answering = "sample officers answer" if self.officers else "no officer answers but you"
        return f"{new}; {answering}"

    def services(self, samples: Samples) -> Node:
        """Say what the five services are told: what the demo is, and beside it our environment."""
        return Node(
            code=self.node,
            kafka=self.engines.broker.address,
            mongo=self.engines.store.address,
            profile=self.engines.broker.profile,
            folder=self.folder,
            register=samples.register,
            ports=self.ports,
            issuer=self.ports.url("identity"),
            smtp=f"127.0.0.1:{self.ports.of('smtp')}",
            sms=self.ports.url("mailbox", "/api/v1/texts"),
            publishers=PUBLISHERS,
            demo=True,
            environ=os.environ,
            overrides={
                "KENTONGAN_DEMO": "1",
                "KENTONGAN_QUIET_HOURS": "",  # nobody sleeps here
                "KENTONGAN_DIGEST_AHEAD": "5",  # nothing here is older than the demo
            },
        )

    def _identity(self, samples: Samples) -> Program:
        port = self.ports.of("identity")
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

    def _mailbox(self) -> Program:
        http, smtp = self.ports.of("mailbox"), self.ports.of("smtp")
        arguments = ("--http", str(http), "--smtp", str(smtp), "--node", self.node)
        return Program(
            "mailbox",
            self.folder.log("mailbox"),
            lambda: Launch("deploy.demo.mailbox", arguments),
            lambda: get(http, "/health/ready") == 200,
        )

    def _state(self, addresses: Mapping[str, str]) -> dict[str, Any]:
        return {
            "kind": "demo",
            "node": self.node,
            "kafka": self.engines.broker.address,
            "mongo": self.engines.store.address,
            "profile": self.engines.broker.profile,
            "publishers": list(PUBLISHERS),
            "addresses": dict(addresses),
            "ports": dict(self.ports.given),
        }
