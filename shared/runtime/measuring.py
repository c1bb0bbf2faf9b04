"""How long facts are on the wire. Pure."""

from __future__ import annotations

from collections.abc import Iterable

import orjson

from shared.contracts.fact import Row


def length(row: Row) -> int:
    """Give the bytes of one fact on the wire."""
    return len(orjson.dumps(row))


def together(rows: Iterable[Row]) -> int:
    """Give the bytes of facts together."""
    return sum(length(row) for row in rows)
