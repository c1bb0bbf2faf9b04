"""Whether metrics' own recount has counted what there is, told that, and claimed no more."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import orjson

from services.metrics.domain.cohort import added, parts_of
from services.metrics.domain.figures import Cells, place_of
from services.metrics.domain.performance import Rows
from services.metrics.handlers.telling import Keyed
from shared.contracts.topics import topic
from tests.simulation.accounts import STAY, ZONE, counted, stored
from tests.simulation.agreement import documents
from tests.simulation.bus import NODE
from tests.simulation.world import World

PAIR = {"epoch", "version"}
"""What says which of two snapshots is newer, and nothing of what was counted."""


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
    """What the bus has last of each window is what was counted: compaction keeps nothing else."""
    last: dict[str, dict[str, Any]] = {}
    for record in world.broker.records(topic(NODE, "metrics")):
        last[(record.key or b"").decode()] = orjson.loads(record.value or b"{}")
    for key, cell in _windows(world, last):
        said, right = last.get(key), orjson.loads(cell.model_dump_json())
        if said is None and not right.get("count", right.get("received")):
            continue  # no zero is told that never was more
        if said is None or any(said[name] != right[name] for name in right.keys() - PAIR):
            yield f"metrics has {right} of {key}, and the bus has {said}"


def _windows(world: World, told: Collection[str]) -> Keyed:
    """Give every day and row as it is counted now, and those minutes that the bus knows."""
    store, cells = world.nodes["metrics"].store, Cells(NODE, ZONE)
    minutes: dict[str, list[str]] = {}
    for key in told:
        if "T" in key.rpartition("|")[2]:
            day, minute = place_of(key, ZONE)
            minutes.setdefault(day, []).append(minute)
    for document in store.shelf("figures").live.values():
        yield from cells.some(document, minutes.get(document.id, ()))
    for document in store.shelf("rows").live.values():
        yield from Rows(NODE).news(document)


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
