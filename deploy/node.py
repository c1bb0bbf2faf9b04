"""The five services of one node: what their environment tells them, and where they answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from deploy.chosen import chosen, variable
from deploy.folder import Folder, named_hosts
from deploy.keeping import next_port
from deploy.parts import Launch, Program, get, is_free
from services.routing.areas import LokalAreas
from shared.contracts.topics import SERVICES
from shared.runtime.access import place_of
from shared.runtime.settings import Profile

AUDIENCE = "kentongan"


def name_of(node: str) -> str:
    """Give what people call the area of a node: ``Kota Ambon``; empty where the code is of none."""
    area = LokalAreas().find(place_of(node))
    return area.name if area else ""


@dataclass
class Ports:
    """Who listens where: each name at its own place from the first port on.

    Where somebody else has a place, its name takes the next free port after all places: the
    others stay where they are looked for.
    """

    first: int
    say: Callable[[str], None]
    places: Sequence[str] = ()
    """Names in the order of their ports; others come after them as they are asked for."""
    given: dict[str, int] = field(default_factory=dict)

    def of(self, name: str) -> int:
        """Give the port of a name, chosen when it is first asked for."""
        if name not in self.given:
            order = [*dict.fromkeys([*self.places, *self.given, name])]
            self.given[name] = self._room(name, self.first + order.index(name))
        return self.given[name]

    def again(self, name: str) -> int:
        """Give the port at a start: another one if somebody has taken it meanwhile."""
        self.given[name] = self._room(name, self.of(name))
        return self.given[name]

    def _room(self, name: str, wanted: int) -> int:
        others = [port for other, port in self.given.items() if other != name]
        port = next_port(wanted, others, is_free)
        if port != wanted:
            port = next_port(max(port, self.first + len(self.places)), others, is_free)
            if wanted not in others:
                self.say(f"port {wanted} is taken: {name} takes {port}")
        return port

    def url(self, name: str, path: str = "") -> str:
        """Give an address for a browser."""
        return f"http://127.0.0.1:{self.of(name)}{path}"


@dataclass(frozen=True)
class Node:
    """One node on this machine: where its engines are, and what its services are told."""

    code: str
    kafka: str
    mongo: str
    profile: Profile
    folder: Folder
    register: Path
    ports: Ports
    issuer: str = ""
    smtp: str = ""
    sms: str = ""
    chat: str = ""
    """Addresses of the gateways that SMS and chat messages are posted to."""
    publishers: Sequence[str] = ()
    """Those that are named; the folder's join them at every start of intake."""
    demo: bool = False
    workers: int = 1
    """Processes per service."""
    environ: Mapping[str, str] = field(default_factory=dict)
    """What an operator says beyond all this: each service is told of it what it reads."""
    overrides: Mapping[str, str] = field(default_factory=dict)

    def told(self, service: str) -> dict[str, str]:
        """Give the environment of a service, but for its port."""
        told = {
            "NODE": self.code,
            "KAFKA": self.kafka,
            "MONGO": self.mongo,
            "PROFILE": self.profile,
            "DEMO": "1" if self.demo else "0",
            "ISSUER": self.issuer,
            "AUDIENCE": AUDIENCE,
        }
        if service in ("intake", "notification", "metrics"):
            told["PLACE"] = name_of(self.code)
        if service in ("routing", "notification"):
            told["REGISTER_FILE"] = str(self.register)
        categories = self.register.with_name("categories.json")
        if service in ("intake", "routing", "metrics") and categories.is_file():
            told["CATEGORIES_FILE"] = str(categories)
        if service == "intake":
            public, _ = self.folder.contact_keys()
            told["PIN_SECRET"] = self.folder.secret("pin")
            told["CONTACT_KEY"] = str(public)
            told["PUBLISHERS"] = ",".join(self.folder.publishers(self.publishers))
            told["FILES_FROM"] = ",".join(self._files_from())
        if service == "notification":
            _, private = self.folder.contact_keys()
            told["CONTACT_KEY"] = str(private)
            told["SMTP"] = self.smtp
            told["SMS_GATEWAY"], told["CHAT_GATEWAY"] = self.sms, self.chat
        named = {variable(name): value for name, value in told.items()}
        return {**named, **chosen(service, self.environ), **self.overrides}

    def _files_from(self) -> Iterator[str]:
        """Say from where files are fetched: what the variable says, and beside it the folder."""
        if said := self.environ.get(variable("files_from")):
            yield said
        for name in self.folder.publishers(self.publishers):
            if (hosts := self.folder.files_from(name)) is not None:
                yield named_hosts(name, hosts)

    def programs(self, services: Sequence[str] = SERVICES) -> list[Program]:
        """Give the processes of the services; several of one are told apart by a number."""
        return [
            self._program(service, service if nth == 1 else f"{service}-{nth}")
            for nth in range(1, self.workers + 1)
            for service in services
        ]

    def _program(self, service: str, name: str) -> Program:
        self.ports.of(name)
        return Program(
            name,
            self.folder.log(name),
            partial(self._launch, service, name),
            lambda: get(self.ports.of(name), "/health/ready") == 200,
        )

    def _launch(self, service: str, name: str) -> Launch:
        address = {"KENTONGAN_HTTP": f"127.0.0.1:{self.ports.again(name)}"}
        return Launch(f"services.{service}", told={**self.told(service), **address})
