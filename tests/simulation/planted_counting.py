"""Planted faults of counting (0017, 3.4) and of what is claimed to be complete (3.5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from services.metrics.handlers import Completeness, Minutes
from shared.runtime.ports import Dirt
from tests.simulation.marks import Marks
from tests.simulation.planted import Plant


def clean_what_has_changed(plant: Plant) -> None:
    """The mark of what is to be counted is taken though its timeline has changed since."""

    async def clean(marks: Any, dirt: Sequence[Dirt]) -> None:
        def effect() -> None:
            for each in dirt:
                if (stored := marks.host.store.live.get(each.id)) is not None:
                    marks.host.store.put(replace(stored, dirty=()))

        await marks.run(effect)

    plant.setattr(Marks, "clean", clean)


def count_some_windows(plant: Plant) -> None:
    """Of the windows that are stale only what was reached is counted, not what was left."""
    settle = Minutes.settle

    async def some(minutes: Any, marks: Sequence[Dirt]) -> bool:
        kept = [replace(each, names=each.names[:1]) for each in marks]
        return await settle(minutes, kept)

    plant.setattr(Minutes, "settle", some)


def claim_before_counting(plant: Plant) -> None:
    """What was heard is said to be complete before it was counted."""

    async def settled(completeness: Any, at: int) -> bool:
        return True

    plant.setattr(Completeness, "_is_settled", settled)
