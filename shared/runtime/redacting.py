"""Blanking what an erasure names in a service's own facts. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from shared.contracts.fact import BLANKED, Row
from shared.contracts.intake import ReporterErased


def redacted(stream: str, rows: Sequence[Row], said: object) -> Sequence[Row]:
    """Blank, in a service's own facts, the fields that an erasure names; pair and type stay."""
    if not isinstance(said, ReporterErased):
        return rows
    named: dict[tuple[int, ...], set[str]] = {}
    for each in said.redactions:
        if each.stream == stream:
            named.setdefault(tuple(each.pair), set()).add(each.field)
    return [_blanked(row, named.get(tuple(row["pair"]), set())) for row in rows]


def _blanked(row: Row, fields: set[str]) -> Row:
    here = fields & row["data"].keys()
    if not here:
        return row
    data = {name: said for name, said in row["data"].items() if name not in here}
    data |= {name: BLANKED for name in here if isinstance(row["data"][name], str)}
    blanked = row.copy()
    blanked["data"] = data
    blanked["redacted"] = sorted({*row.get("redacted", ()), *here})
    return blanked
