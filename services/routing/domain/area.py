"""Areas of Indonesia, as the domain asks for them: by code, and by what people write."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

LONGEST_NAME = 100
"""Characters of a name that is looked for."""
_TITLES = re.compile(
    r"^(?:provinsi|prov|kabupaten|kab|kota administrasi|kota adm|kota|kecamatan|kec|distrik"
    r"|kelurahan|kel|desa)\b\.?\s*"
)
_FILLING = re.compile(r"[^a-z0-9]")


class Area(Struct, frozen=True, omit_defaults=True):
    """One area of the Kemendagri table (wilayah administrasi)."""

    code: str
    name: str
    within: tuple[str, ...] = ()
    """Names of the areas around it, the nearest first."""


class Areas(Protocol):
    """The table of areas that is in force (kode wilayah, Kepmendagri)."""

    def find(self, code: str) -> Area | None:
        """Give the area of a code with dots; None where the table has none."""

    def search(self, name: str, within: str | None, limit: int) -> Sequence[Area]:
        """Give areas by what somebody writes, the likeliest first.

        ``within`` is the code of an area around them. Villages (desa, kelurahan) are looked for
        only within a district (kecamatan): thousands share a name.
        """


def key_of(name: str) -> str:
    """Bring a name into the form it is found by: neither title, space nor sign counts.

    The table has "Kota Tanjung Pinang", the press "Tanjungpinang", people "kota tj. pinang".
    """
    plain = name.strip().lower()
    bare = _TITLES.sub("", plain, count=1)
    return _FILLING.sub("", bare or plain)
