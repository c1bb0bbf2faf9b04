"""Planted faults of erasing a person (design 3.3) and of taking an erasure back (3.6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from services.intake.domain import erasing, standing
from services.intake.domain.words import Aside
from services.routing.domain import merging
from services.routing.domain.dispositions import Dispositions
from shared.contracts.intake import ReporterErased
from shared.runtime import document, folding, hearing, redacting, sorting
from shared.runtime.document import Document
from shared.runtime.folding import Told
from shared.runtime.ports import Record
from shared.runtime.relaying import Relay
from shared.runtime.sorting import Batch
from tests.simulation.store import Store

Plant = pytest.MonkeyPatch


def redact_nothing(plant: Plant) -> None:
    """What an erasure names stays in the facts that the service tells."""
    for module in (document, folding):
        plant.setattr(module, "redacted", lambda stream, known, rows, said: rows)


def redact_no_repeats(plant: Plant) -> None:
    """What a fact says again stays in it, since the erasure names the one that said it first."""
    plant.setattr(redacting, "named_by", lambda row: [tuple(row["pair"])])


def show_what_is_repeated(plant: Plant) -> None:
    """Intake blanks what a fact said that an erasure names, and shows what says it again."""

    def alone(*said: Any, repeats: object = None, **more: Any) -> Aside:
        return Aside(*said, **more)

    plant.setattr(standing, "Aside", alone)


def tell_no_repeats(plant: Plant) -> None:
    """A separation does not say whose words it tells anew."""
    still_missing = merging._still_missing

    def silent(*asked: Any) -> Iterator[Any]:
        for each in still_missing(*asked):
            yield each.model_copy(update={"repeats": None}) if hasattr(each, "repeats") else each

    plant.setattr(merging, "_still_missing", silent)


def keep_the_day(plant: Plant) -> None:
    """What the reporter wrote is blanked, but for the day on which it happened."""
    words = {
        kind: tuple(field for field in fields if field != "occurred_on")
        for kind, fields in erasing.OWN.items()
    }
    plant.setattr(erasing, "OWN", words)


def remember_the_day(plant: Plant) -> None:
    """Routing forgets what it heard of a reporter, but for the day on which it happened."""
    fold = Dispositions.fold

    def folded(domain: Any, state: Any, fact: Any) -> Any:
        after = fold(domain, state, fact)
        erased = isinstance(fact.data, ReporterErased)
        return replace(after, occurred_on=state.occurred_on) if erased else after

    plant.setattr(Dispositions, "fold", folded)


def redact_in_silence(plant: Plant) -> None:
    """A redacted history is not told again: its last pair is what it was."""
    plant.setattr(Document, "mark", property(lambda document: str(document.last)))


def keep_only_what_is_higher(plant: Plant) -> None:
    """A redacted history does not replace in quarantine the one of the same pair."""
    keep = Store.keep

    def kept(store: Store, waiting: Sequence[tuple[Told, str]], now: int) -> None:
        there = {place: told.last for place, (_, told) in store.kept.waiting.items()}
        new = [
            (told, why)
            for told, why in waiting
            if told.last != there.get((told.complaint, told.stream))
        ]
        keep(store, new, now)

    plant.setattr(Store, "keep", kept)


def adopt_no_tombstones(plant: Plant) -> None:
    """A restored store takes back what its own streams say, but not what they have deleted."""
    adopt = Relay.adopt

    async def living(relay: Any, histories: Sequence[Told], *, snapshot: bool = False) -> None:
        await adopt(relay, [each for each in histories if each.body], snapshot=snapshot)

    plant.setattr(Relay, "adopt", living)


def keep_the_first_of_a_pair(plant: Plant) -> None:
    """Of two histories of one pair in a batch the first is heard, not the redacted one."""
    sort_out = sorting.sort_out

    def first(records: Sequence[Record], read: Any, suspect: Any) -> Batch[Any]:
        batch: Batch[Any] = sort_out(records, read, suspect)
        for told in reversed(batch.heard):
            if told.last == batch.told[told.complaint][told.stream].last:
                batch.told[told.complaint][told.stream] = told
        return batch

    plant.setattr(hearing, "sort_out", first)
