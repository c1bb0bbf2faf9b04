"""A minute of storm, on real engines."""

from __future__ import annotations

import pytest

from tests.storm.test_storm import test_no_promise_is_broken_in_a_storm

__all__ = ["test_no_promise_is_broken_in_a_storm"]

pytestmark = [pytest.mark.connected, pytest.mark.slow, pytest.mark.usefixtures("demanded")]
