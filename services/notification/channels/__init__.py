"""Senders to the outside: e-mail over SMTP, SMS and chat over HTTP gateways."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from services.notification.domain.message import Message, Outcome


class ChannelAway(Exception):
    """The channel takes nothing just now; nothing was handed over."""


class Channel(Protocol):
    """One connection by which messages are handed over, one after the other."""

    async def open(self) -> None:
        """Connect unless connected. Raises ChannelAway."""

    async def send(self, message: Message, at: datetime) -> Outcome:
        """Hand over one message, and say how that ended; never raises."""

    async def close(self) -> None:
        """Let go of the connection."""

    def abort(self) -> None:
        """Let go of it at once; a message in hand ends by that."""


Channels = Mapping[str, Callable[[], Channel]]
"""How a connection is made, by the name of the channel; one that is not set is not there."""
