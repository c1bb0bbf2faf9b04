"""The PIN: derived, never stored; and how often a wrong one may be tried."""

from __future__ import annotations

import hmac
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

from shared.runtime.document import Refused

MOST_WRONG = 5
MOST_OF_ADDRESS = 60
"""PINs wrong, or asked for, from one address within the window: a carrier's is many people's."""
WINDOW = 15 * 60.0
"""Seconds for which wrong tries are counted together."""
MOST_REMEMBERED = 10_000
"""Names of which tries are remembered, in each table."""


@dataclass(frozen=True, slots=True)
class Pins:
    """Derives from one secret what must not be stored."""

    secret: bytes = field(repr=False)

    def of(self, complaint: str) -> str:
        """Give the PIN of a complaint: six digits."""
        digest = self._digest(b"pin", complaint.encode())
        return f"{int.from_bytes(digest[:8]) % 1_000_000:06d}"

    def fingerprint(self, said: bytes) -> str:
        """Recognise what was said without keeping it; nobody can try texts without the secret."""
        return self._digest(b"fingerprint", said).hex()[:32]

    def _digest(self, purpose: bytes, said: bytes) -> bytes:
        return hmac.digest(self.secret, purpose + b"/" + said, sha256)


class TooManyTries(Refused):
    """Too many wrong PINs for one number, or too much asked from one address."""

    def __init__(self, seconds: int) -> None:
        minutes = -(-seconds // 60)
        when = f"{minutes} minutes" if minutes > 1 else "a minute"
        detail = f"Too many tries; try again in {when}."
        super().__init__(429, "too_many_tries", detail)
        self.headers = {"Retry-After": str(seconds)}


class Guesses:
    """Counts, by name, what may be tried so many times within the window.

    Each process counts for itself and forgets when it ends: n processes allow n times as many
    tries, and who wears out the table with other names gets a few more, since the oldest goes.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, *, most: int = MOST_WRONG
    ) -> None:
        """Remember nothing yet; so many tries are taken within the window."""
        self._clock, self._most = clock, most
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def check(self, name: str) -> None:
        """Refuse while too many wrong tries are remembered."""
        count, since = self._wrong.get(name, (0, 0.0))
        left = since + WINDOW - self._clock()
        if count >= self._most and left > 0:
            raise TooManyTries(int(left) + 1)

    def note(self, name: str, *, right: bool) -> None:
        """Count a try, or forget those before a right one."""
        if right:
            self._wrong.pop(name, None)
            return
        now = self._clock()
        count, since = self._wrong.get(name, (0, now))
        if since + WINDOW <= now:
            self._wrong.pop(name)
            count, since = 0, now
        self._wrong[name] = (count + 1, since)
        if len(self._wrong) > MOST_REMEMBERED:
            self._wrong.popitem(last=False)
