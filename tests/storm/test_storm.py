"""A minute of storm: no promise is broken."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import pytest

from deploy.engines.choose import Engines
from tests.storm.storm import Weather, a_world, weather_the_storm


@pytest.mark.slow
def test_no_promise_is_broken_in_a_storm(breakable: Engines, tmp_path: Path) -> None:
    """Ten processes and both engines fail at random; all that was accepted is everywhere, once."""
    minutes = float(os.environ.get("KENTONGAN_STORM_MINUTES", "1"))
    seed = int(os.environ.get("KENTONGAN_STORM_SEED", str(secrets.randbelow(10**6))))
    with a_world(breakable, tmp_path) as world:
        counts = weather_the_storm(world, Weather(minutes=minutes, seed=seed), print)
    print(counts)
    assert counts["killed"] > 0
    assert counts["accepted over HTTP"] > 0
    assert counts["acknowledged on the bus"] > 0
    assert counts["acts promised"] > 0
