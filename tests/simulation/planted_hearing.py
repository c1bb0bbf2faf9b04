"""Planted faults of hearing (design 3.3) and of a bus or store that forgets (3.6)."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from msgspec.structs import replace

from shared.contracts.fact import Fact, UnreadableFact, read_fact
from shared.runtime import document, folding, hearing
from shared.runtime.document import Circumstances, Document
from shared.runtime.folding import Folded, Told
from shared.runtime.hearing import patiently
from shared.runtime.relaying import Relay
from shared.runtime.timing import moment
from tests.simulation.bus import Broker
from tests.simulation.ports import SimulatedQuarantine, SimulatedTime
from tests.simulation.process import Process
from tests.simulation.scheduler import Suspension

Plant = pytest.MonkeyPatch
AnyDocument = Document[Any]


def go_back(plant: Plant) -> None:
    """Rule 5: an older history is heard as if it were news."""
    hear = folding.hear

    def backwards(domain: Any, document: AnyDocument, told: Told, under: Any) -> Folded[Any]:
        heard = document.heard.get(told.stream)
        if heard and told.last < heard.pair:
            others = {name: each for name, each in document.heard.items() if name != told.stream}
            document = replace(document, heard=others)
        return hear(domain, document, told, under)

    plant.setattr(hearing, "hear", backwards)


def pass_over_broken_facts(plant: Plant) -> None:
    """A fact that cannot be folded counts as heard."""
    take_in = folding._take_in

    def carefree(domain: Any, document: AnyDocument, fact: Fact, under: Any) -> AnyDocument:
        try:
            return take_in(domain, document, fact, under)
        except Exception:  # noqa: BLE001 - this is the fault
            return document

    plant.setattr(folding, "_take_in", carefree)


def pass_over_unreadable_facts(plant: Plant) -> None:
    """A fact of a known type that cannot be read counts as heard."""

    def carefree(row: Any, known: Any) -> Fact:
        try:
            return read_fact(row, known)
        except UnreadableFact:
            return read_fact(row, {})

    plant.setattr(folding, "read_fact", carefree)


def hold_what_is_unknown(plant: Plant) -> None:
    """A fact of a type the reader does not know holds the complaint."""

    def strict(row: Any, known: Any) -> Fact:
        if row["type"] not in known:
            raise UnreadableFact(f"{row['type']} is unknown")
        return read_fact(row, known)

    plant.setattr(folding, "read_fact", strict)


def quarantine_later(plant: Plant) -> None:
    """What is held goes to quarantine after the offset was committed."""
    keep = SimulatedQuarantine.keep

    async def later(quarantine: Any, waiting: Any) -> None:
        async def kept() -> None:
            await Suspension(10)
            await patiently(quarantine.host.time, keep, quarantine, waiting)

        quarantine.host.spawn(kept())

    plant.setattr(SimulatedQuarantine, "keep", later)


def lose_what_waits(plant: Plant) -> None:
    """What cannot be folded holds its complaint, but is kept nowhere."""

    async def nothing(quarantine: Any, waiting: Any) -> None:
        return

    plant.setattr(SimulatedQuarantine, "keep", nothing)


def release_nothing(plant: Plant) -> None:
    """After the upgrade nobody tries again what waits."""

    async def nothing(relay: Any) -> int:
        return 0

    plant.setattr(Relay, "release", nothing)


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


# --- a bus or a store that forgets: design 3.6 ---


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
