"""Planted faults of hearing: each switches one rule of design 3.3 off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from shared.contracts.fact import Fact, Pair, UnreadableFact, read_fact, rows_above
from shared.runtime import folding, hearing
from shared.runtime.document import Document
from shared.runtime.folding import Folded, Told
from shared.runtime.ports import Change, Written
from tests.simulation.store import Store

Plant = pytest.MonkeyPatch
AnyDocument = Document[Any]


def go_back(plant: Plant) -> None:
    """Rule 5: an older history is heard as if it were news."""
    hear = folding.hear

    def backwards(
        domain: Any, document: AnyDocument, told: Told, under: Any, **how: Any
    ) -> Folded[Any]:
        heard = document.heard.get(told.stream)
        if heard and told.last < heard.pair:
            others = {name: each for name, each in document.heard.items() if name != told.stream}
            document = replace(document, heard=others)
        return hear(domain, document, told, under, **how)

    plant.setattr(hearing, "hear", backwards)


def fold_out_of_order(plant: Plant) -> None:
    """New facts are folded the last one first."""

    def backwards(rows: Any, heard: Pair) -> Iterator[Mapping[str, Any]]:
        new = list(rows_above(rows, heard))
        pairs = [row["pair"] for row in new]
        yield from ({**row, "pair": pair} for row, pair in zip(new[::-1], pairs, strict=True))

    plant.setattr(folding, "rows_above", backwards)


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
