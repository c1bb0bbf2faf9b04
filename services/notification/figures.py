"""The Prometheus figures of the post room.

===================================  ========  ====================================================
name                                 unit      what
===================================  ========  ====================================================
kentongan_notice_attempts_total      attempts  by ``outcome``: sent, retry, wait, failed, uncertain
kentongan_notices_held_back_total    attempts  put off as too many, by ``cause``
kentongan_brake_pulled               -         1 while the brake stops every notice, else 0
===================================  ========  ====================================================
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from services.notification.handlers import Guard


class Work(Protocol):
    """The sending of notices, as far as it is counted."""

    @property
    def outcomes(self) -> Mapping[str, int]:
        """How attempts ended since this process started."""


@dataclass(frozen=True, slots=True, eq=False)
class NoticeFigures:
    """Read when they are asked for."""

    work: Work
    guard: Guard

    def collect(self) -> Iterable[Metric]:
        """Give every figure."""
        attempts = CounterMetricFamily(
            "kentongan_notice_attempts", "Attempts, by how they ended.", labels=["outcome"]
        )
        for outcome, count in self.work.outcomes.items():
            attempts.add_metric([outcome], count)
        yield attempts
        held = CounterMetricFamily(
            "kentongan_notices_held_back", "Attempts put off as too many.", labels=["cause"]
        )
        for cause, count in self.guard.held_back.items():
            held.add_metric([cause], count)
        yield held
        pulled = self.guard.brake.pulled is not None
        yield GaugeMetricFamily("kentongan_brake_pulled", "Whether nothing goes out.", pulled)
