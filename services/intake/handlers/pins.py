"""The PINs of a report: derived, never stored."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field
from hashlib import sha256

from shared.contracts.tracking import ALPHABET, as_compared
from shared.runtime.document import Refused

_SHORT = re.compile(r"[0-9]{6}")
_LONG = re.compile(f"[{ALPHABET}]{{12}}")
ANOTHER_WAY = (
    " A long PIN, of letters and digits, is taken at once: it came with the number if you left no "
    "contact, else it is sent to the one you left, if you ask for it."
)


@dataclass(frozen=True, slots=True)
class Pins:
    """Derives from one secret what must not be stored."""

    secret: bytes = field(repr=False)

    def of(self, complaint: str) -> str:
        """Give the PIN of a complaint: six digits."""
        digest = self._digest(b"pin", complaint.encode())
        return f"{int.from_bytes(digest[:8]) % 1_000_000:06d}"

    def long(self, complaint: str) -> str:
        """Give the long PIN of a complaint: 60 bits, in three groups of four characters.

        It is sent to who asks for a lost PIN, and given with the number to who left no contact.
        Nobody guesses it, so it needs no lock.
        """
        bits = int.from_bytes(self._digest(b"long-pin", complaint.encode())[:8])
        letters = "".join(ALPHABET[bits >> shift & 31] for shift in range(55, -1, -5))
        return "-".join((letters[:4], letters[4:8], letters[8:]))

    def opens(self, complaint: str, pin: str) -> bool:
        """Say whether a PIN, as it was read, is one of a complaint's."""
        right = as_compared(self.long(complaint)) if is_long(pin) else self.of(complaint)
        return hmac.compare_digest(right.encode(), pin.encode())

    def name(self, said: str) -> str:
        """Name who tries what, so that nobody can read it from the store."""
        return self._digest(b"try", said.encode()).hex()[:32]

    def fingerprint(self, said: bytes) -> str:
        """Recognise what was said without keeping it; nobody can try texts without the secret."""
        return self._digest(b"fingerprint", said).hex()[:32]

    def _digest(self, purpose: bytes, said: bytes) -> bytes:
        return hmac.digest(self.secret, purpose + b"/" + said, sha256)


def read_pin(typed: str) -> str | None:
    """Read a PIN as people type it, the long one in any case, with or without dashes."""
    if _SHORT.fullmatch(typed):
        return typed
    plain = as_compared(typed) if typed.isascii() else ""
    return plain if _LONG.fullmatch(plain) else None


def is_long(pin: str) -> bool:
    """Say whether it is a long PIN, once it was read."""
    return _SHORT.fullmatch(pin) is None


class TooManyTries(Refused):
    """Too many wrong PINs for one number, or too much asked from one address."""

    def __init__(self, seconds: int, way: str = "") -> None:
        minutes = -(-seconds // 60)
        when = f"{minutes} minutes" if minutes > 1 else "a minute"
        detail = f"Too many tries; try again in {when}.{way}"
        super().__init__(429, "too_many_tries", detail)
        self.headers = {"Retry-After": str(seconds)}
