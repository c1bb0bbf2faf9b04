"""Plays in which a reporter is erased: no word of theirs may stay where it was heard (3.3, 3.6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from services.intake.domain import acts, erasing
from services.routing.domain import aside, merging
from shared.contracts.fact import Fact, Redaction
from shared.contracts.intake import ComplaintAmended, ReporterErased
from shared.contracts.routing import Gap
from shared.contracts.topics import topic
from shared.runtime.document import Cause, Circumstances, record
from shared.runtime.ports import Message
from tests.simulation.bus import NODE
from tests.simulation.checks import Broken
from tests.simulation.parts import WINDOW
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
    known,
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


async def words_are_told_anew_before_they_are_forgotten(world: World) -> None:
    """3.3: routing separates a deferred report before it hears that its deferral names somebody."""
    intake, routing = world.processes["intake"][0], world.processes["routing"][0]

    def strike(domain: Any, fact: Fact) -> None:
        if domain.stream == "dispositions" and fact.type == ReporterErased.type:
            raise CannotFold(fact.type)

    async def decide(doing: Callable[..., AnyDocument], *says: Any, **more: Any) -> AnyDocument:
        domain, name = routing.node.part.domain, doing.__name__

        def judge(document: AnyDocument, under: Circumstances, _: int) -> AnyDocument:
            cause = Cause(f"play/{name}", request=name, by="coordinator")
            return doing(
                domain, *(document if each is ... else each for each in says), cause, under, **more
            )

        return await ask(routing, key, judge)

    key = await file_one(intake, "m", category=None)
    main = await file_one(intake, "main", category=None)
    await until(lambda: all(known(world, "routing", each) for each in (key, main)))
    deferred = await decide(aside.defer, WINDOW, ..., [Gap(code="who", words=NAMED)])
    other = world.nodes["routing"].store.documents[main].state
    await decide(merging.merge, ..., other, followed=False)
    await Suspension(SETTLED)
    world.poison.strike = strike  # type: ignore[method-assign]
    await erase(intake, key, Redaction(stream="dispositions", pair=deferred.last, field="words"))
    waiting = world.nodes["routing"].store.kept.waiting
    await until(lambda: (key, "complaints") in waiting)
    await decide(merging.unmerge, WINDOW.calendar, ..., "Ruas lain.")
    await Suspension(SETTLED)
    del world.poison.strike
    await until(lambda: not waiting)
    await Suspension(SETTLED)
    if left := list(words_left(world, NAMED)):
        raise Broken("; ".join(left))


async def the_day_was_told_and_put_right(world: World) -> None:
    """3.3: when it happened is the reporter's own word, in the report and in what put it right."""
    intake, days = world.processes["intake"][0], [date(2001, 2, 3), date(2002, 3, 4)]
    domain: Any = intake.node.part.domain

    def amend(document: AnyDocument, under: Circumstances, _: int) -> AnyDocument:
        said = ComplaintAmended(text="Bukan hari itu.", occurred_on=days[1])
        return acts.amend(domain, document, said, Cause("play/amend", request="amend"), under)

    def forget(document: AnyDocument, under: Circumstances, _: int) -> AnyDocument:
        said = ReporterErased(redactions=())
        return erasing.erase(domain, document, said, Cause("play/erase", request="erase"), under)

    def heard() -> bool:
        there = [known(world, service, key) for service in ("routing", "followup")]
        return all(each is not None and each.state.occurred_on == days[1] for each in there)

    key = await file_one(intake, "m", category=None, occurred_on=days[0])
    await ask(intake, key, amend)
    await until(heard)
    await ask(intake, key, forget)
    await Suspension(2 * SETTLED)
    spelt = [words for day in days for words in (repr(day), str(day))]
    if left := [said for words in spelt for said in words_left(world, words)]:
        raise Broken("; ".join(left))
