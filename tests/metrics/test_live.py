"""One look for all listeners; a slow one gets the newest and holds nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from shared.runtime.document import Refused
from shared.ui import Live, live


class Counter:
    """Something that changes at every look."""

    def __init__(self) -> None:
        self.looks = 0

    async def look(self) -> Mapping[str, Any]:
        self.looks += 1
        return {"moving": self.looks, "still": 7}


def _text(parts: Mapping[str, Any], first: bool) -> bytes:  # noqa: FBT001
    return f"{'all' if first else 'news'} {dict(parts)}".encode()


async def _begin(feed: Live) -> AsyncIterator[bytes]:
    stream = feed.listen()
    assert await anext(stream) == live.RETRY
    return stream


async def test_a_slow_listener_gets_the_newest() -> None:
    """While it does not read, what is newer takes the place of what it missed."""
    counter = Counter()
    feed = Live(counter.look, _text, tick=0)
    slow = await _begin(feed)
    assert await anext(slow) == b"all {'moving': 1, 'still': 7}"
    async with asyncio.timeout(10):
        while counter.looks < 1000:  # noqa: ASYNC110  # looks are what it waits for
            await asyncio.sleep(0)
    (listening,) = feed._listeners
    assert len(listening.waiting) == 1
    kind, newest = (await anext(slow)).decode().split(" ", 1)
    assert (kind, newest) == ("news", f"{{'moving': {counter.looks}}}")
    feed.close()


async def test_nobody_looks_when_nobody_listens() -> None:
    """The last listener that goes ends the looking; the next begins it anew."""
    counter = Counter()
    feed = Live(counter.look, _text, tick=0)
    first, second = await _begin(feed), await _begin(feed)
    await anext(first)
    await first.aclose()  # type: ignore[attr-defined]
    assert feed._looking is not None
    await second.aclose()  # type: ignore[attr-defined]
    assert feed._looking is None
    assert not feed._listeners
    again = await _begin(feed)
    assert (await anext(again)).startswith(b"all")
    await again.aclose()


async def test_silence_is_broken_by_a_heartbeat(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing changes, a comment shows that the stream lives."""
    monkeypatch.setattr(live, "HEARTBEAT", 0.01)

    async def same() -> Mapping[str, Any]:
        return {"still": 7}

    feed = Live(same, _text, tick=0.001)
    stream = await _begin(feed)
    heard = [await anext(stream), await anext(stream)]
    assert live.BEAT in heard
    await stream.aclose()  # type: ignore[attr-defined]


async def test_there_are_only_so_many_listeners(monkeypatch: pytest.MonkeyPatch) -> None:
    """One more than that is told to read the page instead, and so is who comes at the end."""
    monkeypatch.setattr(live, "MOST_LISTENERS", 1)
    feed = Live(Counter().look, _text)
    stream = await _begin(feed)
    with pytest.raises(Refused):
        feed.response()
    feed.close()
    assert [each async for each in stream if each.startswith(b"retry")] == []
    with pytest.raises(Refused):
        feed.response()
