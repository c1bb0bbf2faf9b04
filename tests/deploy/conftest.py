"""What the tests of deploy share."""

from __future__ import annotations

import pytest

from deploy.engines.ports import free_port
from tests.engines.fixtures import broker, lasting_store

__all__ = ["broker", "lasting_store", "unused_address"]


@pytest.fixture
def unused_address() -> str:
    """Give an address at which nobody listens."""
    return f"127.0.0.1:{free_port()}"
