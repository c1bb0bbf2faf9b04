"""A silent agency, on real engines."""

from __future__ import annotations

import pytest

from tests.journeys.test_silence import test_a_silent_agency_misses_its_deadline

__all__ = ["test_a_silent_agency_misses_its_deadline"]

pytestmark = [pytest.mark.connected, pytest.mark.slow, pytest.mark.usefixtures("demanded")]
