"""Hostile records, and those our client cannot decode, on Kafka, which looks into none."""

from __future__ import annotations

import pytest

from tests.journeys.test_hostile import (
    test_a_record_that_cannot_be_decoded_is_reported_and_costs_no_other,
    test_batches_as_large_as_a_message_may_be_are_heard_whole,
    test_what_was_reported_is_not_heard_again,
)
from tests.journeys.test_malice import test_a_flood_of_hostile_records_stops_nobody

__all__ = [
    "test_a_flood_of_hostile_records_stops_nobody",
    "test_a_record_that_cannot_be_decoded_is_reported_and_costs_no_other",
    "test_batches_as_large_as_a_message_may_be_are_heard_whole",
    "test_what_was_reported_is_not_heard_again",
]

pytestmark = [pytest.mark.connected, pytest.mark.slow, pytest.mark.usefixtures("demanded")]
