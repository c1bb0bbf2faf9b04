"""How long each complaint took to each stage, from when it was due to be sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import orjson

from tests.load.bus import Look, Part, read
from tests.load.crew import Crew
from tests.load.sender import Sent
from tests.load.stage import Stage

Percentiles = dict[str, dict[str, float]]


@dataclass
class Stages:
    """Seconds by stage, one for each complaint of a drive; shorter where some never came."""

    took: dict[str, list[float]] = field(default_factory=dict)
    missing: dict[str, int] = field(default_factory=dict)
    cased_at: list[float] = field(default_factory=list)
    """When each case was open, seconds since 1970; to see how a backlog grew."""

    def percentiles(self) -> Percentiles:
        """Give p50, p90, p99 and the longest by stage, in milliseconds."""
        return {
            name: {
                "p50": _at(sorted(took), 0.50),
                "p90": _at(sorted(took), 0.90),
                "p99": _at(sorted(took), 0.99),
                "max": _at(sorted(took), 1.0),
                "missing": float(self.missing.get(name, 0)),
            }
            for name, took in self.took.items()
        }


def _at(ordered: Sequence[float], part: float) -> float:
    if not ordered:
        return float("nan")
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] * 1000


def read_stages(stage: Stage, crew: Crew, sent: Sent, looks: Sequence[Look], first: int) -> Stages:
    """Read from the bus when each complaint was stored, routed, open as a case, and counted."""
    number = {identity: place for place, identity in enumerate(sent.ids)}
    received: dict[str, float] = {}
    lies: dict[str, tuple[Part, int]] = {}
    ends = looks[-1].ends
    for told in read(stage, crew.streams["complaints"], ends):
        if told.key in received:
            continue
        if not sent.ids:
            place = _number(told.value) - first
            if not 0 <= place < len(sent.due):
                continue
            number[told.key] = place
        received[told.key] = told.at
        lies[told.key] = (told.part, told.offset)
    moments = {
        "received": received,
        "routed": _first(stage, crew.streams["dispositions"], ends, b""),
        "case in the liaison's list": _first(stage, crew.streams["cases"], ends, crew.opened),
        "counted": _passed(looks, "metrics", lies),
    }
    answered = {identity: sent.answered[place] for identity, place in number.items()}
    found = Stages()
    for what, times in {"answered": answered, **moments}.items():
        found.took[what] = [
            times[identity] - sent.due[place]
            for identity, place in number.items()
            if identity in times
        ]
        found.missing[what] = len(sent.due) - len(found.took[what])
    opened = moments["case in the liaison's list"]
    found.cased_at = sorted(opened[identity] for identity in number if identity in opened)
    return found


def _number(value: bytes) -> int:
    """Read a complaint's number from the message in which it was received."""
    said = orjson.loads(value)
    data = said["data"] if "data" in said else said["facts"][0]["data"]
    return int(data["reference"].rpartition("-")[2])


def _first(stage: Stage, topic: str, ends: Mapping[Part, int], holds: bytes) -> dict[str, float]:
    """Give when each complaint was first told on a topic, with these words in it."""
    first: dict[str, float] = {}
    for told in read(stage, topic, ends):
        if holds in told.value:
            first[told.key] = min(told.at, first.get(told.key, told.at))
    return first


def _passed(
    looks: Sequence[Look], service: str, lies: dict[str, tuple[Part, int]]
) -> dict[str, float]:
    """Give the first look at which a service had committed past each complaint."""
    ordered: dict[Part, list[tuple[int, str]]] = {}
    for identity, (part, offset) in lies.items():
        ordered.setdefault(part, []).append((offset, identity))
    passed: dict[str, float] = {}
    for part, records in ordered.items():
        records.sort()
        at = 0
        for look in looks:
            done = look.committed[service].get(part, 0)
            while at < len(records) and records[at][0] < done:
                passed[records[at][1]] = look.at
                at += 1
    return passed
