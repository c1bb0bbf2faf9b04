"""What every service takes as known to a node: who disagrees refuses what others have taken."""

from __future__ import annotations

from collections.abc import Callable

MOST_CATEGORIES = 500
"""Categories of a node's file."""


def is_area(code: str, place: str, has: Callable[[str], bool]) -> bool:
    """Say whether there is an area: ``has`` tells of the table (Kepmendagri) what it has.

    A node may be younger than the table: its own ``place``, and what lies in it, is there then.
    """
    return has(code) or (f"{code}.".startswith(f"{place}.") and not has(place))
