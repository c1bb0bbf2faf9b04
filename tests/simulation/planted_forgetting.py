"""Planted faults of epochs (design 3.3) and of a bus or a store that forgets (3.6)."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from shared.contracts.fact import NOTHING, Pair, rows_above
from shared.runtime import document, folding, hearing
from shared.runtime.document import Circumstances, Document, Heard
from shared.runtime.folding import Told
from shared.runtime.hearing import patiently
from shared.runtime.relaying import SECOND_ROUND, Relay
from shared.runtime.timing import micros, moment
from tests.simulation.bus import Broker
from tests.simulation.ports import SimulatedTime
from tests.simulation.process import Process
from tests.simulation.scheduler import Suspension
from tests.simulation.world import World

Plant = pytest.MonkeyPatch
AnyDocument = Document[Any]


def number_without_epoch(plant: Plant) -> None:
    """The epoch is 0 for ever."""

    def under(time: Any) -> Circumstances:
        return Circumstances(moment(time.host.scheduler.now), 0)

    plant.setattr(SimulatedTime, "under", under)


def name_facts_by_chance(plant: Plant) -> None:
    """A fact's id does not follow from its cause."""
    made = iter(range(10**9))

    def by_chance(complaint: str, kind: str, cause: str, nth: int = 0) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{complaint}/{next(made)}"))

    plant.setattr(document, "fact_id", by_chance)


def compare_sequences_alone(plant: Plant) -> None:
    """A fact is new if its number is higher, whatever the epoch."""

    def before(document: AnyDocument, told: Told) -> bool:
        return told.last.sequence <= document.heard.get(told.stream, Heard()).pair.sequence

    def above(rows: Any, heard: Pair) -> Iterator[Mapping[str, Any]]:
        return (row for row in rows_above(rows, NOTHING) if row["pair"][1] > heard.sequence)

    plant.setattr(folding, "heard_before", before)
    plant.setattr(hearing, "heard_before", before)
    plant.setattr(folding, "rows_above", above)


def fold_what_was_made_again(plant: Plant) -> None:
    """A fact made again after a restore is not recognised by its id."""

    class Forgetful(set[str]):
        def __contains__(self, name: object) -> bool:
            return False

    plant.setattr(folding, "set", Forgetful, raising=False)


def note_nothing_astray(plant: Plant) -> None:
    """A reader does not note what it has heard and the restored line lacks."""
    plant.setattr(folding, "_astray", lambda document, *_: document)


def retell_nothing(plant: Plant) -> None:
    """Another bus is taken for the same."""

    async def nothing(relay: Any, incarnation: str) -> bool:
        await patiently(relay.time, relay.notes.write, "bus", {"incarnation": incarnation})
        return True

    plant.setattr(Relay, "retell", nothing)


def retell_once(plant: Plant) -> None:
    """Another bus is told everything, and not once more what changed meanwhile."""
    retell = Relay.retell

    async def once(relay: Any, incarnation: str) -> bool:
        await retell(relay, incarnation)
        await patiently(relay.time, relay.notes.write, "bus", {"incarnation": incarnation})
        return True

    plant.setattr(Relay, "retell", once)


def retell_what_has_not_changed(plant: Plant) -> None:
    """Each round of a retelling leaves out what changes after the first began, and a minute on."""
    pages = Relay._pages

    async def bounded(relay: Any, read: Any, since: int) -> AsyncIterator[list[AnyDocument]]:
        noted = await patiently(relay.time, relay.notes.read, "retelling")
        now = micros(relay.time.under().now)
        until = noted["then"] + 2 * micros(moment(0) + SECOND_ROUND) if noted else now
        async for page in pages(relay, read, since):
            if early := [each for each in page if each.changed_at < until]:
                yield early

    plant.setattr(Relay, "_pages", bounded)


def note_the_bus_before_telling(plant: Plant) -> None:
    """The incarnation of another bus is noted before it was told everything."""

    async def early(relay: Any, incarnation: str) -> bool:
        noted = await patiently(relay.time, relay.notes.read, "bus")
        if not noted or noted["incarnation"] != incarnation:
            await patiently(relay.time, relay.notes.write, "bus", {"incarnation": incarnation})
            async for page in relay.walk(0):
                await relay.tell(page)
        return True

    plant.setattr(Relay, "retell", early)


def note_pages_before_telling(plant: Plant) -> None:
    """A retelling notes how far it came before that was acknowledged."""
    retell = Relay.retell

    @dataclass
    class Later:
        teller: Any
        voice: Any

        async def tell(self, utterances: Any) -> None:
            async def told() -> None:
                await Suspension(1)
                await self.teller.tell(utterances)

            self.teller.bus.host.spawn(told())

    async def early(relay: Any, incarnation: str) -> bool:
        later: Any = Later(relay.teller, relay.teller.voice)
        return await retell(dataclasses.replace(relay, teller=later), incarnation)

    plant.setattr(Relay, "retell", early)


def mend_nothing(plant: Plant) -> None:
    """Nobody has told again what the audit misses."""
    plant.setattr(World, "mend", lambda world: None)


def keep_the_positions(plant: Plant) -> None:
    """On another bus reading goes on at the old positions."""
    positions_of = Process.positions_of

    def kept(process: Any, mine: Any) -> Any:
        old = process.positions
        fresh = positions_of(process, mine)
        return {part: max(at, old.get(part, 0)) for part, at in fresh.items()}

    plant.setattr(Process, "positions_of", kept)


def adopt_nothing(plant: Plant) -> None:
    """A restored store goes on from the backup alone."""

    async def nothing(process: Any) -> None:
        return

    plant.setattr(Process, "come_back", nothing)


def adopt_after_telling(plant: Plant) -> None:
    """A restored store hears, answers and tells first, and adopts half a minute later."""
    come_back = Process.come_back

    async def later(process: Any) -> None:
        async def late() -> None:
            await Suspension(30)
            await come_back(process)

        process.spawn(late())

    plant.setattr(Process, "come_back", later)


def hear_on_where_it_was(plant: Plant) -> None:
    """A restored store hears on from the committed offsets, not from the start."""
    plant.setattr(Broker, "begin_afresh", lambda broker, service: None)
