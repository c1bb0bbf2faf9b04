"""Planted faults of the archive: each switches one of its rules off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from shared.runtime.archiving import Archived, Archivist
from shared.runtime.document import Document
from tests.simulation.archive import SimulatedArchive
from tests.simulation.store import Store

Plant = pytest.MonkeyPatch
AnyDocument = Document[Any]


def look_only_here(plant: Plant) -> None:
    """What the live collection lacks counts as absent."""

    async def load(both: Any, ids: Sequence[str]) -> dict[str, AnyDocument]:
        found: dict[str, AnyDocument] = await both.live.load(ids)
        return found

    plant.setattr(Archived, "load", load)


def let_the_archived_one_win(plant: Plant) -> None:
    """Where a document lies in both places, the copy in the archive is read."""

    async def load(both: Any, ids: Sequence[str]) -> dict[str, AnyDocument]:
        found: dict[str, AnyDocument] = await both.live.load(ids)
        archived = await both.archive.load(ids)
        return found | {key: replace(each, archived=True) for key, each in archived.items()}

    plant.setattr(Archived, "load", load)


def delete_unguarded(plant: Plant) -> None:
    """What moved is deleted here, whatever has become of it meanwhile."""

    def remove(store: Store, resting: Sequence[AnyDocument]) -> None:
        for each in resting:
            store.live.pop(each.id, None)
            store._due.pop(each.id, None)
            store._marked.pop(each.id, None)
            store._dirty.pop(each.id, None)

    plant.setattr(Store, "remove", remove)


def delete_before_inserting(plant: Plant) -> None:
    """A document is deleted here before it is inserted there."""

    async def move(archivist: Any, page: Sequence[AnyDocument]) -> None:
        resting = [each for each in page if archivist.rests(each)]
        if resting:
            await archivist.documents.live.remove(resting)
            await archivist.documents.archive.put(resting, 0)

    plant.setattr(Archivist, "move", move)


def leave_it_in_both_places(plant: Plant) -> None:
    """Nobody clears up behind who died between two steps, or behind what came back."""

    async def nothing(archivist: Any) -> None:
        return

    plant.setattr(Archivist, "resolve", nothing)


def drop_what_is_archived_alone(plant: Plant) -> None:
    """A copy is dropped without a look whether the document is live."""

    async def settle(archive: Any, copies: Any) -> None:
        await archive.drop(copies)

    plant.setattr(SimulatedArchive, "settle", settle)


def retell_what_is_live(plant: Plant) -> None:
    """A bus that forgot is not told what lies in the archive."""

    async def archived(both: Any, since: int, until: int, limit: int) -> list[AnyDocument]:
        return []

    plant.setattr(Archived, "archived", archived)
