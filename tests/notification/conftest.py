"""A mail server, and one notice that is due."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.engines.fixtures import store
from tests.notification.doubles import Room
from tests.notification.mail import MailHost

__all__ = ["store"]


@pytest.fixture
async def host() -> AsyncIterator[MailHost]:
    """Give a mail server that is up."""
    host = MailHost()
    async with host.up():
        yield host


@pytest.fixture
def room() -> Room:
    """Give notification with one notice that is due."""
    room = Room()
    room.receive()
    room.contact()
    return room
