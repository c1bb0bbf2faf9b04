"""Prometheus figures: what they are called, what they show, what happens where one fails."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import pytest
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from shared.runtime import figures
from shared.runtime.figures import COUNTERS, SIZES, Histogram, Measures, figures_of
from shared.runtime.ports import Tally


@dataclass
class Process:
    """A process with a tally."""

    name: str = "intake"
    node: str = "8171"
    tally: Tally = field(default_factory=Tally)


def samples(text: bytes) -> dict[str, float]:
    """Read the text as Prometheus does: name with labels to value."""
    found = {}
    for family in text_string_to_metric_families(text.decode()):
        for sample in family.samples:
            labels = ",".join(f"{key}={value}" for key, value in sample.labels.items())
            found[sample.name + (f"{{{labels}}}" if labels else "")] = sample.value
    return found


def test_tally_shown() -> None:
    """Every field of the tally is a counter, read when it is asked for."""
    assert {one.name for one in fields(Tally)} == COUNTERS.keys()
    process = Process()
    text = figures_of(process)
    process.tally.heard, process.tally.told, process.tally.resent = 7, 5, 2
    shown = samples(text())
    assert shown["kentongan_heard_records_total"] == 7
    assert shown["kentongan_told_messages_total"] == 5
    assert shown["kentongan_resent_messages_total"] == 2
    process.tally.heard += 1
    assert samples(text())["kentongan_heard_records_total"] == 8
    assert shown["kentongan_process_info{node=8171,service=intake}"] == 1


def test_measures_shown() -> None:
    """Lag and age are shown by stream, the others as they are; zero is shown, nothing is not."""
    measures = Measures(
        lag=lambda: {"complaints": 12, "cases": 0},
        view_age=lambda: {"complaints": 3.5},
        oldest_untold=lambda: 0.0,
        held=lambda: 2,
    )
    shown = samples(figures_of(Process(), measures)())
    assert shown["kentongan_lag_records{stream=complaints}"] == 12
    assert shown["kentongan_lag_records{stream=cases}"] == 0
    assert shown["kentongan_view_age_seconds{stream=complaints}"] == 3.5
    assert shown["kentongan_oldest_untold_seconds"] == 0
    assert shown["kentongan_held_complaints"] == 2
    assert "kentongan_quarantined_records" not in shown


def test_batches_shown() -> None:
    """Batches are counted by size and by time."""
    measures = Measures()
    for size in (1, 3, 500, 9000):
        measures.batches.observe(size, 0.02)
    shown = samples(figures_of(Process(), measures)())
    assert shown["kentongan_batch_records_bucket{le=1.0}"] == 1
    assert shown["kentongan_batch_records_bucket{le=5.0}"] == 2
    assert shown["kentongan_batch_records_bucket{le=500.0}"] == 3
    assert shown["kentongan_batch_records_bucket{le=+Inf}"] == 4
    assert shown["kentongan_batch_records_count"] == 4
    assert shown["kentongan_batch_records_sum"] == 9504
    assert shown["kentongan_batch_seconds_bucket{le=0.025}"] == 4


@pytest.mark.parametrize(("value", "place"), [(0, 0), (1, 0), (2, 1), (2000, 9), (2001, 10)])
def test_bounds(value: int, place: int) -> None:
    """A bound counts what is as large as itself."""
    histogram = Histogram(SIZES)
    histogram.observe(value)
    assert histogram.counts.index(1) == place


def test_figure_fails() -> None:
    """A figure that cannot be read is left out and logged; the others are shown."""

    def broken() -> float:
        raise OSError("the store is away")

    def odd() -> dict[str, float]:
        return {"complaints": 1.0, "cases": None}  # type: ignore[dict-item]

    with capture_logs() as lines:
        shown = samples(figures_of(Process(), Measures(held=broken, lag=odd, quarantined=int))())
    assert [line["figure"] for line in lines] == ["lag_records", "held_complaints"]
    assert "kentongan_held_complaints" not in shown
    assert shown["kentongan_quarantined_records"] == 0


def test_registries_apart() -> None:
    """Two processes in one interpreter do not mix, and figures may be made again."""
    one, two = Process(tally=Tally(heard=1)), Process(tally=Tally(heard=2))
    texts = [figures_of(one), figures_of(two), figures_of(one)]
    assert [samples(text())["kentongan_heard_records_total"] for text in texts] == [1, 2, 1]


def test_table() -> None:
    """The table in the docstring names exactly the figures that there are."""
    measures = Measures(
        lag=lambda: {"x": 1},
        view_age=lambda: {"x": 1},
        oldest_untold=int,
        held=int,
        quarantined=int,
    )
    shown = figures_of(Process(), measures)().decode().splitlines()
    kinds = dict(line.split()[2:4] for line in shown if line.startswith("# TYPE kentongan_"))
    named = [word for word in (figures.__doc__ or "").split() if word.startswith("kentongan_")]
    assert sorted(kinds) == sorted(named)
