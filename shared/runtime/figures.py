"""The Prometheus figures of a process, read when they are asked for.

=========================================  =========  ===========================================
name                                       unit       what
=========================================  =========  ===========================================
kentongan_process_info                     -          labels ``service`` and ``node``
kentongan_heard_records_total              records    heard from the bus
kentongan_repeated_records_total           records    of histories heard before, dropped
kentongan_passed_records_total             records    nothing came of, kept for a time and passed
kentongan_unadopted_histories_total        histories  of its own, not adopted after a restore
kentongan_conflicting_writes_total         writes     incomplete, and tried again
kentongan_held_histories_total             histories  put into quarantine since the start
kentongan_told_messages_total              messages   sent and acknowledged
kentongan_resent_messages_total            messages   sent again, as they were not acknowledged
kentongan_accepted_requests_total          requests   that changed something
kentongan_refused_requests_total           requests   turned away with a reason
kentongan_repeated_requests_total          requests   given the answer they had been given before
kentongan_archived_complaints_total        complaints  moved to the archive
kentongan_returned_complaints_total        complaints  that came back from it to be changed
kentongan_batch_records                    records    histogram: how many records a batch has
kentongan_batch_seconds                    seconds    histogram: heard, written and told
kentongan_lag_records                      records    on the bus, not yet heard; by ``stream``
kentongan_view_age_seconds                 seconds    how old the view of a ``stream`` may be
kentongan_oldest_untold_seconds            seconds    since the oldest change not yet told; else 0
kentongan_held_complaints                  complaints that wait for one stream or more
kentongan_quarantined_records              records    that wait in quarantine
process_*                                             CPU, memory and files of the process
=========================================  =========  ===========================================

A figure that cannot be read is left out, which an alert on absence finds; the others are shown.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Protocol

import structlog
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from shared.runtime.ports import Tally

COUNTERS = {
    "heard": ("heard_records", "Records heard from the bus."),
    "repeats": ("repeated_records", "Records of histories heard before, dropped."),
    "passed": ("passed_records", "Records nothing came of, kept for a time and passed."),
    "unadopted": ("unadopted_histories", "Histories of its own, not adopted after a restore."),
    "conflicts": ("conflicting_writes", "Writes incomplete, and tried again."),
    "held": ("held_histories", "Histories put into quarantine since the start."),
    "told": ("told_messages", "Messages sent and acknowledged."),
    "resent": ("resent_messages", "Messages sent again, as they were not acknowledged."),
    "accepted": ("accepted_requests", "Requests that changed something."),
    "refused": ("refused_requests", "Requests turned away with a reason."),
    "answered_again": ("repeated_requests", "Requests given the answer given before."),
    "archived": ("archived_complaints", "Complaints moved to the archive."),
    "returned": ("returned_complaints", "Complaints that came back from the archive."),
}
"""By field of the tally. A test sees to it that none is missing."""

SIZES = (1, 5, 10, 25, 50, 100, 250, 500, 1000, 2000)
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

_log = structlog.get_logger("figures")


class Histogram:
    """Counts observations by size; cheap, and for the one thread that observes."""

    def __init__(self, bounds: Sequence[float]) -> None:
        """Count up to each bound, and above the last."""
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.sum = 0.0

    def observe(self, value: float) -> None:
        """Count one observation."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.sum += value

    def family(self, name: str, what: str) -> Metric:
        """Show what was counted."""
        heads = [*(f"{float(bound)}" for bound in self.bounds), "+Inf"]
        buckets = list(zip(heads, map(float, accumulate(self.counts)), strict=True))
        return HistogramMetricFamily(name, what, buckets=buckets, sum_value=self.sum)


@dataclass(slots=True)
class Batches:
    """How large batches are, and how long they take."""

    records: Histogram = field(default_factory=lambda: Histogram(SIZES))
    seconds: Histogram = field(default_factory=lambda: Histogram(SECONDS))

    def observe(self, records: int, seconds: float) -> None:
        """Count one batch."""
        self.records.observe(records)
        self.seconds.observe(seconds)


ByStream = Callable[[], Mapping[str, float]]
Single = Callable[[], float | None]


@dataclass(frozen=True, slots=True)
class Measures:
    """What is measured when it is asked for; None, or nothing for a stream, is left out."""

    lag: ByStream = dict
    view_age: ByStream = dict
    oldest_untold: Single = lambda: None
    held: Single = lambda: None
    quarantined: Single = lambda: None
    batches: Batches = field(default_factory=Batches)


class Measured(Protocol):
    """A process that has a name and a tally."""

    @property
    def name(self) -> str:
        """The service."""

    @property
    def node(self) -> str:
        """The node."""

    @property
    def tally(self) -> Tally:
        """What it has done."""


def figures_of(
    process: Measured, measures: Measures | None = None, further: Iterable[Collector] = ()
) -> Callable[[], bytes]:
    """Give what renders the figures of a process; its registry is its own."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    for collector in (_Figures(process, measures or Measures()), *further):
        registry.register(collector)
    return lambda: generate_latest(registry)


@dataclass(frozen=True, slots=True, eq=False)
class _Figures:
    process: Measured
    measures: Measures

    def collect(self) -> Iterable[Metric]:
        labels = {"service": self.process.name, "node": self.process.node}
        yield InfoMetricFamily("kentongan_process", "Which process this is.", labels)
        for name, (figure, what) in COUNTERS.items():
            value = getattr(self.process.tally, name)
            yield CounterMetricFamily(f"kentongan_{figure}", what, value)
        batches = self.measures.batches
        yield batches.records.family("kentongan_batch_records", "Records of a batch.")
        yield batches.seconds.family("kentongan_batch_seconds", "Time to hear, write and tell.")
        yield from _by_stream("lag_records", "Records not yet heard.", self.measures.lag)
        yield from _by_stream("view_age_seconds", "Age of a view.", self.measures.view_age)
        yield from _single(
            "oldest_untold_seconds", "Age of the oldest untold change.", self.measures.oldest_untold
        )
        yield from _single("held_complaints", "Complaints that wait.", self.measures.held)
        yield from _single(
            "quarantined_records", "What waits in quarantine.", self.measures.quarantined
        )


def _by_stream(name: str, what: str, read: ByStream) -> Iterable[Metric]:
    family = GaugeMetricFamily(f"kentongan_{name}", what, labels=["stream"])
    try:
        for stream, value in read().items():
            family.add_metric([stream], float(value))
    except Exception:  # noqa: BLE001 - one that fails must not hide the others
        _log.exception("figure_missed", figure=name)
        return
    yield family


def _single(name: str, what: str, read: Single) -> Iterable[Metric]:
    try:
        value = read()
    except Exception:  # noqa: BLE001 - one that fails must not hide the others
        _log.exception("figure_missed", figure=name)
        return
    if value is not None:
        yield GaugeMetricFamily(f"kentongan_{name}", what, float(value))
