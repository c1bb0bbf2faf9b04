"""Whether readers of an older schema and of a newer one understand each other.

Inside a major version only optional fields may be added; nothing is removed, renamed, retyped,
tightened or made required, and a list of values that readers check may not grow. Whatever else a
schema says stays as it is, but for what is written for people.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

Schema = dict[str, Any]
FOR_PEOPLE = frozenset({"title", "description", "x-known-values"})
"""What a reader does not go by; of a history the known types are open."""
FOLLOWED = frozenset({"properties", "required", "enum", "items", "additionalProperties", "type"})
SEVERAL = ("anyOf", "oneOf", "allOf", "prefixItems")
APART = FOR_PEOPLE | FOLLOWED | {*SEVERAL, "$defs", "$id", "$schema", "$ref", "default"}


class Roots(NamedTuple):
    """The documents in which the references of both are found."""

    old: Schema
    new: Schema


def breaks(old: Schema, new: Schema) -> list[str]:
    """Say in words what in a new schema breaks with the old one; nothing if it may be told."""
    return list(_compare(old, new, Roots(old, new), "data"))


def plain(schema: Any) -> Any:
    """Give a schema without what is written for people: what two editions are told apart by."""
    if isinstance(schema, list):
        return [plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = schema.items()  # a field may be called ``title``, too: that is no text
    return {
        name: plain(said) for name, said in kept if name not in FOR_PEOPLE or isinstance(said, dict)
    }


def _compare(old: Schema, new: Schema, roots: Roots, where: str) -> Iterator[str]:
    if old.get("default") != new.get("default"):
        yield f"{where}: what it is where nobody says it changed"
    old, new = _resolve(old, roots.old), _resolve(new, roots.new)
    if _types(old) != _types(new):
        yield f"{where}: its type changed from {_types(old)} to {_types(new)}"
        return
    yield from _values(old, new, where)
    yield from _fields(old, new, roots, where)
    for name in SEVERAL:
        for one, other in zip(old.get(name, ()), new.get(name, ()), strict=True):
            yield from _compare(one, other, roots, where)
    for name in ("items", "additionalProperties"):
        yield from _inner(old.get(name), new.get(name), roots, f"{where}[]")


def _fields(old: Schema, new: Schema, roots: Roots, where: str) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    for name in sorted(before.keys() - after.keys()):
        yield f"{where}.{name}: was removed"
    for name in sorted(set(new.get("required", ())) - set(old.get("required", ()))):
        yield f"{where}.{name}: became required"
    for name in sorted(set(old.get("required", ())) - set(new.get("required", ()))):
        if name in after:
            yield f"{where}.{name}: is no longer always told"
    for name in sorted(before.keys() & after.keys()):
        yield from _compare(before[name], after[name], roots, f"{where}.{name}")


def _values(old: Schema, new: Schema, where: str) -> Iterator[str]:
    before, after = set(old.get("enum", ())), set(new.get("enum", ()))
    if before != after:
        yield f"{where}: its values changed by {sorted(map(str, before ^ after))}"
    for name in sorted({*old, *new} - APART):
        if old.get(name) != new.get(name):
            yield f"{where}: {name} changed from {old.get(name)} to {new.get(name)}"


def _inner(old: object, new: object, roots: Roots, where: str) -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _compare(old, new, roots, where)
    elif old != new:
        yield f"{where}: what may stand there changed"


def _types(schema: Schema) -> str:
    counted = [f"{name} of {len(schema[name])}" for name in SEVERAL if name in schema]
    return " ".join([str(schema.get("type", "anything")), *counted])


def _resolve(schema: Schema, root: Schema) -> Schema:
    while "$ref" in schema:
        found: Any = root
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        schema = {**found, **{name: said for name, said in schema.items() if name != "$ref"}}
    return schema
