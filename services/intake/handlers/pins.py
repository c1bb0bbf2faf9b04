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
"""PINs asked for from one address within the window: a carrier's address is many people's."""
WINDOW = 15 * 60.0
"""Seconds for which wrong tries are counted together."""
MOST_REMEMBERED = 10_000
"""Numbers of which wrong tries are remembered; beyond, the oldest is forgotten."""


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
    """Counts wrong PINs per tracking number, whether there is such a number or not.

    Requests for a PIN are counted in the same way, per number and per address.
    Each process counts for itself and forgets when it ends: n processes allow n times as many
    tries, and who wears out the table with other numbers gets a few more. Five in a quarter of an
    hour and process still leave years for a million PINs. The price is that whoever knows a number
    can keep its reporter out for a quarter of an hour.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, *, most: int = MOST_WRONG
    ) -> None:
        """Remember nothing yet; so many tries are taken within the window."""
        self._clock, self._most = clock, most
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def check(self, number: str) -> None:
        """Refuse while too many wrong tries are remembered."""
        count, since = self._wrong.get(number, (0, 0.0))
        left = since + WINDOW - self._clock()
        if count >= self._most and left > 0:
            raise TooManyTries(int(left) + 1)

    def note(self, number: str, *, right: bool) -> None:
        """Count a try; to be called without waiting between the comparison and this."""
        if right:
            self._wrong.pop(number, None)
            return
        now = self._clock()
        count, since = self._wrong.get(number, (0, now))
        if since + WINDOW <= now:
            self._wrong.pop(number)
            count, since = 0, now
        self._wrong[number] = (count + 1, since)
        if len(self._wrong) > MOST_REMEMBERED:
            self._wrong.popitem(last=False)
