"""From the older shape of a stored timeline to the next, a function of the row alone. Pure."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]
_HEARD = ("complaints", "dispositions")


def from_1(row: Row) -> Row:
    """Name the streams that say where it was: what a reporter corrected was not kept."""
    heard = row.get("heard", {})
    return {**row, "state": {**row["state"], "lacks": [each for each in _HEARD if each in heard]}}
