"""Plays in which a reporter is erased: no word of theirs may stay where it was heard (3.3, 3.6)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shared.contracts.fact import Fact, Redaction
from shared.contracts.intake import ReporterErased
from shared.contracts.topics import topic
from shared.runtime.document import Cause, Circumstances, record
from shared.runtime.ports import Message
from tests.simulation.bus import NODE
from tests.simulation.checks import Broken
from tests.simulation.poison import CannotFold
from tests.simulation.process import Process
from tests.simulation.restore import restore
from tests.simulation.scheduler import Suspension
from tests.simulation.stage import (
    SETTLED,
    AnyDocument,
    ask,
    facts,
    file_one,
    respond_to,
    stop,
    until,
)
from tests.simulation.world import World

NAMED = "Yth. Bu Sarinah"


async def erase(process: Process, key: str, *redactions: Redaction) -> None:
    """Have the reporter's data destroyed, as intake tells it."""
    domain: Any = process.node.part.domain

    def judge(document: AnyDocument, under: Circumstances, _: int) -> AnyDocument:
        cause = Cause("play/erase", request="erase")
        return record(domain, document, [ReporterErased(redactions=redactions)], cause, under)

    await ask(process, key, judge)


def words_left(world: World, words: str) -> Iterator[str]:
    """Say where words still stand that had to be forgotten."""
    for service, node in world.nodes.items():
        for document in node.store.documents.values():
            if words in repr(document):
                yield f"{service} has not forgotten {words}"
        for _, told in node.store.kept.waiting.values():
            if words.encode() in (told.body or b""):
                yield f"{words} waits in the quarantine of {service}"
    for name in world.broker.partitions:
        newest = {each.key: each.value for each in world.broker.records(name)}
        if any(words.encode() in (value or b"") for value in newest.values()):
            yield f"the newest history on {name} says {words}"


async def words_wait_in_quarantine(world: World) -> None:
    """3.3: an answer names the reporter; intake cannot fold it yet when the reporter is erased."""
    intake, followup = world.processes["intake"][0], world.processes["followup"][0]

    def strike(domain: Any, fact: Fact) -> None:
        if domain.stream == "complaints" and fact.type == "response.given.v1":
            raise CannotFold(fact.type)

    world.poison.strike = strike  # type: ignore[method-assign]
    key = await file_one(intake, "m")
    await until(lambda: facts(world, "followup", key))
    answered = await respond_to(followup, key, NAMED)
    waiting = world.nodes["intake"].store.kept.waiting
    await until(lambda: (key, "cases") in waiting)
    await Suspension(SETTLED)
    await erase(intake, key, Redaction(stream="cases", pair=answered.last, field="text"))
    await Suspension(SETTLED)
    if left := list(words_left(world, NAMED)):
        raise Broken("; ".join(left))
    del world.poison.strike


async def a_batch_has_the_words_and_their_redaction(world: World) -> None:
    """3.3: routing hears an answer and its redaction, of one pair, at once; and cannot fold it."""
    intake, followup = world.processes["intake"][0], world.processes["followup"][0]

    def strike(domain: Any, fact: Fact) -> None:
        if domain.stream == "dispositions" and fact.type == "response.given.v1":
            raise CannotFold(fact.type)

    world.poison.strike = strike  # type: ignore[method-assign]
    key = await file_one(intake, "m")
    await until(lambda: facts(world, "followup", key))
    await Suspension(SETTLED)
    for each in world.processes["routing"]:
        stop(each, 5)
    answered = await respond_to(followup, key, NAMED)
    await Suspension(1)
    await erase(intake, key, Redaction(stream="cases", pair=answered.last, field="text"))
    await Suspension(2 * SETTLED)
    if left := [said for said in words_left(world, NAMED) if "routing" in said]:
        raise Broken("; ".join(left))
    del world.poison.strike


async def only_the_tombstone_was_told(world: World) -> None:
    """3.6: intake dies as it tells an erasure, and comes back from a backup made before it."""
    both, broker = world.processes["intake"], world.broker
    key = await file_one(both[0], "m", "sealed")
    theirs = world.nodes["notification"].store.documents
    await until(lambda: key in theirs and theirs[key].state.sealed)
    await Suspension(SETTLED)
    backup, append = world.nodes["intake"].store.kept.copy(), broker.append

    def half(message: Message) -> None:
        if message.topic == topic(NODE, "contacts"):
            append(message)

    broker.append = half  # type: ignore[method-assign]
    await erase(both[0], key)
    await until(lambda: any(each.value is None for each in broker.records(topic(NODE, "contacts"))))
    restore(world, "intake", backup)
    del broker.append
