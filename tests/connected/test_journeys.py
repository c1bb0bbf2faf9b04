"""The journeys of people and of a publisher, on real engines."""

from __future__ import annotations

import pytest

from tests.journeys.test_growing_old import test_a_node_grows_old
from tests.journeys.test_people import (
    test_a_complaint_is_answered,
    test_the_same_request_twice_is_one_complaint,
    test_the_wrong_agency_sends_it_back,
    test_what_is_missing_is_asked_for,
    test_what_no_rule_decides_waits_for_the_coordinator,
    test_what_nobody_can_act_on_is_archived,
)
from tests.journeys.test_publisher import (
    test_a_broken_record_gets_a_receipt_that_says_why,
    test_a_record_becomes_a_complaint,
    test_a_record_is_read_however_it_is_compressed,
    test_the_same_record_twice_is_one_complaint,
    test_what_a_reporter_takes_back_is_taken_back,
)
from tests.journeys.test_together import (
    test_a_picture_is_seen_by_the_agency_that_has_the_case_and_each_look_is_written_down,
    test_an_objection_is_decided_by_who_had_no_part_in_the_case,
    test_reports_of_the_same_matter_are_answered_together,
    test_several_agencies_answer_with_one_voice,
)
from tests.journeys.test_windows import (
    test_an_older_count_behind_a_newer_one_is_named_and_mended,
)

__all__ = [
    "test_a_broken_record_gets_a_receipt_that_says_why",
    "test_a_complaint_is_answered",
    "test_a_node_grows_old",
    "test_a_picture_is_seen_by_the_agency_that_has_the_case_and_each_look_is_written_down",
    "test_a_record_becomes_a_complaint",
    "test_a_record_is_read_however_it_is_compressed",
    "test_an_objection_is_decided_by_who_had_no_part_in_the_case",
    "test_an_older_count_behind_a_newer_one_is_named_and_mended",
    "test_reports_of_the_same_matter_are_answered_together",
    "test_several_agencies_answer_with_one_voice",
    "test_the_same_record_twice_is_one_complaint",
    "test_the_same_request_twice_is_one_complaint",
    "test_the_wrong_agency_sends_it_back",
    "test_what_a_reporter_takes_back_is_taken_back",
    "test_what_is_missing_is_asked_for",
    "test_what_no_rule_decides_waits_for_the_coordinator",
    "test_what_nobody_can_act_on_is_archived",
]

pytestmark = [pytest.mark.connected, pytest.mark.slow]
