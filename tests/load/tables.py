"""Figures as a person reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shared.contracts.topics import SERVICES
from tests.load.rounds import middle

Figures = dict[str, Any]


def show(result: Figures) -> None:
    """Print whatever was measured."""
    if "rounds" in result:
        kinds = ("floor", "services")
        found = {kind: [r for r in result["rounds"] if r["kind"] == kind] for kind in kinds}
        _figures({kind: each for kind, each in found.items() if each})
    if "idle" in result:
        _idle(result["idle"])
    if "history" in result:
        _history(result["history"])
    if "half" in result:
        _half(result["half"])


def _of(figures: Sequence[Figures], *path: str) -> float:
    """Give the median of one figure over rounds."""
    values = []
    for each in figures:
        value: Any = each
        for name in path:
            value = value[name]
        values.append(value)
    return middle(values)


def _figures(kinds: Mapping[str, Sequence[Figures]]) -> None:
    first = next(iter(kinds.values()))
    example, both = first[0], len(kinds) == 2
    print(f"\nmedians of {len(first)} rounds of {example['count']:,} complaints")
    _line("", *kinds, *(("services/floor",) if both else ()))

    def line(what: str, digits: int, *path: str) -> None:
        values = [_of(each, *path) for each in kinds.values()]
        ratio = [f"{values[1] / values[0]:.2f}"] if both and values[0] else []
        _line(what, *(f"{value:,.{digits}f}" for value in values), *ratio)

    line("complaints a second", 0, "rate")
    line("CPU s per 1,000: the five", 3, "five_cpu_per_1000")
    for name in SERVICES:
        line(f"    {name}", 3, "cpu_per_1000", name)
    line("CPU s per 1,000: the engines", 3, "engines_cpu_per_1000")
    for name in example["cpu_per_1000"]:
        if name not in SERVICES:
            line(f"    {name}", 3, "cpu_per_1000", name)
    line("CPU s per 1,000: the load generator", 3, "sender_cpu_per_1000")
    for stream in example["messages_each"]:
        line(f"messages a complaint: {stream}", 2, "messages_each", stream)
    for name in SERVICES:
        line(f"MB when idle: {name}", 1, "idle_mb", name)
        line("    highest above that", 1, "over_idle_mb", name)
    for stage in example["stages"]:
        for part in ("p50", "p99"):
            line(f"{part} ms: {stage}", 0, "stages", stage, part)
    for figures in kinds.values():
        _complete(figures)


def _complete(figures: Sequence[Figures]) -> None:
    """Say aloud where a store lacks a document, or something was refused."""
    for each in figures:
        short = {name: n for name, n in each["documents"].items() if n != each["expected"]}
        lost = {name: s["missing"] for name, s in each["stages"].items() if s["missing"]}
        if short or lost or each["refused"]:
            print(
                f"NOT COMPLETE: {each['kind']} of {each['expected']}: "
                f"documents {short}, stages {lost}, refused {each['refused']}"
            )


def _line(what: str, *cells: str) -> None:
    print(f"{what:<46}" + "".join(f"{cell:>16}" for cell in cells))


def _idle(figures: Figures) -> None:
    print(f"\nshare of one core in {figures['seconds']:.0f} s in which nothing happens")
    for name, share in figures["share"].items():
        _line(name, f"{share:.2%}")
    _line("the five services", f"{figures['five']:.2%}")
    _line("with the engines", f"{figures['all']:.2%}")


def _history(found: Mapping[str, Sequence[Figures]]) -> None:
    for kind, chunks in found.items():
        first, last = chunks[0], chunks[-1]
        print(f"\n{kind}: {last['expected']:,} complaints in chunks of {first['count']:,}")
        _line("", "first", "last", "last/first")
        for what, name in (
            ("complaints a second", "rate"),
            ("CPU s per 1,000: the five", "five_cpu_per_1000"),
            ("CPU s per 1,000: the engines", "engines_cpu_per_1000"),
        ):
            ratio = last[name] / first[name] if first[name] else 1.0
            _line(what, f"{first[name]:,.3f}", f"{last[name]:,.3f}", f"{ratio:.2f}")
        over = max(last["over_idle_mb"].values())
        _line("MB above idle, the highest of the five", "", f"{over:.1f}")


def _half(found: Mapping[str, Figures]) -> None:
    for kind, figures in found.items():
        print(
            f"\n{kind}: {figures['closed']:,.0f}/s in the closed loop, highest rate that holds "
            f"{figures['highest']:,.0f}/s; at half of it:"
        )
        _figures({kind: [figures["at_half"]]})
