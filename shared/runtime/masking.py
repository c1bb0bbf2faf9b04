"""What must not stand in a log: personal data by its name, secrets by their shape."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import islice
from typing import Any

MASK = "[masked]"
LONGEST_TEXT, MOST_ITEMS, DEEPEST = 500, 50, 6

WORDS = frozenset(
    {"name", "email", "phone", "nik", "title", "text", "address", "birth", "location"}
    | {"latitude", "longitude", "contact", "contacts", "description", "comment", "reply", "note"}
    | {"content", "body", "payload", "authorization", "cookie", "credential", "credentials"}
    | {"password", "pin", "secret", "token"}
    | {"nama", "surel", "telepon", "alamat", "isi", "judul", "sandi"}
)
"""A field is masked where one of these is a word of its name: ``reporter_email``."""
HARMLESS = frozenset({"service_name", "topic_name"})

_SHAPES = (
    (re.compile(r"(://[^/\s:@]*):[^/\s]*@"), r"\1:***@"),
    (re.compile(r"\b(bearer|basic)\s+[\w.~+/=-]{8,}", re.IGNORECASE), r"\1 ***"),
    (re.compile(r"\beyJ[\w-]+\.[\w-]*(\.[\w-]*)?"), "***"),
    (
        re.compile(
            r"((?:\bpin|token|password|passwd|secret|_key|[?&]code)\s*[=:]\s*)[^\s&;,]+",
            re.IGNORECASE,
        ),
        r"\1***",
    ),
    (re.compile(r"[\w.+%-]{1,64}@[\w-]+(\.[\w-]+)+"), "***"),
    (re.compile(r"(?<![\w-])(\+?62|0)[ -]?8[\d -]{7,13}\d\b"), "***"),
    (re.compile(r"(?<![\w.-])\d{16}(?![\w.-])"), "***"),
)
"""Passwords in addresses, tokens, secrets in queries, e-mail, mobile numbers, NIK; the last
two in digits of any script."""
_SUSPECT = re.compile(
    r"://|@|eyJ|\d[\d -]{8}|pin|token|passw|secret|_key|code=|bearer|basic", re.IGNORECASE
)
"""Found where one of the shapes may be; most texts have none of it."""


def masked(event: Mapping[str, Any]) -> dict[str, Any]:
    """Give an event without what must not stand there, bounded in every direction."""
    return {
        str(key)[:80]: _value("" if key == "event" else str(key), value, 0)
        for key, value in event.items()
    }


def masked_text(text: str) -> str:
    """Mask secrets and people in a text, and bound it."""
    cut = text[: LONGEST_TEXT * 2]
    if _SUSPECT.search(cut):
        for shape, instead in _SHAPES:
            cut = shape.sub(instead, cut)
    more = len(text) - LONGEST_TEXT
    whole = cut if more <= 0 else f"{cut[:LONGEST_TEXT]}… (+{more})"
    return whole if whole.isascii() else whole.encode(errors="replace").decode()


def plain(value: object) -> str:
    """Give the text of anything, even of what cannot tell it."""
    try:
        return str(value)
    except Exception as failure:  # noqa: BLE001 - a line of a log must not stop who logs
        return f"a {type(value).__name__} without a text ({type(failure).__name__})"


@lru_cache(maxsize=2048)
def personal(name: str) -> bool:
    """Say whether a field of this name may hold something of a person, or a secret."""
    if name in HARMLESS:
        return False
    spread = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return not WORDS.isdisjoint(re.split(r"[^a-z0-9]+", spread))


def _value(key: str, value: Any, depth: int) -> Any:  # noqa: ANN401 - whatever is logged
    if value is None or isinstance(value, bool):
        return value
    if personal(key):
        return MASK
    if isinstance(value, (Mapping, list, tuple, set, frozenset)):
        return _many(value, depth + 1) if depth < DEEPEST else "…"
    if isinstance(value, float) or (isinstance(value, int) and abs(value) < 2**63):
        return value
    if isinstance(value, (bytes, bytearray, memoryview)):
        return f"{len(value)} bytes"
    return masked_text(plain(value))


def _many(value: Any, depth: int) -> Any:  # noqa: ANN401
    if isinstance(value, Mapping):
        items = islice(value.items(), MOST_ITEMS)
        return {plain(name)[:80]: _value(plain(name), inner, depth) for name, inner in items}
    return [_value("", inner, depth) for inner in islice(value, MOST_ITEMS)]
