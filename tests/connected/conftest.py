"""The same journeys and storms on Apache Kafka and a real store.

With ``KENTONGAN_ENGINES=real`` they are demanded; otherwise they are used where they are already,
and what takes minutes is left to ``make test-real``, which the report says aloud.
"""

from __future__ import annotations

import os

import pytest

from deploy.engines.choose import Engines
from tests.conftest import WANTS_REAL
from tests.connected.guarded import guarded
from tests.harness.fixtures import breakable, quoted, real_engines, world

__all__ = ["breakable", "demanded", "engines", "guarded", "quoted", "real_engines", "world"]


@pytest.fixture(scope="session")
def engines(real_engines: Engines) -> Engines:
    """Give the engines to run on."""
    return real_engines


@pytest.fixture(scope="session")
def demanded() -> None:
    """Leave what takes minutes to who asks for real engines."""
    if not WANTS_REAL:
        pytest.skip("minutes on real engines: run `make test-real`")


@pytest.fixture(scope="session")
def many() -> int:
    """Give how many hostile records are sent on each topic; 20000 for a long night."""
    return int(os.environ.get("KENTONGAN_HOSTILE", "3000"))
