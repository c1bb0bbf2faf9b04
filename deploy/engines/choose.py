"""Which engines are used: given ones, containers, processes, else the embedded ones."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from . import ferretdb, kafka
from .cache import Cache
from .containers import container_broker, container_store
from .daemon import docker_answers
from .embedded import EmbeddedBroker, EmbeddedStore
from .engine import Engine, EngineAbsent
from .ferretdb import FerretDB
from .given import given_broker, given_store
from .kafka import Kafka

ABSENT = "real engines absent: run `make test-real`"


@dataclass(frozen=True)
class Engines:
    """A broker and a store; each says its `profile`."""

    broker: Engine
    store: Engine

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start both; leave none behind if one fails."""
        try:
            self.broker.start()
            self.store.start()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Stop both for good."""
        self.store.close()
        self.broker.close()

    def __str__(self) -> str:
        return f"{self.broker.name}, {self.store.name}"


@dataclass(frozen=True)
class _Ways:
    """The ways to one kind of engine."""

    variable: str
    given: Callable[[str], Engine]
    contained: Callable[..., Engine | None]
    present: Callable[[Cache], bool]
    fetch: Callable[[Cache], None]
    process: Callable[[Path, Cache], Engine]


_BROKER = _Ways(
    "KENTONGAN_TEST_KAFKA", given_broker, container_broker, kafka.present, kafka.fetch, Kafka
)
_STORE = _Ways(
    "KENTONGAN_TEST_MONGO", given_store, container_store, ferretdb.present, ferretdb.fetch, FerretDB
)


def embedded(directory: Path, bus: int | None = None) -> Engines:
    """Give the engines that come with pip; ``bus`` is the port of the broker, any if not said."""
    return Engines(EmbeddedBroker(directory, bus), EmbeddedStore(directory))


def real(
    directory: Path, *, fetch: bool = False, environ: Mapping[str, str] = os.environ
) -> Engines | None:
    """Give real engines, or nothing if one is absent; `fetch` gets them or raises."""
    broker = real_broker(directory, fetch=fetch, environ=environ)
    store = real_store(directory, fetch=fetch, environ=environ)
    return Engines(broker, store) if broker and store else None


def choose(
    directory: Path, *, fetch: bool = False, environ: Mapping[str, str] = os.environ
) -> Engines:
    """Give the best there is, broker and store each; none is started yet."""
    return Engines(
        real_broker(directory, fetch=fetch, environ=environ) or EmbeddedBroker(directory),
        real_store(directory, fetch=fetch, environ=environ) or EmbeddedStore(directory),
    )


def real_broker(
    directory: Path, *, fetch: bool = False, environ: Mapping[str, str] = os.environ
) -> Engine | None:
    """Give Kafka; nothing if it is absent and not to be fetched."""
    return _real(_BROKER, directory, fetch=fetch, environ=environ)


def real_store(
    directory: Path, *, fetch: bool = False, environ: Mapping[str, str] = os.environ
) -> Engine | None:
    """Give MongoDB or FerretDB; nothing if it is absent and not to be fetched."""
    return _real(_STORE, directory, fetch=fetch, environ=environ)


def real_demanded(environ: Mapping[str, str] = os.environ) -> bool:
    """Say whether a test that lacks real engines fails instead of being skipped."""
    return _wanted(environ) == "real"


def _real(
    ways: _Ways, directory: Path, *, fetch: bool, environ: Mapping[str, str]
) -> Engine | None:
    wanted = _wanted(environ)
    if wanted == "embedded":
        return None
    if address := environ.get(ways.variable):
        return ways.given(address)
    cache = Cache.of(environ)
    fetch = fetch or wanted == "real"
    if docker_answers() and (container := ways.contained(cache, fetch=fetch)):
        return container
    if fetch:
        ways.fetch(cache)
    elif not ways.present(cache):
        return None
    return ways.process(directory, cache)


def _wanted(environ: Mapping[str, str]) -> str:
    wanted = environ.get("KENTONGAN_ENGINES", "")
    if wanted not in ("", "real", "embedded"):
        raise EngineAbsent(f"KENTONGAN_ENGINES may be real or embedded, not {wanted!r}.")
    return wanted
