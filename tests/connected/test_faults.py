"""What breaks while people work, on real engines."""

from __future__ import annotations

import pytest

from tests.journeys.test_faults import (
    test_an_engine_sleeps_for_a_while,
    test_every_service_is_killed_at_work,
    test_everything_ends_in_mid_work,
    test_the_broker_is_killed_and_comes_back,
    test_the_store_is_killed_and_comes_back,
)

__all__ = [
    "test_an_engine_sleeps_for_a_while",
    "test_every_service_is_killed_at_work",
    "test_everything_ends_in_mid_work",
    "test_the_broker_is_killed_and_comes_back",
    "test_the_store_is_killed_and_comes_back",
]

pytestmark = [pytest.mark.connected, pytest.mark.slow, pytest.mark.usefixtures("demanded")]
