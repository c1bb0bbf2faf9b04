"""A process comes back to the bus whatever becomes of its former client."""

from __future__ import annotations

import asyncio

import pytest

from shared.runtime.bus import leaving


class Stuck:
    """A client that joined a bus which died, and waits for it."""

    async def stop(self) -> None:
        await asyncio.Event().wait()


async def test_a_client_that_never_ends_is_left_behind(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The stop comes to its end, and the log names the group."""
    monkeypatch.setattr(leaving, "LEAVING", 0.01)
    async with asyncio.timeout(10):
        await leaving.leave(Stuck(), "kentongan.8171.followup")
    (said,) = caplog.records
    assert (said.message, vars(said)["group"]) == (
        "consumer_left_behind",
        "kentongan.8171.followup",
    )
