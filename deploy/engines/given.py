"""Engines that somebody else runs, known by their address."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from shared.runtime.settings import Profile

from .engine import EngineFailed
from .ports import kafka_answers

PATIENCE = 10.0


class GivenEngine:
    """A server we may use but neither start nor break."""

    profile: Profile = "real"
    ours = False

    def __init__(self, name: str, address: str, ask: Callable[[str], str | None]) -> None:
        """Know it by its address; `ask` gives its version, or nothing if it does not answer."""
        self.name = f"{name} (given)"
        self.address = address
        self._kind = name
        self._ask = ask

    def start(self) -> None:
        """See that it answers, and learn its version."""
        deadline = time.monotonic() + PATIENCE
        while (version := self._ask(self.address)) is None:
            if time.monotonic() > deadline:
                raise EngineFailed(f"{self._kind} does not answer at {_bare(self.address)}.")
            time.sleep(0.2)
        self.name = f"{self._kind} {version}".rstrip() + " (given)"

    def alive(self) -> bool:
        return self._ask(self.address) is not None

    def stop(self, grace: float = 10.0) -> None:  # noqa: ARG002 - as every engine
        self._refuse()

    def kill(self) -> None:
        self._refuse()

    def pause(self) -> None:
        self._refuse()

    def resume(self) -> None:
        self._refuse()

    def close(self) -> None:
        """Leave it as it is."""

    def _refuse(self) -> None:
        raise EngineFailed(f"{self.name} at {_bare(self.address)} is not ours to stop.")


def given_broker(address: str) -> GivenEngine:
    """Use the Kafka at a bootstrap address."""
    return GivenEngine("Kafka", address, _kafka_version)


def given_store(address: str) -> GivenEngine:
    """Use the MongoDB, or what speaks like one, at a URI."""
    return GivenEngine("MongoDB", address, _mongo_version)


def _kafka_version(address: str) -> str | None:
    """Give an empty version for a broker that answers: Kafka does not tell its own."""
    for server in address.split(","):
        host, _, port = server.strip().rpartition(":")
        if port.isdecimal() and kafka_answers(host.strip("[]"), int(port)):
            return ""
    return None


def _mongo_version(uri: str) -> str | None:
    from pymongo import MongoClient
    from pymongo.errors import ConnectionFailure

    with MongoClient[dict[str, object]](uri, serverSelectionTimeoutMS=2000) as client:
        try:
            told = client.admin.command("buildInfo")
        except ConnectionFailure:
            return None
    ferretdb = told.get("ferretdb")
    return (
        f"{told['version']} (FerretDB {ferretdb['version'].removeprefix('v')})"
        if ferretdb
        else told["version"]
    )


def _bare(address: str) -> str:
    """Leave out the password."""
    return re.sub(r"//[^@/]*@", "//", address)
