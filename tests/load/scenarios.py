"""What can be measured: rounds in turn, doing nothing, a long history, half the rate that holds."""

from __future__ import annotations

import sys
import time
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from itertools import count
from typing import Any

from tests.load import profiling
from tests.load.crew import Crew, bare, services
from tests.load.meters import spent
from tests.load.rounds import Drive, Scene, scene, summary
from tests.load.stage import Stage
from tests.load.stages import Stages

Figures = dict[str, Any]
WARM = 1_000
"""Complaints of a first round that do not count: engines are slow while they are cold."""
CHUNK = 10_000
QUIET = 80.0
"""Seconds until every service rests: nothing is suspected, and the bus has been told twice."""
SEARCHES = 5
GROWS = 0.05
"""A backlog that grows by more than this part of what arrives means that a rate does not hold."""
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

    @property
    def kinds(self) -> Sequence[str]:
        """Give what is measured, in its order; the floor has no HTTP door."""
        floor = self.floor and not (self.http and self.services)
        wanted = (("floor", floor), ("services", self.services))
        return [kind for kind, is_wanted in wanted if is_wanted]


def say(words: str) -> None:
    """Tell a person who waits how far it is."""
    print(f"  {words}", file=sys.stderr, flush=True)


@contextmanager
def _scene(stage: Stage, plan: Plan, kind: str) -> Iterator[Scene]:
    crew = _crew(stage, plan, kind, str(next(_nodes)))
    with scene(
        stage, crew, seed=plan.seed, connections=plan.connections, settle=plan.settle
    ) as played:
        yield played


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
    figures: list[Figures] = []
    for turn in range(plan.runs):
        for kind in plan.kinds:
            with _scene(stage, plan, kind) as played:
                if turn == 0:
                    played.drive(min(WARM, plan.count), http=plan.http)
                spied = (
                    profiling.sampled(
                        stage.folder, plan.profile, played.meter.services[plan.profile]
                    )
                    if plan.profile
                    else nullcontext()
                )
                with spied:
                    drive = played.drive(plan.count, rate=plan.rate, http=plan.http)
                figures.append(summary(played, drive, played.stages(drive)))
            one = figures[-1]
            say(f"{kind} {turn + 1}: {one['rate']:.0f}/s, {one['five_cpu_per_1000']:.2f} CPU s")
    if plan.profile:
        profiling.show(stage.folder, plan.profile)
    return figures


def idle(stage: Stage, plan: Plan, seconds: float) -> Figures:
    """Let the services run with nothing to do, after a few complaints have passed."""
    with _scene(stage, plan, "services") as played:
        played.drive(20)
        time.sleep(QUIET)
        before, began = played.meter.read(), time.monotonic()
        time.sleep(seconds)
        took = time.monotonic() - began
        used = spent(before, played.meter.read())
        names = set(played.meter.services)
    share = {name: each / took for name, each in used.items()}
    return {
        "seconds": took,
        "share": share,
        "five": sum(each for name, each in share.items() if name in names),
        "all": sum(share.values()),
    }


def history(stage: Stage, plan: Plan, total: int) -> dict[str, list[Figures]]:
    """Take in very many complaints, chunk by chunk, each chunk to its end."""
    chunk = min(CHUNK, max(1, total // 4))
    found: dict[str, list[Figures]] = {}
    for kind in plan.kinds:
        with _scene(stage, plan, kind) as played:
            played.drive(min(WARM, chunk), http=plan.http)
            found[kind] = []
            while played.done < total:
                drive = played.drive(min(chunk, total - played.done), http=plan.http)
                figures = summary(played, drive, None, count=False)
                found[kind].append(figures)
                say(f"{kind} {played.done:,}: {drive.rate:.0f}/s")
    return found


def half(stage: Stage, plan: Plan) -> dict[str, Figures]:
    """Find the highest rate that holds, and measure at half of it."""
    found = {}
    for kind in plan.kinds:
        with _scene(stage, plan, kind) as played:
            played.drive(min(WARM, plan.complaints), http=plan.http)
            closed = played.drive(plan.complaints, http=plan.http).rate
            say(f"{kind}: {closed:.0f}/s in the closed loop")
            highest = _highest(played, plan, closed)
            drive = played.drive(
                max(1, round(highest / 2 * plan.seconds)), rate=highest / 2, http=plan.http
            )
            figures = summary(played, drive, played.stages(drive))
            found[kind] = {"closed": closed, "highest": highest, "at_half": figures}
    return found


def _highest(played: Scene, plan: Plan, closed: float) -> float:
    """Halve the distance between a rate that holds and one that does not."""
    low, high = 0.0, closed * 1.2
    rate = closed * 0.8
    for _ in range(SEARCHES):
        drive = played.drive(max(1, round(rate * plan.seconds)), rate=rate, http=plan.http)
        holds = not _grows(drive, played.stages(drive), rate, plan.seconds)
        say(f"{played.crew.kind}: {rate:.0f}/s {'holds' if holds else 'does not hold'}")
        low, high = (rate, high) if holds else (low, rate)
        rate = (low + high) / 2
    return low or high / 2


def _grows(drive: Drive, stages: Stages, rate: float, seconds: float) -> bool:
    """Say whether more waits at the end of the arrivals than in their middle."""
    due = sorted(drive.sent.due)

    def waiting(at: float) -> int:
        return bisect_right(due, at) - bisect_right(stages.cased_at, at)

    middle, end = due[0] + seconds / 2, due[0] + seconds
    return drive.refused > 0 or waiting(end) - waiting(middle) > GROWS * rate * seconds / 2
