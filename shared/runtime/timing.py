"""Moments as the store keeps them: whole microseconds since 1970, so that they sort and page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
FOREVER = 2**62
"""The end of a window that reaches as far as there is anything, in microseconds."""


def micros(moment: datetime) -> int:
    """Turn a moment into microseconds since 1970."""
    return (moment - EPOCH) // MICROSECOND


def moment(micros_: int) -> datetime:
    """Turn microseconds since 1970 into a moment."""
    return EPOCH + timedelta(microseconds=micros_)
