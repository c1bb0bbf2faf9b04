"""What dies is started again and said so; what is stopped is gone soon."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from deploy.engines.engine import EngineFailed
from deploy.engines.family import descendants
from deploy.engines.ports import free_port
from deploy.keeping import PAUSES, STEADY, Watched, last_lines, next_port, why
from deploy.parts import Launch, Program, get, is_free
from deploy.supervisor import CannotStart, Supervisor, trim


def test_a_first_death_is_followed_by_a_start_at_once() -> None:
    """What has died once is due immediately, what dies again waits longer each time."""
    watched = Watched().started(0.0).answered(1.0)
    pauses = []
    for _ in range(8):
        watched = watched.died(10.0)
        pauses.append(watched.next_at - 10.0)
        assert watched.due(watched.next_at)
        watched = watched.started(10.0).answered(10.0)
    assert pauses == [*PAUSES, PAUSES[-1], PAUSES[-1]]


def test_a_steady_process_is_forgiven() -> None:
    """After a while of running well the pauses begin from the first again."""
    watched = Watched(deaths=5, ever_up=True).started(0.0).answered(1.0)
    assert watched.died(1.0 + STEADY).next_at == 1.0 + STEADY
    assert watched.died(2.0).next_at == 2.0 + PAUSES[-1]


def test_what_never_answered_is_given_up_in_the_end() -> None:
    """Three deaths before the first answer are hopeless; later ones never are."""
    watched = Watched()
    for _ in range(3):
        assert not watched.hopeless
        watched = watched.started(0.0).died(0.0)
    assert watched.hopeless
    assert not Watched(deaths=99, ever_up=True).hopeless


def test_a_taken_port_gives_way_to_the_next() -> None:
    """The wanted port, else the first after it that is free and promised to nobody."""
    assert next_port(8000, [], lambda _port: True) == 8000
    assert next_port(8000, [8001], lambda port: port != 8000) == 8002
    with pytest.raises(OSError, match="--port"):
        next_port(65_530, [], lambda _port: False)


def test_an_end_is_told_in_words() -> None:
    """A signal and a status are told apart."""
    assert why(-9) == "was killed by signal 9"
    assert why(3) == "ended with status 3"


def test_last_words_are_bounded() -> None:
    """Twenty lines at most, none without end, and a sentence where nothing was said."""
    quoted = last_lines("\n".join(["x" * 5000] * 100))
    assert len(quoted.splitlines()) == 21
    assert len(quoted) < 20 * 320
    assert "said nothing" in last_lines("")


def test_a_log_is_bounded(tmp_path: Path) -> None:
    """A log that has grown too long starts afresh, and what it held last stands beside it."""
    log = tmp_path / "log"
    with log.open("ab") as file:
        file.write(b"old" * 100)
        file.flush()
        assert not trim(log, 1000)
        assert trim(log, 100)
        file.write(b"new")
    assert log.read_bytes() == b"new"
    assert len((tmp_path / "log.1").read_bytes()) == 50


@dataclass
class Pretended:
    """A part that does what a test wants."""

    name: str
    logs: Sequence[Path] = ()
    layer: int = 1
    lives: bool = False
    ready: bool = True
    starts: int = 0
    fails: int = 0
    stopped: list[float] = field(default_factory=list)
    frozen: bool = False

    def start(self) -> None:
        self.starts += 1
        if self.starts <= self.fails:
            raise EngineFailed("no room")
        self.lives = True

    def alive(self) -> bool:
        return self.lives

    def code(self) -> int | None:
        return -9

    def answers(self) -> bool:
        return self.ready

    def pause(self) -> None:
        self.frozen = True

    def resume(self) -> None:
        self.frozen = False

    def stop(self, grace: float) -> None:
        self.lives = False
        self.stopped.append(time.monotonic())


@asynccontextmanager
async def _supervisor() -> AsyncIterator[tuple[Supervisor, list[str]]]:
    said: list[str] = []
    supervisor = Supervisor(said.append)
    try:
        yield supervisor, said
    finally:
        await supervisor.stop(0.5)


async def _until(condition: Callable[[], bool], patience: float = 20.0) -> None:
    async with asyncio.timeout(patience):
        while not condition():  # noqa: ASYNC110 - what changes is in threads and processes
            await asyncio.sleep(0.02)


async def test_what_dies_is_started_again_and_said_so() -> None:
    """One line tells of the death and one of the return; what must follow a start follows."""
    part, afterwards = Pretended("broker"), []
    async with _supervisor() as (supervisor, said):

        async def after() -> None:
            afterwards.append(part.starts)

        await supervisor.start([part], afterwards=after)
        assert (part.starts, said) == (1, [])
        part.lives = False
        await _until(lambda: len(said) == 2)
        assert said[0] == "broker was killed by signal 9; it is started again now"
        assert said[1].startswith("broker answers again after")
        assert afterwards == [1, 2]
    assert not part.lives


async def test_services_wait_frozen_until_the_topics_are_there() -> None:
    """While a broker is started again nobody can ask it for a topic before it is created."""
    broker, service, frozen = Pretended("broker", layer=0), Pretended("intake"), []
    async with _supervisor() as (supervisor, said):

        async def create() -> None:
            frozen.append(service.frozen)

        await supervisor.start([broker], afterwards=create)
        await supervisor.start([service])
        broker.lives = False
        await _until(lambda: len(said) == 2)
        assert frozen == [False, True]
        assert not service.frozen


async def test_what_never_starts_is_told_with_its_last_words(tmp_path: Path) -> None:
    """The error names the part, its last lines and its log."""
    log = tmp_path / "routing.log"
    log.write_text("the reason\n")
    async with _supervisor() as (supervisor, _):
        with pytest.raises(CannotStart, match=r"(?s)routing does not start.*routing.log.*reason"):
            await supervisor.start([Pretended("routing", [log], fails=99)])


async def test_what_is_never_ready_is_told_in_time(tmp_path: Path) -> None:
    """Patience ends, also for what lives and does not answer."""
    async with _supervisor() as (supervisor, _):
        with pytest.raises(CannotStart, match="not ready"):
            await supervisor.start([Pretended("slow", ready=False)], patience=0.5)


async def test_engines_end_after_what_stands_on_them() -> None:
    """Services are stopped first, then the ground under their feet."""
    ground, house = Pretended("store", layer=0), Pretended("intake")
    async with _supervisor() as (supervisor, _):
        await supervisor.start([ground])
        await supervisor.start([house])
    assert house.stopped < ground.stopped


async def test_a_real_process_is_kept_and_ended(tmp_path: Path) -> None:
    """A killed server answers again under the same supervisor, and is gone after the stop."""
    port = free_port()
    server = Program(
        "server",
        tmp_path / "server.log",
        lambda: Launch("http.server", (str(port), "--bind", "127.0.0.1")),
        lambda: get(port, "/") == 200,
    )
    async with _supervisor() as (supervisor, said):
        await supervisor.start([server])
        child = next(pid for pid in descendants(os.getpid()) if _runs(pid, port))
        os.kill(child, signal.SIGKILL)
        await _until(lambda: len(said) == 2)
        assert get(port, "/") == 200
        began = time.monotonic()
    assert time.monotonic() - began < 3
    assert is_free(port)


def _runs(pid: int, port: int) -> bool:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return False
    return command[0] == sys.executable and str(port) in command
