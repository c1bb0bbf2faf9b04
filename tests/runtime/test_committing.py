"""Committing at leisure loses no mark and commits nothing that is not ours."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from types import SimpleNamespace

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import CommitFailedError

from shared.runtime import alongside
from shared.runtime.bus import Group, KafkaIn, committing
from shared.runtime.bus.committing import Commits
from shared.runtime.figures import Batches

FIRST, SECOND = TopicPartition("complaints", 0), TopicPartition("complaints", 1)


class Client:
    """A consumer that fails as often as it is told to."""

    def __init__(self, *owned: TopicPartition, failures: int = 0) -> None:
        self.owned, self.failures = set(owned), failures
        self.committed: list[dict[TopicPartition, int]] = []
        self._coordinator: SimpleNamespace | None = SimpleNamespace(generation=1)

    def assignment(self) -> set[TopicPartition]:
        return self.owned

    async def commit(self, ends: Mapping[TopicPartition, int]) -> None:
        await asyncio.sleep(0)
        if self.failures:
            self.failures -= 1
            raise CommitFailedError
        self.committed.append(dict(ends))


async def test_what_was_heard_in_between_is_committed_once() -> None:
    """The newest end of each partition goes out, and only while the partition is owned."""
    client = Client(FIRST)
    commits = Commits(lambda: client)
    commits.note({FIRST: 3, SECOND: 9})
    commits.note({FIRST: 5})
    await commits.commit()
    await commits.commit()
    assert client.committed == [{FIRST: 5}]


async def test_a_commit_that_failed_is_made_again_with_what_came_since() -> None:
    """An older end never replaces a newer one."""
    client = Client(FIRST, SECOND, failures=1)
    commits = Commits(lambda: client)
    commits.note({FIRST: 3, SECOND: 1})
    under_way = asyncio.create_task(commits.commit())
    await asyncio.sleep(0)
    commits.note({FIRST: 5})
    await under_way
    await commits.commit()
    assert client.committed == [{FIRST: 5, SECOND: 1}]


async def test_a_commit_that_is_broken_off_is_left_for_the_last_one() -> None:
    """Who stops commits what it has heard, and goes on with nothing else."""
    client = Client(FIRST)
    commits = Commits(lambda: client)
    commits.note({FIRST: 3})
    under_way = asyncio.create_task(commits.commit())
    await asyncio.sleep(0)
    under_way.cancel()
    await asyncio.gather(under_way, return_exceptions=True)
    assert under_way.cancelled()
    await commits.commit()
    assert client.committed == [{FIRST: 3}]


async def test_nothing_is_committed_of_partitions_dealt_anew() -> None:
    """They are heard from where their group has got to."""
    client = Client(FIRST)
    commits = Commits(lambda: client)
    commits.note({FIRST: 3})
    commits.forget()
    await commits.commit()
    assert client.committed == []


@pytest.mark.parametrize("group", [SimpleNamespace(generation=-1), None])
async def test_whom_the_group_gave_up_commits_nothing(group: SimpleNamespace | None) -> None:
    """Another may have written since what this one heard as a repeat, and died untold."""
    client = Client(FIRST)
    commits = Commits(lambda: client)
    commits.note({FIRST: 3})
    client._coordinator = group
    await commits.commit()
    assert client.committed == []


async def test_a_process_commits_on_after_its_client_failed_otherwise_than_the_bus_does(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody would notice until its partitions are dealt anew, and all of it comes again."""
    monkeypatch.setattr(alongside, "AGAIN", 0)
    monkeypatch.setattr(committing, "EVERY", 0)
    failed, done = asyncio.Event(), asyncio.Event()

    class Odd(Client):
        def assignment(self) -> set[TopicPartition]:
            if not failed.is_set():
                failed.set()
                raise AttributeError("the client lost its broker")
            return super().assignment()

        async def commit(self, ends: Mapping[TopicPartition, int]) -> None:
            await super().commit(ends)
            done.set()

    client = Odd(FIRST)

    async def hear(*_batch: object) -> None:
        raise AssertionError("nothing is fetched")

    group = Group("g", ["complaints"], [], 10, 0.1)
    hearing = KafkaIn("127.0.0.1:1", "embedded", group, hear, Batches())
    monkeypatch.setattr(hearing, "_broker", SimpleNamespace(start=_nothing, stop=_nothing))
    monkeypatch.setattr(hearing, "_subscriber", SimpleNamespace(consumer=client))
    await hearing.start()
    try:
        hearing._commits.note({FIRST: 3})
        async with asyncio.timeout(10):
            await failed.wait()
            hearing._commits.note({FIRST: 5})
            await done.wait()
    finally:
        for task in hearing._tasks:
            task.cancel()
        await asyncio.gather(*hearing._tasks, return_exceptions=True)
    assert client.committed == [{FIRST: 5}]
    assert "task_failed" in {record.message for record in caplog.records}


async def _nothing() -> None:
    """Stand for a broker that starts and stops."""
