"""Blanking what an erasure names in a service's own facts. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shared.contracts.fact import BLANKED, Row
from shared.contracts.followup import INNER
from shared.contracts.intake import ReporterErased


def redacted(stream: str, rows: Sequence[Row], said: object) -> Sequence[Row]:
    """Blank, in a service's own facts, the fields that an erasure names; pair and type stay.

    A field of things that a fact lists is blanked in each of them. What officers write among
    themselves need not be named: it may be read by nobody any more.
    """
    if not isinstance(said, ReporterErased):
        return rows
    named: dict[tuple[int, ...], set[str]] = {}
    for each in said.redactions:
        if each.stream == stream:
            named.setdefault(tuple(each.pair), set()).add(each.field)
    return [_blanked(row, named.get(tuple(row["pair"]), set()) | _inner(row)) for row in rows]


def _inner(row: Row) -> set[str]:
    return {INNER[row["type"]]} if row["type"] in INNER else set()


def _blanked(row: Row, fields: set[str]) -> Row:
    listed = {name for name, said in row["data"].items() if _lists(said, fields)}
    here = (fields & row["data"].keys()) | listed
    if not here:
        return row
    data = {name: said for name, said in row["data"].items() if name not in here}
    data |= {name: BLANKED for name in here if isinstance(row["data"][name], str)}
    data |= {name: _each_blanked(row["data"][name], fields) for name in listed - fields}
    blanked = row.copy()
    blanked["data"] = data
    blanked["redacted"] = sorted({*row.get("redacted", ()), *here})
    return blanked


def _lists(said: object, fields: set[str]) -> bool:
    """Say whether it is a list of things that have such a field."""
    return isinstance(said, list) and any(
        isinstance(each, dict) and fields & each.keys() for each in said
    )


def _each_blanked(listed: list[dict[str, Any]], fields: set[str]) -> list[dict[str, Any]]:
    return [{**each, **dict.fromkeys(fields & each.keys(), BLANKED)} for each in listed]
