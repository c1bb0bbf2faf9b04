"""Create on a bus the topics that the register names, and say where a bus differs from it.

Partition counts never change: a topic with another count is told, never altered.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from shared.contracts.topics import (
    PUBLISHER_STREAMS,
    STREAMS,
    Stream,
    miscounted,
    publisher_topic,
    topic,
)

PATIENCE = 20.0
"""Seconds a bus may take to answer; right after its start it may have no controller yet."""


class BusAbsent(Exception):
    """The bus does not answer, or does not do what was asked; the message says which."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A topic that is there with another number of partitions than the register says."""

    topic: str
    wanted: int
    found: int

    def __str__(self) -> str:
        return miscounted(self.topic, self.wanted, self.found)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was created, what was there, and what is wrong."""

    created: Sequence[str] = ()
    present: Sequence[str] = ()
    wrong: Sequence[Wrong] = field(default_factory=tuple)


def wanted(nodes: Iterable[str], publishers: Iterable[str] = ()) -> Mapping[str, Stream]:
    """Give every topic these nodes and publishers need, with its stream."""
    return dict(_named(nodes, publishers))


def _named(nodes: Iterable[str], publishers: Iterable[str]) -> Iterator[tuple[str, Stream]]:
    for node in nodes:
        for name, stream in STREAMS.items():
            yield topic(node, name), stream
    for publisher in publishers:
        for name, stream in PUBLISHER_STREAMS.items():
            yield publisher_topic(publisher, name), stream


def compare(wanted: Mapping[str, Stream], found: Mapping[str, int]) -> Outcome:
    """Say which topics are missing, which are there, and which are wrong."""
    return Outcome(
        created=[name for name in wanted if name not in found],
        present=[name for name in wanted if name in found],
        wrong=[
            Wrong(name, stream.partitions, found[name])
            for name, stream in wanted.items()
            if name in found and found[name] != stream.partitions
        ],
    )


def copies(brokers: int) -> int:
    """Give how many copies of each partition a bus of so many brokers can keep: 3 at most."""
    return max(1, min(3, brokers))


async def create(address: str, wanted: Mapping[str, Stream]) -> Outcome:
    """Create what is missing. Told twice, or by two at once, it is done once. Raises BusAbsent."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            async with asyncio.timeout(max(1.0, deadline - time.monotonic())):
                return await _create(address, wanted)
        except (KafkaError, OSError, TimeoutError, AttributeError) as failed:
            # AttributeError: aiokafka's, while the bus has not chosen its controller
            if time.monotonic() > deadline - 1:
                raise BusAbsent(_sentence(address, failed)) from failed
            await asyncio.sleep(0.3)


async def _create(address: str, wanted: Mapping[str, Stream]) -> Outcome:
    admin = AIOKafkaAdminClient(bootstrap_servers=address, request_timeout_ms=8_000)
    try:
        await admin.start()
        outcome = compare(wanted, await _found(admin))
        brokers = (await admin.describe_cluster())["brokers"]
        new = [_new(name, wanted[name], copies(len(brokers))) for name in outcome.created]
        made = _made((await admin.create_topics(new)).topic_errors) if new else []
        if len(made) < len(new):  # somebody was quicker, perhaps with another count
            now = compare(wanted, await _found(admin))
            outcome = Outcome(made, [name for name in wanted if name not in made], now.wrong)
        return outcome
    finally:
        await admin.close()


def _made(answers: Iterable[Sequence[Any]]) -> list[str]:
    """Name the topics that were created, not those that were there. Raises BusAbsent."""
    made = []
    for name, code, *said in answers:
        if code not in (0, TopicAlreadyExistsError.errno):
            why = (said and said[0]) or for_code(code).__name__
            raise BusAbsent(f"The bus does not create {name}: {why}.")
        if code == 0:
            made.append(name)
    return made


async def _found(admin: AIOKafkaAdminClient) -> dict[str, int]:
    return {
        each["topic"]: len(each["partitions"])
        for each in await admin.describe_topics()
        if each["error_code"] == 0
    }


def _new(name: str, stream: Stream, copies: int) -> Any:  # noqa: ANN401 - carries no types
    settings = dict(stream.settings)
    if copies == 3:
        settings["min.insync.replicas"] = "2"  # one broker may be away, no acknowledged record lost
    return NewTopic(name, stream.partitions, copies, topic_configs=settings)


def _sentence(address: str, failed: BaseException) -> str:
    why = str(failed) or type(failed).__name__
    return f"The bus at {address} does not answer: {why[:200]}"
