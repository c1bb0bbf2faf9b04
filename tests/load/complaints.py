"""Complaints to load a node with: seeded, of the size of a usual report, each with a rule."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

from deploy.bootstrap import ROOT

REGISTER = ROOT / "deploy" / "data" / "8171" / "register.json"
CITY = "81.71"
SIZE = 830
"""Bytes of one complaint on the wire."""
_TEXT = (
    "jalan lubang depan pasar sejak hujan air got lampu padam malam warga sekolah sampah truk "
    "kelurahan petugas laporan sudah belum mohon segera karena bahaya anak motor minggu lalu"
)
_WORDS = _TEXT.split()


def categories() -> tuple[str, ...]:
    """Give the categories for which the register has a rule in the whole city."""
    rules = json.loads(REGISTER.read_text("utf-8"))["rules"]
    return tuple(rule["category"] for rule in rules if rule["area"] == CITY)


def complaints(seed: int, first: int, count: int) -> Iterator[dict[str, Any]]:
    """Give complaints number ``first`` and on; the same seed gives the same ones."""
    chance = random.Random(f"{seed}/{first}")
    known = categories()
    for number in range(first, first + count):
        complaint: dict[str, Any] = {
            "title": " ".join(chance.choices(_WORDS, k=5)),
            "text": "",
            "category": chance.choice(known),
            "area": f"{CITY}.0{chance.randint(1, 5)}",
            "place": " ".join(chance.choices(_WORDS, k=3)),
            "reference": f"{seed}-{number:07d}",
        }
        room = SIZE - len(json.dumps(complaint))
        text = " ".join(chance.choices(_WORDS, k=room // 4))
        complaint["text"] = text[: max(20, room)].strip()
        yield complaint
