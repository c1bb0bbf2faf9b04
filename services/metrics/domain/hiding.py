"""Small numbers stay among officers: what a public table keeps back, and what it says instead."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

SMALLEST = 5
"""Complaints below which a row could point at the person who reported."""
WIDER = 4
"""So many times as far as the one before reaches each class of sizes: 5 to 19, 20 to 79 ..."""


class Size(NamedTuple):
    """A class of sizes, from the least count to the greatest."""

    least: int
    most: int

    @classmethod
    def of(cls, count: int) -> Size:
        """Give the class of a row that is not small."""
        least = SMALLEST
        while count >= least * WIDER:
            least *= WIDER
        return cls(least, least * WIDER - 1)


def kept_back(
    rows: Mapping[str, Mapping[str, int]], groups: Iterable[Collection[str]]
) -> Mapping[str, frozenset[str]]:
    """Name, by row, the measures that a public table must not show there.

    Each measure is a column of its own, whose total is public. Measures of one group all but tell
    of each other (how many are done, and of how many is known how long that took), so what is kept
    back of one is kept back of all.
    """
    missing: dict[str, frozenset[str]] = dict.fromkeys(rows, frozenset())
    for group in groups:
        columns = ({name: row.get(each, 0) for name, row in rows.items()} for each in group)
        for name in frozenset[str]().union(*map(hidden, columns)):
            missing[name] |= frozenset(group)
    return missing


def small(counts: Mapping[str, int], groups: Iterable[Collection[str]]) -> frozenset[str]:
    """Name the measures that must not be shown of the total, whatever rows there are.

    Less the rows that are shown, a number below ``SMALLEST`` is that of a row, or of a row of
    another table that has the same total. A group goes as a whole, as in rows.
    """
    return frozenset[str]().union(
        *(group for group in groups if any(is_small(counts.get(each, 0)) for each in group))
    )


def is_small(count: int) -> bool:
    """Say whether a count is of some, but of so few that they could be pointed at."""
    return 0 < count < SMALLEST


def hidden(counts: Mapping[str, int]) -> frozenset[str]:
    """Name the rows that a public table must not show; ``counts`` are complaints by row.

    Those with fewer than ``SMALLEST`` complaints, and one more to keep them company: of the
    lowest class of sizes the first by name. The total is public, so everybody can compute what
    the hidden rows have together. What is hidden depends on nothing but which rows are small,
    the classes of the others and that sum; so every way to share out the sum that keeps to them
    gives the same table. Where that leaves a small row only one count, or where there is no
    company, all rows are hidden and the total alone is shown.
    """
    few = {name: count for name, count in counts.items() if is_small(count)}
    if not few:
        return frozenset()
    others = [(Size.of(count), name) for name, count in counts.items() if count >= SMALLEST]
    if not others:
        return frozenset(counts)
    size, company = min(others)
    together = sum(few.values()) + counts[company]
    besides = len(few) - 1
    least = max(1, together - besides * (SMALLEST - 1) - size.most)
    most = min(SMALLEST - 1, together - besides - size.least)
    return frozenset({*few, company}) if least < most else frozenset(counts)
