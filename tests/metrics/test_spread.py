"""Medians and p90 from buckets: they add up, and are off by no more than is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.domain.cohort import added, spread_of
from services.metrics.domain.spread import LONGEST, LOWS, Spread, bucket_of, estimate_of

lengths = st.lists(st.integers(0, LONGEST), min_size=1, max_size=60)


def _within_a_twentieth(found: float, true: int) -> bool:
    """Compare as decimals would: what floating point rounds away is no error of the buckets."""
    return abs(found - true) * 20 <= true * (1 + 1e-12)


def _spread(minutes: Sequence[int]) -> Spread:
    return Spread(sum(minutes), Counter(bucket_of(each) for each in minutes))


@given(minutes=st.integers(0, LONGEST))
def test_a_bucket_stands_for_what_is_in_it_within_five_percent(minutes: int) -> None:
    """From no minute to ten years, the estimate is within one twentieth of the true length."""
    assert _within_a_twentieth(estimate_of(bucket_of(minutes)), minutes)


@pytest.mark.parametrize("minutes", [57, 63, 1029, 4641])
def test_a_length_at_the_edge_of_its_bucket_is_within_it_too(minutes: int) -> None:
    """There the estimate is off by exactly one twentieth, which no binary fraction is."""
    assert _within_a_twentieth(estimate_of(bucket_of(minutes)), minutes)


@given(minutes=lengths, percent=st.integers(1, 100))
def test_40_a_quantile_is_within_five_percent_of_the_true_one(
    minutes: list[int], percent: int
) -> None:
    """Statement 40: of any lengths, by the nearest rank, whatever the percentage."""
    rank = max(1, -(-percent * len(minutes) // 100))
    true = sorted(minutes)[rank - 1]
    found = _spread(minutes).quantile(percent)
    assert found is not None
    assert _within_a_twentieth(found, true)


@given(parts=st.lists(lengths, min_size=1, max_size=5))
def test_47_spreads_add_up_over_windows_and_nodes(parts: list[list[int]]) -> None:
    """Statement 47: what nodes counted apart is, added up, what one would have counted."""
    each = [
        added(
            {f"response {bucket_of(m)}": 1, "response minutes": m, "received": 1} for m in minutes
        )
        for minutes in parts
    ]
    whole = _spread([m for minutes in parts for m in minutes])
    assert spread_of(added(each), "response") == whole
    assert whole.mean == sum(m for minutes in parts for m in minutes) / whole.count


def test_buckets_are_fixed_and_few() -> None:
    """Every node has the same ones, made of whole numbers, without gaps."""
    assert LOWS[:14] == (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16)
    assert len(LOWS) < 150
    assert [bucket_of(low) for low in LOWS] == list(range(len(LOWS)))
    assert [bucket_of(low - 1) for low in LOWS[1:]] == list(range(len(LOWS) - 1))


@pytest.mark.parametrize("minutes", [-5, 0])
def test_what_took_no_time_took_none(minutes: int) -> None:
    """A clock that went backwards gives no negative length."""
    assert estimate_of(bucket_of(minutes)) == 0


def test_45_of_nothing_there_is_no_median() -> None:
    """Statement 45: nothing is not zero minutes."""
    nothing = Spread(0, {})
    assert (nothing.count, nothing.mean, nothing.quantile(50)) == (0, None, None)
