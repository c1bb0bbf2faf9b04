"""Measure end to end, beside the bare floor: ``python -m tests.load`` (``make load``).

Without a further flag: complaints through the whole chain as fast as it takes them (closed loop),
floor and services in turn, medians of some rounds and the ratios between them. No figure is
judged here; times depend on the machine and on what else runs on it.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from deploy.engines.engine import EngineAbsent, EngineFailed
from tests.load import scenarios, tables
from tests.load.crew import NotReady
from tests.load.rounds import Stuck
from tests.load.scenarios import Plan
from tests.load.stage import set_up


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tests.load", description=__doc__)
    parser.add_argument("--complaints", type=int, default=10_000, metavar="N", help="in a round")
    parser.add_argument("--runs", type=int, default=3, help="rounds of each, in turn")
    parser.add_argument("--door", choices=("bus", "http"), default="bus")
    parser.add_argument("--connections", type=int, default=32, help="kept open over HTTP")
    parser.add_argument("--rate", type=float, default=0, help="open loop: complaints a second")
    parser.add_argument("--seconds", type=float, default=30, help="how long with --rate, --half")
    parser.add_argument("--idle", type=float, default=0, metavar="SECONDS", help="do nothing")
    parser.add_argument("--history", type=int, default=0, metavar="N", help="last against first")
    parser.add_argument("--half", action="store_true", help="p99 at half the rate that holds")
    parser.add_argument("--no-floor", action="store_true", help="the services only")
    parser.add_argument("--floor-only", action="store_true", help="the floor only")
    parser.add_argument("--profile", metavar="SERVICE", help="its functions by own time")
    parser.add_argument("--batch", type=int, default=500)
    parser.add_argument("--gather", type=int, default=50, metavar="MS", help="for small batches")
    parser.add_argument("--settle", type=float, default=scenarios.QUIET, help="before a round")
    parser.add_argument("--seed", type=int, default=8171)
    parser.add_argument("--embedded", action="store_true", help="on the engines from pip")
    parser.add_argument("--kafka", help="address of a broker that runs")
    parser.add_argument("--mongo", help="address of a store that runs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="the figures as data, too")
    return parser


def _plan(options: argparse.Namespace) -> Plan:
    return Plan(
        complaints=options.complaints,
        runs=options.runs,
        http=options.door == "http",
        connections=options.connections,
        rate=options.rate,
        seconds=options.seconds,
        floor=not (options.no_floor or options.profile),
        services=not options.floor_only,
        profile=options.profile,
        batch=options.batch,
        gather=options.gather,
        settle=options.settle,
        seed=options.seed,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was asked for, print it, and give 0 if everything went through."""
    options = _parser().parse_args(arguments)
    plan = _plan(options)
    try:
        with set_up(embedded=options.embedded, kafka=options.kafka, mongo=options.mongo) as stage:
            print(f"on {stage.engines}; {os.cpu_count()} cores, seed {plan.seed}", flush=True)
            result: dict[str, Any] = {"engines": str(stage.engines), "at": time.time()}
            if options.idle:
                result["idle"] = scenarios.idle(stage, plan, options.idle)
            elif options.history:
                result["history"] = scenarios.history(stage, plan, options.history)
            elif options.half:
                result["half"] = scenarios.half(stage, plan)
            else:
                result["rounds"] = scenarios.rounds(stage, plan)
    except (EngineAbsent, EngineFailed, NotReady, Stuck) as reason:
        print(reason, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    tables.show(result)
    if options.json:
        options.json.write_text(json.dumps(result, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main())
