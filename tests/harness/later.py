"""Run a service as if some days had passed: ``python -m tests.harness.later services.followup``.

The product has no switch for its clock, so a test that cannot wait a week moves the one place
where every process reads the time.
"""

from __future__ import annotations

import os
import runpy
import sys
from datetime import UTC, datetime, timedelta

from shared.runtime.document import Circumstances
from shared.runtime.systemtime import SystemTime

DAYS = "KENTONGAN_TEST_DAYS_LATER"


def under(wall: SystemTime) -> Circumstances:
    """Give the time some days on, and the epoch of the store."""
    days = timedelta(days=float(os.environ[DAYS]))
    return Circumstances(datetime.now(UTC) + days, wall.epoch)


if __name__ == "__main__":
    SystemTime.under = under  # type: ignore[method-assign, assignment]
    runpy.run_module(sys.argv[1], run_name="__main__", alter_sys=True)
