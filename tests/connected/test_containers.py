"""A journey on engines in containers, started through testcontainers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from deploy.engines.cache import Cache
from deploy.engines.choose import Engines, real_demanded
from deploy.engines.containers import container_broker, container_store
from deploy.engines.daemon import docker_answers
from tests.harness.fixtures import running
from tests.journeys.test_people import test_a_complaint_is_answered

__all__ = ["test_a_complaint_is_answered"]

pytestmark = [pytest.mark.docker, pytest.mark.slow]


@pytest.fixture(scope="module")
def engines(engine_report: Callable[[str], None]) -> Iterator[Engines]:
    """Give engines in containers; say aloud where there are none."""
    if not docker_answers():
        pytest.skip("no Docker daemon answers")
    fetch = real_demanded()
    broker = container_broker(Cache.of(), fetch=fetch)
    store = container_store(Cache.of(), fetch=fetch)
    if broker is None or store is None:
        pytest.skip("Docker has no image of it: run `make test-real`")
    yield from running(Engines(broker, store), engine_report)
