"""Planted faults of counting (0017, 3.4) and of what is claimed to be complete (3.5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from deploy.audit.windows import Windows
from deploy.mending import told_again
from services.metrics.handlers import Completeness, Minutes
from shared.runtime.ports import Dirt
from tests.simulation import auditing
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


def compare_no_windows(plant: Plant) -> None:
    """0081: what the bus has of windows is not compared with what is counted."""
    plant.setattr(Windows, "differences", lambda windows, document, young: iter(()))


def tell_the_day_alone_again(plant: Plant) -> None:
    """0081: the day of which a minute is older on the bus is told again, and not that minute."""
    plant.setattr(
        auditing, "told_again", lambda stored, minutes, under: told_again(stored, (), under)
    )
