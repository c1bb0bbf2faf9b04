"""Faults planted on purpose: each switches one rule of the design off."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from shared.contracts.fact import Fact, UnreadableFact, read_fact
from shared.runtime import asking, document, folding, hearing
from shared.runtime.document import Circumstances, Document, Heard
from shared.runtime.folding import Folded, Told
from shared.runtime.hearing import Batch, Ear, patiently
from shared.runtime.ports import Away, Record
from shared.runtime.relaying import Relay
from shared.runtime.telling import Teller, Utterance
from shared.runtime.timing import moment
from tests.simulation import parts
from tests.simulation.bus import Broker
from tests.simulation.ports import SimulatedDocuments, SimulatedQuarantine, SimulatedTime
from tests.simulation.process import Process
from tests.simulation.scheduler import Suspension

Plant = pytest.MonkeyPatch
AnyDocument = Document[Any]


# --- telling: design 3.2 ---


def tell_before_writing(plant: Plant) -> None:
    """Rule 1: what could not be written yet is told already."""
    commit = Ear._commit

    async def told_first(ear: Any, batch: Any, changes: Any, refusals: Any) -> bool:
        news = [new for each in changes for new in ear.teller.voice.utterances(each.document)]
        await ear.teller.tell(news)
        return await commit(ear, batch, changes, refusals)

    plant.setattr(Ear, "_commit", told_first)


def commit_before_telling(plant: Plant) -> None:
    """Rule 1: the offsets are committed before the batch is heard and told."""

    async def take_in(process: Any, records: Sequence[Record]) -> None:
        await process.commit(records, process.generation)
        await process.ear.hear(records, process.suspects)

    plant.setattr(Process, "take_in", take_in)


def give_up_after_one_send(plant: Plant) -> None:
    """Rule 1: what is not acknowledged is not sent again."""

    async def tell(teller: Any, utterances: Sequence[Utterance]) -> None:
        try:
            await teller.bus.send([teller.voice.word(each) for each in utterances])
        except Away:
            return

    plant.setattr(Teller, "tell", tell)


def tell_only_own_writes(plant: Plant) -> None:
    """Rule 1: what another's write, or a write whose answer was lost, brought is not told."""

    async def write(ear: Any, batch: Batch[Any]) -> list[Utterance]:
        pending, refusals, again = list(batch.complaints), {}, set(batch.again)
        said: list[Utterance] = []
        while True:
            loaded = await patiently(ear.time, ear.documents.load, pending)
            plan = ear._fold(batch, pending, loaded, refusals)
            if plan.held:
                await patiently(ear.time, ear.quarantine.keep, plan.held)
            for key in again & loaded.keys():
                said.extend(ear.teller.unsaid(ear.teller.voice.news(None, loaded[key])))
            again.clear()
            own = [change.document for change in plan.changes]
            if not own or await ear._commit(batch, plan.changes, refusals):
                news = [(loaded.get(each.id), each) for each in own]
                return said + [new for two in news for new in ear.teller.voice.news(*two)]
            pending = [each.id for each in own]

    plant.setattr(Ear, "_write", write)


def suspect_nothing(plant: Plant) -> None:
    """Rule 2: a redelivered record whose writer died before telling is dropped in silence."""
    plant.setattr(Process, "suspects", lambda process, record: False)


def tell_at_every_repeat(plant: Plant) -> None:
    """Rule 2: every repeat is answered, whenever it comes and whoever told it."""
    plant.setattr(Process, "suspects", lambda process, record: True)
    plant.setattr(Teller, "unsaid", lambda teller, utterances: list(utterances))


def answer_own_words(plant: Plant) -> None:
    """Decision 0050: a process answers repeats with what it has just told itself."""
    plant.setattr(Teller, "unsaid", lambda teller, utterances: list(utterances))


def mark_no_request(plant: Plant) -> None:
    """Rule 3: the write of a request or a clock leaves no mark."""

    def unmarked(domain: Any, before: Any, after: Any, *, marked: bool, at: int) -> AnyDocument:
        return document.changed(domain, before, after, marked=False, at=at)

    plant.setattr(asking, "changed", unmarked)


def stop_the_relay(plant: Plant) -> None:
    """Rule 3: nobody tells what has been marked for a while."""

    async def nothing(relay: Any) -> int:
        return 0

    plant.setattr(Relay, "tell_untold", nothing)


def unmark_before_telling(plant: Plant) -> None:
    """Rule 3: the mark is taken before the acknowledgement."""
    tell = Relay.tell

    async def unmarked(relay: Any, documents: Sequence[AnyDocument]) -> None:
        await patiently(relay.time, relay.documents.unmark, documents)
        await tell(relay, documents)

    plant.setattr(Relay, "tell", unmarked)


def unmark_without_guard(plant: Plant) -> None:
    """Rule 3: a mark is taken although the history has grown since it was told."""

    async def unmark(documents: Any, told: Sequence[AnyDocument]) -> None:
        store = documents.host.store
        now = store.load([each.id for each in told])
        await Suspension(0.5)
        await documents.run(lambda: store.unmark(list(store.load(list(now)).values())))

    plant.setattr(SimulatedDocuments, "unmark", unmark)


def derive_nothing(plant: Plant) -> None:
    """Rule 4: receipts and contacts are not told with the history."""
    plant.setattr(parts, "derive_for", lambda node, publishers: lambda document: ())


# --- hearing: design 3.3 ---


def go_back(plant: Plant) -> None:
    """Rule 5: an older history is heard as if it were news."""
    hear = folding.hear

    def backwards(domain: Any, document: AnyDocument, told: Told, under: Any) -> Folded[Any]:
        heard = document.heard.get(told.stream)
        if heard and told.last < heard.pair and told.stream not in document.held:
            back = {**document.heard, told.stream: Heard(told.last, heard.ids)}
            return Folded(replace(document, heard=back))
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
            await Suspension(2)
            await keep(quarantine, waiting)

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
        await relay.notes.write("bus", {"incarnation": incarnation})
        return True

    plant.setattr(Relay, "retell", nothing)


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


Planting = Callable[[Plant], None]
