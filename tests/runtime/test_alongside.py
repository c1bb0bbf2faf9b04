"""Work that goes on beside a block."""

from __future__ import annotations

import asyncio

import pytest

from shared.runtime.alongside import alongside


async def test_work_that_fails_is_begun_again_and_said_to_have_failed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A register that nobody reads any more would be missed hours later, by its reader."""
    begun, again = 0, asyncio.Event()

    async def work() -> None:
        nonlocal begun
        begun += 1
        if begun == 1:
            raise AttributeError("the client lost its broker")
        again.set()
        await asyncio.Event().wait()

    async with alongside("register", work):
        await asyncio.wait_for(again.wait(), 10)
    said = [(record.message, vars(record)["task"]) for record in caplog.records]
    assert said == [("task_failed", "register")]
    assert begun == 2


async def test_who_is_cancelled_while_the_work_ends_does_not_go_on() -> None:
    """Waiting for what ends must not take the end of the one who waits for its own."""
    ending, passed = asyncio.Event(), False

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ending.set()
            await asyncio.Event().wait()

    async def outer() -> None:
        nonlocal passed
        async with alongside("register", work):
            await asyncio.sleep(0)
        passed = True

    going = asyncio.create_task(outer())
    await asyncio.wait_for(ending.wait(), 10)
    going.cancel()
    await asyncio.wait([going], timeout=10)
    assert (going.cancelled(), passed) == (True, False)
