"""Planted faults of telling: each switches one rule of design 3.2 off."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import Any

import orjson
import pytest
from msgspec.structs import replace

from services.intake.handlers import answers, derive_for
from services.intake.subscribers import submissions
from shared.runtime import asking, document
from shared.runtime.document import Document
from shared.runtime.hearing import Ear, patiently
from shared.runtime.ports import Away, Record
from shared.runtime.relaying import Relay
from shared.runtime.sorting import Batch
from shared.runtime.suspicion import Suspicion
from shared.runtime.telling import Teller, Utterance
from tests.simulation import bus, parts
from tests.simulation.process import Process
from tests.simulation.scheduler import Suspension
from tests.simulation.store import Store

Plant = pytest.MonkeyPatch
AnyDocument = Document[Any]
Planting = Callable[[Plant], None]


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
        ends = {(each.topic, each.partition): each.offset + 1 for each in records}
        process.group.committed.update(ends)
        await process.hear(records)

    plant.setattr(Process, "take_in", take_in)


def give_up_after_one_send(plant: Plant) -> None:
    """Rule 1: what is not acknowledged is not sent again."""

    async def tell(teller: Any, utterances: Sequence[Utterance]) -> None:
        with contextlib.suppress(Away):
            await teller.bus.send([teller.voice.word(each) for each in utterances])
        for each in utterances:
            teller._note(each)

    plant.setattr(Teller, "tell", tell)


def tell_only_own_writes(plant: Plant) -> None:
    """Rule 1: what another's write, or a write whose answer was lost, brought is not told."""

    async def write(ear: Any, batch: Batch[Any]) -> list[Utterance]:
        pending, again = list(batch.complaints), set(batch.again)
        refusals: dict[str, int] = {}
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


def note_the_end_at_once(plant: Plant) -> None:
    """Rule 2: the end of the log is noted at assignment, not one session timeout later."""
    plant.setattr(Suspicion, "ripe", lambda marks, now: marks._since.keys() - marks._marks.keys())


def keep_the_marks(plant: Plant) -> None:
    """Rule 2: a partition once owned is not suspected again when it is dealt anew."""

    def assigned(marks: Any, owned: set[Any], now: float) -> None:
        marks._since = dict.fromkeys(owned, now)

    plant.setattr(Suspicion, "assigned", assigned)


def compact_at_once(plant: Plant) -> None:
    """Rule 2: compaction does not leave the last day alone."""
    plant.setattr(bus, "LAG", 0)
    plant.setattr(bus, "BEHIND", 0)


def tell_at_every_repeat(plant: Plant) -> None:
    """Rule 2: every repeat is answered, whenever it comes and whoever told it."""
    plant.setattr(Process, "suspects", lambda process, record: True)
    plant.setattr(Teller, "unsaid", lambda teller, utterances: list(utterances))


def answer_own_words(plant: Plant) -> None:
    """Decision 0024: a process answers repeats with what it has just told itself."""
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
        await Suspension(2)
        await tell(relay, documents)

    plant.setattr(Relay, "tell", unmarked)


def unmark_what_has_grown(plant: Plant) -> None:
    """Rule 3: the mark is taken from a history that has grown since it was told."""

    def unmark(store: Any, told: Sequence[AnyDocument]) -> None:
        for each in told:
            stored = store.documents.get(each.id)
            if stored is not None and stored.untold == each.untold:
                store.put(replace(stored, untold=None))

    plant.setattr(Store, "unmark", unmark)


def derive_nothing(plant: Plant) -> None:
    """Rule 4: receipts and contacts are not told with the history."""
    plant.setattr(parts, "derive_for", lambda node, publishers: lambda document: ())


def derive_later(plant: Plant) -> None:
    """Rule 4: what is derived is sent after the offsets are committed and the marks taken."""
    tell = Teller.tell

    async def later(teller: Any, utterances: Sequence[Utterance]) -> None:
        own = [each for each in utterances if each.topic == teller.voice.topic]
        derived = [each for each in utterances if each.topic != teller.voice.topic]

        async def rest() -> None:
            await Suspension(5)
            await tell(teller, derived)

        teller.bus.host.spawn(rest())
        await tell(teller, own)

    plant.setattr(Teller, "tell", later)


def refuse_in_silence(plant: Plant) -> None:
    """Rule 4: a refused record has no document, and so no receipt."""
    plant.setattr(submissions, "refuse", lambda document, *_: document)


def name_receipts_by_chance(plant: Plant) -> None:
    """Rule 4: a receipt's id does not follow from its cause."""
    made = iter(range(10**9))

    def by_chance(node: str, publishers: Any) -> Any:
        derive = derive_for(node, publishers)

        def renamed(document: AnyDocument) -> list[Utterance]:
            return [_renamed(each, str(next(made))) for each in derive(document)]

        return renamed

    plant.setattr(parts, "derive_for", by_chance)


def name_what_came_later(plant: Plant) -> None:
    """The receipt of what was refused names the complaint, once there is one."""
    receipt = answers._receipt

    def naming(document: AnyDocument, *said: Any) -> Utterance:
        told = receipt(document, *said)

        def body() -> bytes:
            return orjson.dumps({**orjson.loads(told.body() or b"{}"), "complaint": document.id})

        return replace(told, body=body) if document.state.tracking_number else told

    plant.setattr(answers, "_receipt", naming)


def _renamed(utterance: Utterance, name: str) -> Utterance:
    if utterance.topic != parts.RECEIPTS:
        return utterance
    body = orjson.dumps(orjson.loads(utterance.body() or b"") | {"id": name})
    return replace(utterance, body=lambda: body)
