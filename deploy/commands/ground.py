"""On what every command stands: which node it is about, and a sentence when something is away."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from deploy.commands import options
from deploy.console import Exit, fail, say
from deploy.found import Found, NoneFound
from shared.contracts.topics import SERVICES, publisher_name
from shared.runtime.ports import Away


def find(
    data: options.Data = None,
    *,
    node: str | None = None,
    mongo: str | None = None,
    kafka: str | None = None,
    publishers: str | None = None,
) -> Found:
    """Find the node a command is about, or end with a sentence."""
    try:
        found = Found.of(data, node=node, mongo=mongo, kafka=kafka)
    except NoneFound as nothing:
        fail(str(nothing))
    if publishers is None:
        return found
    return Found(found.node, found.mongo, found.kafka, named(publishers), found.addresses)


def named(publishers: str | None) -> tuple[str, ...]:
    """Read names of publishers between commas, or end with a sentence about a wrong one."""
    names = [name.strip() for name in (publishers or "").split(",")]
    try:
        return tuple(publisher_name(name) for name in names if name)
    except ValueError as wrong:
        fail(f"{wrong}.", Exit.WRONG_USE)


def wait(work: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401
    """Do something that needs engines; end with a sentence if they are away."""
    try:
        return asyncio.run(work)
    except Away as away:
        fail(f"This needs the engines of the node: {away}.")
    except KeyboardInterrupt:
        say("Stopped.")
        raise SystemExit(130) from None


def known(service: str, *among: str) -> str:
    """Give the name of a service, or end with the names there are."""
    if service not in (among or SERVICES):
        there = ", ".join(among or SERVICES)
        fail(f"There is no service {service!r}; there are {there}.", Exit.WRONG_USE)
    return service
