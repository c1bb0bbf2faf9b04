"""Figures as a person reads them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shared.contracts.topics import SERVICES
from tests.load.rounds import middle

Figures = dict[str, Any]


def show(result: Figures) -> None:
    """Print whatever was measured."""
    if "rounds" in result:
        _rounds(result["rounds"])
    if "idle" in result:
        _idle(result["idle"])


def _of(figures: Sequence[Figures], *path: str) -> float:
    """Give the median of one figure over rounds."""
    values = []
    for each in figures:
        value: Any = each
        for name in path:
            value = value[name]
        values.append(value)
    return middle(values)


def _rounds(figures: Sequence[Figures]) -> None:
    kinds = {
        kind: [each for each in figures if each["kind"] == kind] for kind in ("floor", "services")
    }
    kinds = {kind: each for kind, each in kinds.items() if each}
    both = len(kinds) == 2
    print(f"\nmedians of {len(next(iter(kinds.values())))} rounds of {figures[0]['count']:,}")
    _line("", *kinds, *(("services/floor",) if both else ()))

    def line(what: str, unit: str, *path: str) -> None:
        values = [_of(each, *path) for each in kinds.values()]
        ratio = [f"{values[1] / values[0]:.2f}"] if both and values[0] else []
        _line(what, *(f"{value:,.{unit}f}" for value in values), *ratio)

    line("complaints a second", "0", "rate")
    line("CPU s per 1,000: five services", "3", "five_cpu_per_1000")
    for name in SERVICES:
        line(f"    {name}", "3", "cpu_per_1000", name)
    line("CPU s per 1,000: engines", "3", "engines_cpu_per_1000")
    for name in figures[0]["cpu_per_1000"]:
        if name not in SERVICES:
            line(f"    {name}", "3", "cpu_per_1000", name)
    line("CPU s per 1,000: load generator", "3", "sender_cpu_per_1000")
    for name in SERVICES:
        line(f"MB idle: {name}", "1", "idle_mb", name)
        line("    highest over idle", "1", "over_idle_mb", name)
    for stage in figures[0]["stages"]:
        for part in ("p50", "p99"):
            line(f"{part} ms: {stage}", "0", "stages", stage, part)
    for each in figures:
        short = {name: n for name, n in each["documents"].items() if n < each["count"]}
        if short or each["refused"]:
            print(f"NOT COMPLETE: {each['kind']}: documents {short}, refused {each['refused']}")


def _line(what: str, *cells: str) -> None:
    print(f"{what:<46}" + "".join(f"{cell:>16}" for cell in cells))


def _idle(figures: Figures) -> None:
    print(f"\nshare of one core in {figures['seconds']:.0f} s in which nothing happens")
    for name, share in figures["share"].items():
        _line(name, f"{share:.2%}")
    _line("the five services", f"{figures['five']:.2%}")
    _line("with the engines", f"{figures['all']:.2%}")
