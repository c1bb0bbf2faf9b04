"""Shares of a whole: always with both counts, rounded by one rule, in bands without gaps."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Band(StrEnum):
    """Where a share stands (rentang tindak lanjut), as monitoring speaks of it.

    The bounds are of the exact share, before it is rounded: 50 % and 75 % belong to ``MIDDLE``,
    90 % belongs to ``HIGH``, whatever lies above 90 % to ``HIGHEST``.
    """

    LOW = "below_50"
    MIDDLE = "50_to_75"
    HIGH = "above_75_to_90"
    HIGHEST = "above_90"


class Share(NamedTuple):
    """So many of so many. Of nothing there is no share: that is not 0 % (tidak ada laporan)."""

    numerator: int
    denominator: int

    @property
    def percent(self) -> float | None:
        """Give the percentage, half up at the first decimal; None of nothing.

        It is made of whole numbers, so 41.25 % of a hundred thousand is rounded as 41.25 % of
        four hundred is.
        """
        if not self.denominator:
            return None
        return (2000 * self.numerator + self.denominator) // (2 * self.denominator) / 10

    @property
    def whole_percent(self) -> int | None:
        """Give it half up without a decimal, as is done of few; None of nothing.

        It is made of the counts: 5 of 11 is 45 %, and what is left of 45.5 % would be 46.
        """
        if not self.denominator:
            return None
        return (200 * self.numerator + self.denominator) // (2 * self.denominator)

    @property
    def band(self) -> Band | None:
        """Say in which band the exact share lies; None of nothing."""
        if not self.denominator:
            return None
        hundredfold, whole = 100 * self.numerator, self.denominator
        if hundredfold < 50 * whole:
            return Band.LOW
        if hundredfold <= 75 * whole:
            return Band.MIDDLE
        return Band.HIGH if hundredfold <= 90 * whole else Band.HIGHEST

    def __str__(self) -> str:
        if self.percent is None:
            return "tidak ada laporan"
        return f"{self.percent:.1f} % ({self.numerator}/{self.denominator})".replace(".", ",")
