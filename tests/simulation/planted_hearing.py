"""Planted faults of hearing (design 3.3) and of a bus or store that forgets (3.6)."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from msgspec.structs import replace

from shared.contracts.fact import NOTHING, Fact, Pair, UnreadableFact, read_fact, rows_above
from shared.runtime import document, folding, hearing, relaying
from shared.runtime.document import Circumstances, Document, Heard
from shared.runtime.folding import Folded, Told, waits
from shared.runtime.hearing import Ear, patiently
from shared.runtime.ports import Change, Written
from shared.runtime.relaying import Relay
from shared.runtime.timing import FOREVER, moment
from tests.simulation.bus import Broker
from tests.simulation.ports import SimulatedQuarantine, SimulatedTime
from tests.simulation.process import Process
from tests.simulation.scheduler import Suspension
from tests.simulation.store import Store
from tests.simulation.world import World

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


def fold_out_of_order(plant: Plant) -> None:
    """New facts are folded the last one first."""

    def backwards(rows: Any, heard: Pair) -> Iterator[Mapping[str, Any]]:
        new = list(rows_above(rows, heard))
        pairs = [row["pair"] for row in new]
        yield from ({**row, "pair": pair} for row, pair in zip(new[::-1], pairs, strict=True))

    plant.setattr(folding, "rows_above", backwards)


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


def write_without_guard(plant: Plant) -> None:
    """A write is not guarded by the version it was folded from."""
    write = Store.write

    def blindly(store: Store, changes: Sequence[Change[Any]]) -> Written:
        now = store.load([each.document.id for each in changes])
        versions = {key: each.version for key, each in now.items()}
        return write(
            store, [replace(each, expected=versions.get(each.document.id, 0)) for each in changes]
        )

    plant.setattr(Store, "write", blindly)


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


def hold_before_keeping(plant: Plant) -> None:
    """A complaint is held before what it waits for is in quarantine."""
    keep, commit = Ear._keep, Ear._commit
    later: list[tuple[Any, ...]] = []

    async def kept(ear: Any, held: Any, loaded: Any, counted: Any) -> None:
        for told, reason in held:
            if told.complaint in loaded and waits(loaded[told.complaint], told):
                await keep(ear, [(told, reason)], loaded, counted)  # a repeat: nothing is written
            else:
                later.append((ear, [(told, reason)], loaded, counted))

    async def written(ear: Any, *args: Any) -> bool:
        done = await commit(ear, *args)
        for each in [each for each in later if each[0] is ear]:
            later.remove(each)
            await keep(*each)
        return done

    plant.setattr(Ear, "_keep", kept)
    plant.setattr(Ear, "_commit", written)


def replace_whatever_waits(plant: Plant) -> None:
    """What comes to quarantine replaces what waits there, also a higher pair."""

    def keep(store: Store, waiting: Sequence[tuple[Told, str]], now: int) -> None:
        for told, _ in waiting:
            place = (told.complaint, told.stream)
            store._tick = max(store._tick + 1, now)
            since, _ = store.kept.waiting.get(place, (store._tick, told))
            store.kept.waiting[place] = (since, told)

    plant.setattr(Store, "keep", keep)


def delete_whatever_waits(plant: Plant) -> None:
    """What was released is deleted from quarantine also if a higher pair waits there by now."""

    def drop(store: Store, complaint: str, stream: str, _: Pair) -> None:
        store.kept.waiting.pop((complaint, stream), None)

    plant.setattr(Store, "drop", drop)


def drop_what_comes_behind(plant: Plant) -> None:
    """Later records of a stream that is held do not wait behind the first."""
    hear = folding.hear

    def dropping(domain: Any, document: AnyDocument, told: Told, under: Any) -> Folded[Any]:
        held = document.held.get(told.stream)
        if held is not None and told.last > held.pair:
            return Folded(document)
        return hear(domain, document, told, under)

    plant.setattr(hearing, "hear", dropping)


def release_unmarked(plant: Plant) -> None:
    """What a release brings about is not marked as untold; no offset brings it back."""

    def unmarked(domain: Any, before: Any, after: Any, *, marked: bool, at: int) -> AnyDocument:
        return document.changed(domain, before, after, marked=False, at=at)

    plant.setattr(relaying, "changed", unmarked)


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


def note_the_bus_before_telling(plant: Plant) -> None:
    """The incarnation of another bus is noted before it was told everything."""

    async def early(relay: Any, incarnation: str) -> bool:
        noted = await patiently(relay.time, relay.notes.read, "bus")
        if not noted or noted["incarnation"] != incarnation:
            await patiently(relay.time, relay.notes.write, "bus", {"incarnation": incarnation})
            async for page in relay.walk(0, FOREVER):
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
