"""Whether metrics' own recount has counted what there is, told that, and claimed no more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import orjson

from services.metrics.domain.cohort import added, parts_of
from services.metrics.domain.figures import Cells
from shared.contracts.topics import topic
from tests.simulation.accounts import STAY, ZONE, counted, stored
from tests.simulation.agreement import documents
from tests.simulation.bus import NODE
from tests.simulation.fate import Fate
from tests.simulation.world import World


def figures_are_right(world: World) -> Iterator[str]:
    """Every minute's figure is what its timelines say now."""
    there = stored(world.nodes["metrics"].store)
    right = counted(list(documents(world, "metrics").values()))
    for place in sorted(there.items() ^ right.items()):
        yield f"of {place[0]} metrics has {there.get(place[0])}, not {right.get(place[0])}"


def rows_are_right(world: World) -> Iterator[str]:
    """Every row of a day adds up what became of its complaints by now."""
    right: dict[str, Any] = {}
    for document in documents(world, "metrics").values():
        for cell in document.state.cells:
            key, _ = cell.place(ZONE)
            right[key] = added((right.get(key, {}), parts_of(document.state.milestones)))
    rows = world.nodes["metrics"].store.shelf("rows").live
    for key in {*rows, *right}:
        parts = rows[key].state.parts if key in rows else {}
        if parts != right.get(key, {}):
            yield f"the row {key} is {parts}, not {right.get(key)}"


def what_is_counted_is_told(world: World) -> Iterator[str]:
    """The newest that the bus has of each day is what was counted."""
    if "metrics" in world.scenario.restored or Fate.COMPACT in world.scenario.rates:
        return  # what stands there is what a lost store told, or what was told late (3.2 rule 5)
    told: dict[str, tuple[tuple[int, int], int]] = {}
    for record in world.broker.records(topic(NODE, "metrics")):
        said = orjson.loads(record.value or b"{}")
        if "count" in said:
            pair, key = (said["epoch"], said["version"]), (record.key or b"").decode()
            told[key] = max(told.get(key, ((-1, 0), 0)), (pair, said["count"]))
    cells = Cells(NODE, ZONE)
    for document in world.nodes["metrics"].store.shelf("figures").live.values():
        for key, cell in cells.news(document):
            if told.get(key, (None, 0))[1] != cell.count:  # no zero is told that never was more
                yield f"metrics counted {cell.count} of {key}, and told {told.get(key)}"


def what_was_complete_stays(world: World) -> Iterator[str]:
    """3.5: no window that was claimed to be complete was changed by what is older than the claim.

    Where a reader held what it could not read, or a store was lost, beats are evidence and no
    proof: there nothing is demanded of them.
    """
    if world.poison.struck or world.broker.harmed or world.scenario.restored:
        return
    now = stored(world.nodes["metrics"].store)
    for claim in world.nodes["metrics"].claims:
        for place in {*now, *claim.figures}:
            day, minute = place
            measure, _, local = day.split("|")
            end = datetime.combine(date.fromisoformat(local), time.fromisoformat(minute), ZONE)
            over = end + timedelta(minutes=1) <= claim.through
            if over and measure in STAY and claim.figures.get(place) != now.get(place):
                yield (
                    f"{place} was {claim.figures.get(place)} when metrics had all up to "
                    f"{claim.through}, and became {now.get(place)}"
                )
