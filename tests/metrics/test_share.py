"""Percentages: one rounding rule, both counts beside, no reports is no percentage.

The worked examples are the published monitoring figures of domain.md 4.2.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.domain.share import Band, Share

wholes = st.integers(1, 10**7)


@pytest.mark.parametrize(
    ("share", "percent"),
    [
        (Share(5, 12), 41.7),  # with a decree (SK)
        (Share(3, 12), 25),  # active
        (Share(9, 12), 75),  # not active
    ],
)
def test_41_the_maluku_card_of_12_institutions(share: Share, percent: float) -> None:
    """Statement 41: 5, 3 and 9 of 12 are printed as 42, 25 and 75 %."""
    assert share.percent == percent


@pytest.mark.parametrize(("share", "percent"), [(Share(5, 11), 45.5), (Share(4, 11), 36.4)])
def test_42_the_maluku_utara_card_of_11_institutions(share: Share, percent: float) -> None:
    """Statement 42: 5 and 4 of 11 are printed as 45 and 36 %, and what is left as 64 %."""
    assert share.percent == percent
    assert Share(7, 11).percent == 63.6


@pytest.mark.parametrize(
    ("share", "percent"),
    [
        (Share(11, 12), 91.7),  # with a decree
        (Share(10, 12), 83.3),  # active
        (Share(2, 12), 16.7),  # not active
        (Share(89, 215), 41.4),  # followed up: 77 done and 12 in process
        (Share(77, 215), 35.8),  # done; printed as 35
        (Share(12, 215), 5.6),  # in process
    ],
)
def test_43_the_jambi_figures_of_2020(share: Share, percent: float) -> None:
    """Statement 43: printed as 92, 83 and 41 %, with the counts beside them."""
    assert share.percent == percent
    assert f"({share.numerator}/{share.denominator})" in str(share)


def test_44_ambon_2023_passes_the_target_of_90_percent() -> None:
    """Statement 44: 107 done of 109, 1 in process and 1 not, is 98.2 % and above the target."""
    done = Share(107, 109)
    assert (done.percent, done.band) == (98.2, Band.HIGHEST)
    assert str(done) == "98,2 % (107/109)"
    assert Share(46131, 49966).percent == 92.3  # all local governments of 2023


def test_45_no_reports_is_neither_nothing_nor_everything() -> None:
    """Statement 45: of no reports there is no percentage and no band."""
    nothing = Share(0, 0)
    assert (nothing.percent, nothing.band) == (None, None)
    assert str(nothing) == "tidak ada laporan"


@pytest.mark.parametrize(
    ("share", "band"),
    [
        (Share(0, 9), Band.LOW),
        (Share(49_999, 100_000), Band.LOW),  # 50.0 % when rounded
        (Share(1, 2), Band.MIDDLE),
        (Share(59, 100), Band.MIDDLE),  # Kota Kendari
        (Share(3, 4), Band.MIDDLE),
        (Share(75_001, 100_000), Band.HIGH),
        (Share(9, 10), Band.HIGH),
        (Share(90_001, 100_000), Band.HIGHEST),
        (Share(7, 7), Band.HIGHEST),
    ],
)
def test_46_every_share_lies_in_one_band(share: Share, band: Band) -> None:
    """Statement 46: bands cover everything, and the edges belong where they are said to."""
    assert share.band is band


@given(whole=wholes, part=st.integers(0, 10**7))
def test_46_bands_rise_with_the_share(whole: int, part: int) -> None:
    """Statement 46: more of the same whole is never in a lower band."""
    order = list(Band)
    part %= whole
    low, high = Share(part, whole).band, Share(part + 1, whole).band
    assert low is not None
    assert high is not None
    assert order.index(low) <= order.index(high)


@given(whole=wholes, part=st.integers(0, 10**7))
def test_40_rounding_is_half_up_and_at_most_half_a_step_off(whole: int, part: int) -> None:
    """Statement 40: whatever the size, a percentage is the nearest, and a half goes up."""
    part %= whole + 1
    percent = Share(part, whole).percent
    assert percent is not None
    rounded = round(percent * 10)
    assert -whole < 2 * (rounded * whole - part * 1000) <= whole


def test_40_a_half_goes_up() -> None:
    """Statement 40: 1.25 % becomes 1.3 %, 0.05 % becomes 0.1 %."""
    assert Share(5, 400).percent == 1.3
    assert Share(1, 2000).percent == 0.1
