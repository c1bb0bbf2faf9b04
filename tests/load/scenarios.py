"""What can be measured: rounds in turn, doing nothing, a long history, half the rate that holds."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

from tests.load import profiling
from tests.load.crew import Crew, bare, services
from tests.load.meters import spent
from tests.load.rounds import Scene, scene, summary
from tests.load.stage import Stage

Figures = dict[str, Any]
WARM = 1_000
"""Complaints through the floor before anything counts: engines are slow when they are cold."""
CHUNK = 10_000
_nodes = count(8171)


@dataclass(frozen=True)
class Plan:
    """What is to be measured, and how."""

    complaints: int
    runs: int
    http: bool
    connections: int
    rate: float
    seconds: float
    floor: bool
    services: bool
    profile: str | None
    batch: int
    gather: int
    settle: float
    seed: int

    @property
    def count(self) -> int:
        """Give how many complaints a round has."""
        return round(self.rate * self.seconds) if self.rate else self.complaints


@contextmanager
def _scene(stage: Stage, plan: Plan, kind: str) -> Iterator[Scene]:
    node = str(next(_nodes))
    crew = _crew(stage, plan, kind, node)
    with scene(
        stage, crew, seed=plan.seed, connections=plan.connections, settle=plan.settle
    ) as played:
        yield played
    if plan.profile and kind == "services":
        profiling.show(stage.folder, plan.profile)


def _crew(stage: Stage, plan: Plan, kind: str, node: str) -> Crew:
    if kind == "floor":
        return bare(stage, node, plan.batch, plan.gather / 1000)
    wrap: dict[str, Sequence[str]] = {}
    if plan.profile:
        wrap[plan.profile] = profiling.command(stage.folder, plan.profile)
    told = {"KENTONGAN_BATCH": str(plan.batch), "KENTONGAN_GATHER": str(plan.gather)}
    return services(stage, node, wrap, told)


def rounds(stage: Stage, plan: Plan) -> list[Figures]:
    """Run floor and services in turn, each round on a fresh node."""
    kinds = [kind for kind, wanted in (("floor", plan.floor), ("services", plan.services)) if wanted]
    if plan.http and "floor" in kinds:
        kinds.remove("floor")  # it has no HTTP door
    figures: list[Figures] = []
    for turn in range(plan.runs):
        for kind in kinds:
            with _scene(stage, plan, kind) as played:
                if turn == 0:
                    played.drive(min(WARM, plan.count), http=plan.http)
                drive = played.drive(plan.count, rate=plan.rate, http=plan.http)
                figures.append(summary(played, drive, played.stages(drive)))
            one = figures[-1]
            print(
                f"  {kind} {turn + 1}: {one['rate']:.0f}/s, "
                f"{one['five_cpu_per_1000']:.2f} s of CPU per 1,000",
                file=sys.stderr,
                flush=True,
            )
    return figures


def idle(stage: Stage, plan: Plan, seconds: float) -> Figures:
    """Let the services run with nothing to do, after a few complaints have passed."""
    with _scene(stage, plan, "services") as played:
        played.drive(20)
        time.sleep(15)  # until nothing is suspected any more and all is quiet
        before, began = played.meter.read(), time.monotonic()
        time.sleep(seconds)
        took = time.monotonic() - began
        share = {
            name: used / took for name, used in spent(before, played.meter.read()).items()
        }
        names = set(played.meter.services)
    return {
        "seconds": took,
        "share": share,
        "five": sum(value for name, value in share.items() if name in names),
        "all": sum(share.values()),
    }


def history(stage: Stage, plan: Plan, total: int) -> Figures:
    """Compare the last complaints of many with the first."""
    raise NotImplementedError


def half(stage: Stage, plan: Plan) -> Figures:
    """Find the highest rate that holds and measure at half of it."""
    raise NotImplementedError
