"""Blanking what an erasure names in a service's own facts. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from shared.contracts.fact import BLANKED, ERASABLE, Payload, Row
from shared.contracts.intake import ReporterErased


def redacted(
    stream: str, known: Mapping[str, type[Payload]], rows: Sequence[Row], said: object
) -> Sequence[Row]:
    """Blank, in a service's own facts, the fields that an erasure names; pair and type stay.

    A field of things that a fact lists is blanked in each of them. Where a fact says again what
    another said, to name that one is enough. What officers write among themselves need not be
    named: it may be read by nobody any more.
    """
    if not isinstance(said, ReporterErased):
        return rows
    named: dict[tuple[int, ...], set[str]] = {}
    for each in said.redactions:
        if each.stream == stream:
            named.setdefault(tuple(each.pair), set()).add(each.field)
    return [
        _blanked(row, set().union(*(named.get(each, set()) for each in named_by(row))), known)
        for row in rows
    ]


def named_by(row: Row) -> Sequence[tuple[int, ...]]:
    """Give the pairs by which an erasure names a fact: its own, and that of what it repeats."""
    repeats = row["data"].get("repeats")
    return [tuple(row["pair"]), *([tuple(repeats)] if repeats else [])]


def stands(row: Row, field: str) -> bool | None:
    """Say whether words stand in a fact: None where it has no such field, and never had."""
    said = [part[field] for part in (row["data"], *_things(row["data"])) if field in part]
    if field in row.get("redacted", ()):
        return False
    return any(each != BLANKED for each in said) if said else None


class Written(NamedTuple):
    """Words of an officer that an erasure can name, and the fact they stand in."""

    row: Row
    field: str
    text: str


def written(stream: str, rows: Sequence[Row]) -> Iterator[Written]:
    """Give what officers wrote in facts of a stream and no erasure has blanked."""
    fields = ERASABLE[stream]
    for row in rows:
        for part in (row["data"], *_things(row["data"])):
            for field in sorted(fields & part.keys()):
                if isinstance(text := part[field], str) and text != BLANKED:
                    yield Written(row, field, text)


def _things(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for said in data.values():
        if isinstance(said, list):
            yield from (each for each in said if isinstance(each, dict))


def _blanked(row: Row, fields: set[str], known: Mapping[str, type[Payload]]) -> Row:
    kind = known.get(row["type"], Payload)
    if kind.inner is not None:
        fields = {*fields, kind.inner}
    listed = {name for name, said in row["data"].items() if _lists(said, fields)}
    here = (fields & row["data"].keys()) | listed
    if not here:
        return row
    data = {name: said for name, said in row["data"].items() if name not in here}
    texts = {name for name in here if isinstance(row["data"][name], str)}
    blanks = {name: kind.blanks.get(name, BLANKED) for name in texts}
    data |= {name: blank for name, blank in blanks.items() if blank is not None}
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
