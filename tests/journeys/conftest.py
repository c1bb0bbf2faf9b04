"""Journeys run on the engines that come with pip."""

from __future__ import annotations

import os

import pytest

from deploy.engines.choose import Engines
from tests.harness.fixtures import breakable, embedded_engines, quoted, world

__all__ = ["breakable", "embedded_engines", "engines", "quoted", "world"]


@pytest.fixture(scope="session")
def engines(embedded_engines: Engines) -> Engines:
    """Give the engines to run on."""
    return embedded_engines


@pytest.fixture(scope="session")
def many() -> int:
    """Give how many hostile records are sent on each topic; 20000 for a long night."""
    return int(os.environ.get("KENTONGAN_HOSTILE", "400"))
