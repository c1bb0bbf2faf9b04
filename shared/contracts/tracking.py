"""Tracking numbers: what a citizen keeps, and types in any form (nomor pelacakan)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, which people confuse."""

_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})
_NODE = re.compile(r"00|[0-9]{2}|[0-9]{4}|kl-[0-9]{3}")
_SHAPE = (
    "it has the code of a region, then twice four characters, then one, such as 8171-7K3M-9QXT-2"
)
_SLIP = "its last character does not fit the others, so at least one of them is mistyped"


class NotATrackingNumber(ValueError):
    """What was typed is no tracking number; the message says why."""


@dataclass(frozen=True, slots=True)
class TrackingNumber:
    """The number a citizen keeps (nomor pelacakan): node, eight characters, a check character."""

    node: str
    code: str

    def __str__(self) -> str:
        front = self.node.replace("-", "").upper()
        return f"{front}-{self.code[:4]}-{self.code[4:]}-{check_character(front + self.code)}"

    @classmethod
    def of(cls, node: str, complaint: str, draw: int = 0) -> TrackingNumber:
        """Derive the number of a complaint; ``draw`` picks another where one is taken."""
        digest = hashlib.sha256(f"{node}/{complaint}/{draw}".encode()).digest()
        bits = int.from_bytes(digest[:5])
        return cls(node, "".join(ALPHABET[bits >> shift & 31] for shift in range(35, -1, -5)))

    @classmethod
    def read(cls, typed: str) -> TrackingNumber:
        """Read what a person typed, in any case, with or without dashes."""
        plain = _bare(typed)
        if not 11 <= len(plain) <= 14:
            raise NotATrackingNumber(_SHAPE)
        front, tail = plain[:-9], plain[-9:].translate(_LOOKALIKES)
        node = f"kl-{front[2:]}" if front.startswith("KL") else front
        if _NODE.fullmatch(node) is None or any(letter not in ALPHABET for letter in tail):
            raise NotATrackingNumber(_SHAPE)
        number = cls(node, tail[:8])
        if str(number)[-1] != tail[8]:
            raise NotATrackingNumber(_SLIP if _formed(typed, front) else _SHAPE)
        return number


def _formed(typed: str, front: str) -> bool:
    """Say whether what was typed has the form of a number: a telephone's 08… is of no region.

    Where dashes stand elsewhere than in a number, characters are missing or too many.
    """
    behind = [len(_bare(typed[dash.end() :])) for dash in re.finditer(r"[\s-]+", typed.strip())]
    of_a_region = front == "00" or not front.startswith("0")
    return of_a_region and all(count > 9 or count in {9, 5, 1} for count in behind)


def as_compared(typed: str) -> str:
    """Give what a person typed of such characters as it is compared: one case, no look-alikes."""
    return _bare(typed).translate(_LOOKALIKES)


def _bare(typed: str) -> str:
    return re.sub(r"[\s-]", "", typed).upper()


def check_character(text: str) -> str:
    """Give Luhn's check character modulo 32: finds every single slip, nearly every swap."""
    total = 0
    for place, letter in enumerate(reversed(text.translate(_LOOKALIKES))):
        value = ALPHABET.index(letter) * (2 - place % 2)
        total += value // 32 + value % 32
    return ALPHABET[-total % 32]
