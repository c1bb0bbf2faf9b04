"""How long things take: distributions in fixed buckets, which add up to distributions."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

LONGEST = 10 * 366 * 24 * 60
"""Minutes from which on lengths are no longer told apart: ten years."""


def _lows() -> tuple[int, ...]:
    """Give the least whole number of minutes of each bucket: 0, 1 ... 9, 10, 12, 14 ...

    A bucket goes up to 21/19 of its least number. Whole numbers only, so that every node and
    every machine has the same buckets.
    """
    lows = [0, 1]
    while lows[-1] <= LONGEST:
        lows.append(lows[-1] * 21 // 19 + 1)
    return tuple(lows)


LOWS = _lows()


def bucket_of(minutes: int) -> int:
    """Give the bucket of a length in minutes; a negative one counts as none."""
    return bisect_right(LOWS, max(0, minutes)) - 1


def estimate_of(bucket: int) -> float:
    """Give the length in minutes that a bucket stands for.

    It is the harmonic mean of the least (l) and the greatest (g) number of minutes in the bucket,
    2 l g / (l + g). Because g is at most 21/19 of l, it is off by at most (g - l) / (g + l), one
    twentieth of whatever length in the bucket was meant. Up to nine minutes it is exact. The last
    bucket has no end: there the estimate is the least of what it may be.
    """
    low = LOWS[bucket]
    if bucket == len(LOWS) - 1 or low == 0:
        return float(low)
    high = LOWS[bucket + 1] - 1
    return 2 * low * high / (low + high)


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, of many (sebaran waktu): a count per bucket, and the sum.

    Spreads of different windows and of different nodes add up bucket by bucket.
    """

    minutes: int
    """All lengths together: the mean is exact."""
    buckets: Mapping[int, int]

    @property
    def count(self) -> int:
        """Say of how many."""
        return sum(self.buckets.values())

    @property
    def mean(self) -> float | None:
        """Give the mean in minutes; None of nothing."""
        return self.minutes / self.count if self.count else None

    def quantile(self, percent: int) -> float | None:
        """Give the length in minutes within which so many percent lie; None of nothing.

        It estimates the shortest length that at least so many percent do not exceed (the nearest
        rank), and is off by at most five percent of it, as ``estimate_of`` says. Lengths are
        taken from minute to minute, so each is off by less than one minute beside that.
        """
        rank = max(1, -(-percent * self.count // 100))
        for bucket in sorted(self.buckets):
            rank -= self.buckets[bucket]
            if rank <= 0:
                return estimate_of(bucket)
        return None
