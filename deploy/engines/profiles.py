"""The client settings that each kind of broker needs."""

from __future__ import annotations

from typing import TypedDict

from .engine import Profile


class ProducerSettings(TypedDict):
    """What a producer must be told, besides the address."""

    acks: str
    enable_idempotence: bool


class ConsumerSettings(TypedDict, total=False):
    """What a consumer must be told, besides the address."""

    session_timeout_ms: int
    heartbeat_interval_ms: int
    rebalance_timeout_ms: int


def producer_settings(profile: Profile) -> ProducerSettings:
    """Ask for idempotence where the broker can: aiokafka's way is beyond the embedded one."""
    return {"acks": "all", "enable_idempotence": profile == "real"}


def consumer_settings(profile: Profile) -> ConsumerSettings:
    """Shorten the sessions of the embedded broker, whose joins last as long as a heartbeat."""
    if profile == "real":
        return {}
    return {
        "session_timeout_ms": 3000,
        "heartbeat_interval_ms": 500,
        "rebalance_timeout_ms": 3000,
    }
