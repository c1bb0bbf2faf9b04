"""Planted faults of holding a complaint and of releasing it (design 3.3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from shared.contracts.fact import Pair
from shared.runtime import document, folding, hearing, relaying
from shared.runtime.document import Document
from shared.runtime.folding import Folded, Told, waits
from shared.runtime.hearing import Ear, patiently
from shared.runtime.ports import Change, Written
from shared.runtime.relaying import Relay
from shared.runtime.sorting import sort_out
from tests.simulation.ports import SimulatedQuarantine
from tests.simulation.scheduler import Suspension
from tests.simulation.store import Store

Plant = pytest.MonkeyPatch
AnyDocument = Document[Any]


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

    def dropping(
        domain: Any, document: AnyDocument, told: Told, under: Any, **how: Any
    ) -> Folded[Any]:
        held = document.held.get(told.stream)
        if held is not None and told.last > held.pair:
            return Folded(document)
        return hear(domain, document, told, under, **how)

    plant.setattr(hearing, "hear", dropping)


def release_unmarked(plant: Plant) -> None:
    """What a release brings about is not marked as untold; no offset brings it back."""

    def unmarked(domain: Any, before: Any, after: Any, *, marked: bool, at: int) -> AnyDocument:
        return document.changed(domain, before, after, marked=False, at=at)

    plant.setattr(relaying, "changed", unmarked)


def stop_at_what_is_broken(plant: Plant) -> None:
    """A fact that cannot be folded stops what comes behind it, its neighbours too."""
    hear = Ear.hear

    async def patient(ear: Any, records: Any, suspect: Any) -> None:
        while True:
            batch = sort_out(records, ear.read, suspect)
            loaded = await patiently(ear.time, ear.documents.load, list(batch.complaints))
            if not ear._fold(batch, batch.complaints, loaded, {}).held:
                break
            await ear.time.pause(5)
        await hear(ear, records, suspect)

    plant.setattr(Ear, "hear", patient)


def keep_no_unreadable(plant: Plant) -> None:
    """What has no readable envelope is passed, and kept nowhere."""

    async def nothing(quarantine: Any, passed: Any) -> None:
        return

    plant.setattr(SimulatedQuarantine, "pass_by", nothing)


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


def drop_what_the_store_refuses(plant: Plant) -> None:
    """What the store does not take is neither written nor kept: the batch goes on without it."""
    write = Store.write

    def some(store: Store, changes: Sequence[Change[Any]]) -> Written:
        written = write(store, changes)
        return written if not written.refused else Written(complete=True)

    plant.setattr(Store, "write", some)
