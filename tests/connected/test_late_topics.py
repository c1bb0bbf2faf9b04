"""Topics that are made late, or by somebody else, on Apache Kafka."""

from __future__ import annotations

import pytest

from tests.journeys.test_late_topics import (
    test_a_service_does_not_work_on_a_topic_of_another_size,
    test_a_service_waits_for_its_topics,
)

__all__ = [
    "test_a_service_does_not_work_on_a_topic_of_another_size",
    "test_a_service_waits_for_its_topics",
]

pytestmark = [pytest.mark.connected, pytest.mark.slow, pytest.mark.usefixtures("demanded")]
