"""Parts of a file, locked with the file's own key: AES-256-GCM, each part bound to its place.

The key stands in the document of the complaint and nowhere else: not in a fact, not on the bus.
Where the document loses it, nobody opens the file any more. A key locks one file once, so that the
number of a part is a nonce that never comes twice (NIST SP 800-38D 8.2.1).
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

LONGER = 16
"""Bytes by which a locked part is longer than what is in it."""
_KEY = 32


def new_key() -> str:
    """Draw a key, as hexadecimal digits."""
    return secrets.token_hex(_KEY)


def seal_part(key: str, file: str, nth: int, content: bytes) -> bytes:
    """Lock one part of a file."""
    return AESGCM(bytes.fromhex(key)).encrypt(_nonce(nth), content, file.encode())


def open_part(key: str, file: str, nth: int, locked: bytes) -> bytes | None:
    """Open one part; None where it is not that part, or was changed."""
    try:
        return AESGCM(bytes.fromhex(key)).decrypt(_nonce(nth), locked, file.encode())
    except InvalidTag:
        return None


def _nonce(nth: int) -> bytes:
    return nth.to_bytes(12)
