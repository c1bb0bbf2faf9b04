"""The counter at which requests are taken: gathered for a moment, judged and written together."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Generic

from shared.runtime.asking import Ask, Desk, Judge
from shared.runtime.document import Document, Refused, State
from shared.runtime.ports import Away

GATHER = 0.003
"""Seconds a first request waits for company."""
MOST_TOGETHER = 200
MOST_WAITING = 5_000
PATIENCE = 8.0
"""Seconds after which a request is turned away because the store does not answer."""
AWAY = "Nothing can be stored now; try again later."


class Counter(Generic[State]):
    """Group commit: concurrent requests share one read and one write.

    ``told`` is given the documents that were written, to be told at leisure.
    """

    def __init__(
        self, desk: Desk[State], told: Callable[[Sequence[Document[State]]], None]
    ) -> None:
        """Take requests for a desk."""
        self._desk, self._told = desk, told
        self._waiting: deque[tuple[Ask[State], asyncio.Future[None]]] = deque()
        self._bell = asyncio.Event()

    async def ask(self, complaint: str, judge: Judge[State]) -> Document[State]:
        """Have a request judged; give the document as it is stored durably. Raises Refused."""
        if len(self._waiting) >= MOST_WAITING:
            raise Refused(503, "busy", "Too many requests are waiting; try again in a moment.")
        ask = Ask(complaint, judge)
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((ask, answer))
        self._bell.set()
        try:
            async with asyncio.timeout(PATIENCE):
                await answer
        except TimeoutError:
            raise Refused(503, "store_away", AWAY) from None
        if ask.failure is not None:
            raise ask.failure
        assert ask.after is not None  # noqa: S101  # the desk leaves one or the other
        return ask.after

    async def serve(self) -> None:
        """Serve until cancelled."""
        while True:
            await self._bell.wait()
            await asyncio.sleep(GATHER)
            taken: list[tuple[Ask[State], asyncio.Future[None]]] = []
            while self._waiting and len(taken) < MOST_TOGETHER:
                ask, answer = self._waiting.popleft()
                if not answer.done():  # otherwise whoever asked has gone
                    taken.append((ask, answer))
            if not self._waiting:
                self._bell.clear()
            await self._settle(taken)

    async def _settle(self, taken: Sequence[tuple[Ask[State], asyncio.Future[None]]]) -> None:
        failure: BaseException | None = None
        try:
            async with asyncio.timeout(PATIENCE):
                self._told(await self._until_answered([ask for ask, _ in taken]))
        except TimeoutError:
            failure = Refused(503, "store_away", AWAY)
        except asyncio.CancelledError:
            for _, answer in taken:
                answer.cancel()
            raise
        except Exception as broken:  # noqa: BLE001 - the counter goes on with the next requests
            failure = broken
        for _, answer in taken:
            if answer.done():
                continue
            if failure is None:
                answer.set_result(None)
            else:
                answer.set_exception(failure)

    async def _until_answered(self, asks: Sequence[Ask[State]]) -> list[Document[State]]:
        while True:
            try:
                return await self._desk.settle(asks)
            except Away:
                await asyncio.sleep(0.1)


class Mouth(Generic[State]):
    """Tells what requests have written, soon but at leisure; what it drops the relay tells."""

    def __init__(self, tell: Callable[[Sequence[Document[State]]], Any]) -> None:
        """Tell by a coroutine function."""
        self._tell = tell
        self._waiting: dict[str, Document[State]] = {}
        self._bell = asyncio.Event()

    def say(self, documents: Sequence[Document[State]]) -> None:
        """Take documents to be told; beyond a bound they are left to the relay."""
        for document in documents:
            if len(self._waiting) < MOST_WAITING or document.id in self._waiting:
                self._waiting[document.id] = document
        if self._waiting:
            self._bell.set()

    async def speak(self) -> None:
        """Tell until cancelled."""
        while True:
            await self._bell.wait()
            self._bell.clear()
            taken, self._waiting = self._waiting, {}
            documents = list(taken.values())
            for start in range(0, len(documents), MOST_TOGETHER):
                await self._tell(documents[start : start + MOST_TOGETHER])
