"""How complaints and requests get their ids; and how a tracking number is read."""

from __future__ import annotations

import uuid

from shared.contracts.fact import name_uuid
from shared.contracts.tracking import NotATrackingNumber, TrackingNumber
from shared.runtime.document import Cause, Refused

CITIZEN = "citizen"
"""The channel of those who come without a publisher; no publisher may have this name."""


def of_request(channel: str, request: str) -> str:
    """Derive an id from who asks and the asker's own name for the request (RFC 9562, UUIDv5)."""
    return name_uuid(f"{channel}/{request}")


def of_citizen(key: str) -> str:
    """Derive an id from the key of somebody without an account."""
    return of_request(CITIZEN, key)


def of_moment(milliseconds: int, chance: bytes) -> str:
    """Make an id of the time and ten bytes of chance (RFC 9562, UUIDv7)."""
    number = int.from_bytes(milliseconds.to_bytes(6) + chance[:10])
    number = number & ~(0xF000 << 64) | 0x7000 << 64
    number = number & ~(0xC000 << 48) | 0x8000 << 48
    return str(uuid.UUID(int=number))


def number_of(typed: str) -> str:
    """Read a tracking number as people type it; raises Refused."""
    try:
        return str(TrackingNumber.read(typed))
    except NotATrackingNumber as mistake:
        raise Refused(
            422, "wrong_number", f"This is no tracking number: {mistake}.", "tracking_number"
        ) from None


def request_of_citizen(key: str, trace: str, *, named: bool = True) -> Cause:
    """Name what somebody without an account asks under a key; ``named``: the asker has sent it."""
    identity = f"{CITIZEN}/{key}"
    return Cause(identity, request=identity, by="reporter", trace=trace, named=named)
