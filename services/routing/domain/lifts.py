"""From the older shapes of a stored disposition to the next, each a function of the row alone."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]
_LOOKS = (
    "complaint.deferred.v1",
    "complaint.archived.v1",
    "complaint.restored.v1",
    "complaint.merged.v1",
)


def from_2(row: Row) -> Row:
    """Note that a person set it aside, brought it back or merged it, as its own facts say.

    Shape 2 noted it of what a person verified, so that a rule could decide over the others.
    """
    if not any(
        each["type"] in _LOOKS and each["by"] not in (None, "clock") for each in row["facts"]
    ):
        return row
    return {**row, "state": {**row["state"], "looked_at": True}}
