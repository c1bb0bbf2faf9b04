"""Whether readers of an older schema and of a newer one understand each other.

Inside a major version only optional fields may be added; nothing is removed, renamed, retyped,
tightened or made required, and a list of values that readers check may not grow.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]
UPPER = ("maxLength", "maximum", "exclusiveMaximum", "maxItems")
LOWER = ("minLength", "minimum", "exclusiveMinimum", "minItems")


def breaks(old: Schema, new: Schema) -> list[str]:
    """Say in words what in a new schema breaks with the old one; nothing if it may be told."""
    return list(_compare(old, new, old, new, "data"))


def _compare(
    old: Schema, new: Schema, old_root: Schema, new_root: Schema, where: str
) -> Iterator[str]:
    old, new = _resolve(old, old_root), _resolve(new, new_root)
    if _types(old) != _types(new):
        yield f"{where}: its type changed from {_types(old)} to {_types(new)}"
        return
    yield from _values(old, new, where)
    yield from _limits(old, new, where)
    yield from _fields(old, new, old_root, new_root, where)
    for one, other in zip(_options(old), _options(new), strict=False):
        yield from _compare(one, other, old_root, new_root, where)
    if "items" in old and "items" in new:
        yield from _compare(old["items"], new["items"], old_root, new_root, f"{where}[]")


def _fields(
    old: Schema, new: Schema, old_root: Schema, new_root: Schema, where: str
) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    for name in before.keys() - after.keys():
        yield f"{where}.{name}: was removed"
    for name in set(new.get("required", ())) - set(old.get("required", ())):
        yield f"{where}.{name}: became required"
    for name in set(old.get("required", ())) - set(new.get("required", ())):
        if name in after:
            yield f"{where}.{name}: is no longer always told"
    for name in before.keys() & after.keys():
        yield from _compare(before[name], after[name], old_root, new_root, f"{where}.{name}")


def _values(old: Schema, new: Schema, where: str) -> Iterator[str]:
    before, after = set(old.get("enum", ())), set(new.get("enum", ()))
    if before != after:
        yield f"{where}: its values changed by {sorted(map(str, before ^ after))}"
    if old.get("const") != new.get("const") or old.get("pattern") != new.get("pattern"):
        yield f"{where}: its form changed"


def _limits(old: Schema, new: Schema, where: str) -> Iterator[str]:
    for name in (*UPPER, *LOWER):
        if old.get(name) != new.get(name):
            yield f"{where}: {name} changed from {old.get(name)} to {new.get(name)}"


def _options(schema: Schema) -> list[Schema]:
    return [*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())]


def _types(schema: Schema) -> str:
    if _options(schema):
        return "one of several" if len(_options(schema)) > 1 else "another"
    return str(schema.get("type", "anything"))


def _resolve(schema: Schema, root: Schema) -> Schema:
    while "$ref" in schema:
        found: Any = root
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        schema = found
    return schema
