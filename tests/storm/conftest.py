"""The storm rages on the engines that come with pip."""

from __future__ import annotations

import pytest

from deploy.engines.choose import Engines
from tests.harness.fixtures import breakable, embedded_engines

__all__ = ["breakable", "embedded_engines", "engines"]


@pytest.fixture(scope="session")
def engines(embedded_engines: Engines) -> Engines:
    """Give the engines to break."""
    return embedded_engines
