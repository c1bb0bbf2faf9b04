"""What every service takes as known to a node: who disagrees refuses what others have taken."""

from __future__ import annotations

from collections.abc import Callable

NATION = "00"
"""The place of the nation's node."""
MOST_CATEGORIES = 500
"""Categories of a node's file."""


def is_area(code: str, place: str, has: Callable[[str], bool]) -> bool:
    """Say whether there is an area: ``has`` tells of the table (Kepmendagri) what it has.

    A node may be younger than the table: its own ``place``, and what lies in it, is there then.
    """
    return has(code) or (_within(code, place) and not has(place))


def is_outside(code: str, place: str) -> bool:
    """Say whether an area lies outside a node's ``place``: neither in it nor around it.

    Nothing lies outside the nation, nor outside a ministry, which has no place.
    """
    bounded = place != NATION and place[0].isdigit()
    return bounded and not _within(code, place) and not _within(place, code)


def _within(code: str, around: str) -> bool:
    return f"{code}.".startswith(f"{around}.")
