"""Planted faults of merging (decision 0052): each switches one rule of those who follow off."""

from __future__ import annotations

import contextlib
from typing import Any

from services.routing.domain import merging
from services.routing.domain.dispositions import Dispositions
from services.routing.handlers import Mergers
from shared.runtime.ports import Away
from shared.runtime.timing import micros
from tests.simulation.planted import Plant


def mark_no_follower(plant: Plant) -> None:
    """3.4: what becomes of a report that others follow makes nothing else stale."""
    plant.setattr(Dispositions, "dirties", lambda domain, before, after: ())


def clean_before_telling(plant: Plant) -> None:
    """3.4: the mark that others have to be looked at again is taken before they were."""

    async def look(mergers: Any) -> int:
        with contextlib.suppress(Away):
            dirt = await mergers.kept.dirty(0, micros(mergers.now()) + 1, 200)
            await mergers.kept.clean(dirt)
            for main in dict.fromkeys(name for each in dirt for name in each.names):
                await mergers._follow(main)
        return 0

    plant.setattr(Mergers, "look", look)


def join_nobody(plant: Plant) -> None:
    """0052: a report that others follow is not told that they do."""
    plant.setattr(merging, "join", lambda domain, main, *_: main)
