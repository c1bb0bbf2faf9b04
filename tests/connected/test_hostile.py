"""Records that our client cannot decode, on Kafka, which takes what it does not look into."""

from __future__ import annotations

import pytest

from tests.journeys.test_hostile import (
    test_a_record_that_cannot_be_decoded_is_reported_and_costs_no_other,
    test_what_was_reported_is_not_heard_again,
)

__all__ = [
    "test_a_record_that_cannot_be_decoded_is_reported_and_costs_no_other",
    "test_what_was_reported_is_not_heard_again",
]

pytestmark = [pytest.mark.connected, pytest.mark.slow, pytest.mark.usefixtures("demanded")]
